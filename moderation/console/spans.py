"""Where rules match in a text, as its stretches: what the editor of the rules and the review queue mark."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.contracts import RuleSpec
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Match, Matcher


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as it was written; `hit` where a rule matches."""

    text: str
    hit: bool


def pieces(rules: Sequence[RuleSpec], text: str) -> tuple[Piece, ...]:
    """The whole text in order; matches that overlap are one stretch."""
    return tuple(_cut(text, _merged(matches(Lexicon(rules), text)))) if rules else (Piece(text, hit=False),)


def matches(lexicon: Lexicon, text: str) -> list[Match]:
    matcher = Matcher(lexicon)
    matcher.feed(text)
    matcher.finish()
    return matcher.matches


def _merged(found: Iterable[Match]) -> list[tuple[int, int]]:
    """The spans in order; those that overlap as one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((match.start, match.end) for match in found):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> Iterable[Piece]:
    at = 0
    for start, end in spans:
        yield Piece(text[at:start], hit=False)
        yield Piece(text[start:end], hit=True)
        at = end
    yield Piece(text[at:], hit=False)
