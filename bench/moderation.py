"""Input rules with 10,000 terms, and what the stream filter and the guard of honesty cost a token (issues 5 and 7)."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter_ns, process_time_ns

from conversations.turn.filtering import FilterChain
from conversations.turn.ports import OutputFilter
from moderation.contracts import Action, RuleSpec
from moderation.crisis import floor_rules
from moderation.text.ruleset import Ruleset
from personas import honesty
from personas.honesty import HonestReply

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
TERMS = 10_000
INPUT_CHARACTERS = 300
INPUT_ROUNDS = 3_000
TOKENS = 40_000
_SYLLABLES = [
    first + last
    for first in ("b", "cl", "d", "f", "gr", "k", "l", "m", "p", "s", "tr", "w")
    for last in ("ax", "ev", "ib", "oz")
]
_CHATTER = (
    "honestly I listened to the whole record twice on the night bus, and the third song made me cry a little bit! "
    "My sister says hi too. What were you thinking about when you wrote the bridge, the one at 2:47? 😊 "
    "It's been a strange year: new city, new job, no friends yet. But your voice kept me company, so thank you ❤️ "
)

Figure = tuple[str, float, float, str]


def ruleset(terms: int = TERMS) -> Ruleset:
    """Made-up words and two-word phrases, a tenth of them with a star, the same each time; and the crisis floor."""
    chance = random.Random(10)
    phrases: set[str] = set()
    while len(phrases) < terms:
        words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(chance.choice((1, 1, 2)))]
        phrases.add(" ".join(words) + ("*" if chance.random() < 0.1 else ""))
    made_up = [RuleSpec(str(n), phrase, Action.BLOCK) for n, phrase in enumerate(sorted(phrases))]
    return Ruleset([*made_up, *floor_rules()])


def input_check_ms(rules: Ruleset) -> float:
    """p95 of one check of 300 characters, normalisation included."""
    texts = [(_CHATTER[n:] + _CHATTER * 2)[:INPUT_CHARACTERS] for n in range(len(_CHATTER))]
    times = []
    for n in range(INPUT_ROUNDS):
        text = texts[n % len(texts)]
        started = perf_counter_ns()
        verdict = rules.check_input(text)
        times.append(perf_counter_ns() - started)
        if not verdict.allowed:
            raise RuntimeError("the chatter of this measurement must not hit a made-up phrase")
    return sorted(times)[int(len(times) * 0.95)] / 1e6


def stream_token_us(new_filter: Callable[[], OutputFilter]) -> float:
    """Mean CPU of one token (a word with the space before it), in replies of 40 tokens."""
    tokens = [" " + word for word in _CHATTER.split()]
    tokens = (tokens * (TOKENS // len(tokens) + 1))[:TOKENS]
    started = process_time_ns()
    left = 0
    for first in range(0, TOKENS, 40):
        stream = new_filter()
        left += sum(len(stream.feed(token)) for token in tokens[first : first + 40]) + len(stream.finish())
    spent = process_time_ns() - started
    if left != sum(map(len, tokens)):
        raise RuntimeError("the filter kept a part of an ordinary text")
    return spent / TOKENS / 1e3


def _guarded(rules: Ruleset) -> FilterChain:
    return FilterChain(rules.stream_filter(), HonestReply((), NOW))


def measure() -> list[Figure]:
    """(name, value, limit, unit) rows for the table of `make bench`."""
    rules = ruleset()
    honesty.lexicon()
    return [
        (f"input rules, {TERMS} terms, {INPUT_CHARACTERS} characters, p95", input_check_ms(rules), 0.2, "ms"),
        (f"stream filter, {TERMS} terms, a token", stream_token_us(rules.stream_filter), 5.0, "µs"),
        ("the same and the guard of honesty, a token", stream_token_us(lambda: _guarded(rules)), 5.0, "µs"),
    ]
