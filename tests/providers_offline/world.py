"""The demo artist as a fan meets her, without a database: her lines, a clock, a schedule, and talks that remember."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import companion
from companion.providers.llm.base import Grounding, Passage, ScheduleItem, Utterance
from companion.providers.llm.offline.composer import Reply, compose
from personas.contracts import PersonaSheet

DEMO = Path(companion.__file__).parent / "demo_data" / "aria.json"
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
MAX_TOKENS = 400
PASSAGES_A_TURN = 4


def demo() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DEMO.read_text(encoding="utf-8"))
    return content


def aria() -> Grounding:
    """Aria at NOW, for a fan called Robin, with nothing said yet."""
    content = demo()
    artist = content["artist"]
    return Grounding(
        persona=PersonaSheet.from_json(content["persona"]).lines(artist["name"], artist["pronoun"]),
        fan_name="Robin",
        facts=(),
        passages=(),
        mood=(content["moods"][0]["label"], content["moods"][0]["line"]),
        schedule=tuple(_item(entry) for entry in content["schedule"]),
        history=(),
        asked=(),
        now=NOW,
    )


def corpus() -> list[Passage]:
    return [Passage(str(n), p["kind"], p["title"], p["text"]) for n, p in enumerate(demo()["corpus"])]


def ask(grounding: Grounding, *messages: str, seed: str = "turn") -> Reply:
    return compose(replace(grounding, asked=messages), seed, MAX_TOKENS)


@dataclass
class Talk:
    """A conversation that goes on: what was said becomes history. Each turn gets other passages of the corpus."""

    grounding: Grounding
    seed: str = "talk"
    replies: list[Reply] = field(default_factory=list)
    # What each reply was made from.
    grounds: list[Grounding] = field(default_factory=list)

    def say(self, *messages: str, passages: Sequence[Passage] = ()) -> Reply:
        ground = replace(self.grounding, asked=messages, passages=tuple(passages))
        reply = compose(ground, f"{self.seed}:{len(self.replies)}", MAX_TOKENS)
        said = tuple(Utterance("fan", message) for message in messages)
        self.grounding = replace(ground, history=(*ground.history, *said, Utterance("persona", reply.text)))
        self.replies.append(reply)
        self.grounds.append(ground)
        return reply


def _item(entry: dict[str, Any]) -> ScheduleItem:
    starts, ends = (NOW + timedelta(hours=entry[key]) for key in ("starts_in_hours", "ends_in_hours"))
    return ScheduleItem(entry["title"], starts, ends)
