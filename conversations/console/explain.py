"""Why a reply is what it is, out of its turn's trace, as the page shows it. No Django here but the models' rows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billing.prices import Cost, cost_of
from companion.providers.llm.tokens import estimate_tokens
from conversations.console import waterfall
from conversations.console.waterfall import Waterfall
from conversations.models import Message, TurnTrace
from moderation.console import verdicts
from moderation.console.verdicts import Verdict

NO_PRICE = "no price set"
FORGOTTEN = "forgotten by the fan"


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands below each reply."""

    chart: Waterfall | None
    tokens: str
    cost: str
    provider: str
    persona: str


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reply explained. `withheld` is what the model wrote and a rule kept back, `leaked` what the fan saw of it."""

    figures: Figures
    mood: tuple[str, str] | None
    schedule: tuple[str, ...]
    passages: tuple[Passage, ...]
    memories: tuple[str, ...]
    remarks: Sequence[Message]
    verdicts: Sequence[Verdict]
    withheld: str
    leaked: str
    parts: tuple[Part, ...]
    prompt_tokens: int
    sha256: str


def figures(trace: TurnTrace) -> Figures:
    used = trace.usage or {}
    asked, given = used.get("input_tokens"), used.get("output_tokens")
    cost = cost_of(trace.provider, trace.model, asked or 0, given or 0) if trace.provider else None
    version = trace.context.get("persona_version")
    return Figures(
        chart=waterfall.of(trace.timings_ms or {}),
        tokens=f"{asked:,} + {given:,}" if asked is not None and given is not None else "",
        cost=_cost(trace.provider, cost),
        provider=" · ".join(filter(None, [trace.provider, trace.model])),
        persona=f"v{version}" if version is not None else "",
    )


def _cost(provider: str, cost: Cost | None) -> str:
    if not provider:
        return ""
    if cost is None:
        return NO_PRICE
    return cost.text if cost.currency else "no cost"  # the offline models, where no price is set at all


def explain(trace: TurnTrace, remarks: Sequence[Message]) -> Explanation:
    """`remarks` are the messages of the window, oldest first. Inside `tenant(…)`."""
    context = trace.context
    mood = context.get("mood")
    withheld, leaked = kept_back(context.get("withheld"))
    parts = prompt_parts(trace.prompt)
    return Explanation(
        figures=figures(trace),
        mood=(mood[0], mood[1]) if mood else None,
        schedule=tuple(context.get("schedule") or ()),
        passages=tuple(Passage(p.get("title", ""), p.get("text", "")) for p in context.get("passages") or ()),
        memories=tuple(_memory(entry) for entry in context.get("memories") or ()),
        remarks=remarks,
        verdicts=verdicts.of_trace(trace.verdicts),
        withheld=withheld,
        leaked=leaked,
        parts=parts,
        prompt_tokens=sum(estimate_tokens(part.text) for part in parts),
        sha256=digest(trace.prompt),
    )


def kept_back(kept: Mapping[str, Any] | None) -> tuple[str, str]:
    """Of a trace's context: what the model wrote and a rule kept back, and what the fan saw of it before."""
    if not kept:
        return "", ""
    text = str(kept.get("text", ""))
    return text, text[: kept.get("shown", 0)]


def _memory(entry: Mapping[str, Any]) -> str:
    return FORGOTTEN if entry.get("forgotten") else str(entry.get("text", ""))


def digest(prompt: Any) -> str:
    """SHA-256 of the exact messages as canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(prompt, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def prompt_parts(prompt: Sequence[Mapping[str, str]]) -> tuple[Part, ...]:
    """The system message by its sections, then the window, then what was asked."""
    parts: list[Part] = []
    for at, message in enumerate(prompt):
        if message["role"] == "system":
            parts += [_section(section) for section in message["content"].split("\n\n")]
        elif at == len(prompt) - 1:
            parts.append(Part("asked", message["content"]))
        else:
            who = "fan" if message["role"] == "user" else "persona"
            parts.append(Part(f"window · {who}", message["content"]))
    return tuple(parts)


def _section(text: str) -> Part:
    title, listed, lines = text.partition(":\n")
    return Part(title, lines) if listed else Part("system", text)
