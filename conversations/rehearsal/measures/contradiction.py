"""Contradiction: a reply that does not agree with what was said before it, by her, by her sheet, or by the fan."""

import re
from collections.abc import Iterator, Sequence

from conversations.rehearsal.measures.base import Score, share, shown
from conversations.rehearsal.measures.claims import Claim, claims
from conversations.rehearsal.measures.drift import spoken_lines
from conversations.rehearsal.measures.words import plain
from conversations.rehearsal.talks import Exchange, Talk
from personas.contracts import PersonaSheet

_YES = re.compile(r"(?:yes|yeah|yep|yup|sure|of course|definitely|always|i do|i am|i have|i did|sí|claro|ja|oui)(?!\w)")
_NO = re.compile(
    r"(?:no|nope|never|not|i (?:do not|don't|am not|have not|haven't|did not|didn't)|i'm not|nein|non)(?!\w)"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATE = re.compile(rf"\b\d{{1,2}} (?:{_MONTHS})\b")


def contradiction(talks: Sequence[Talk]) -> Score:
    """The share of replies that contradict an earlier statement."""
    found = [sentence for talk in talks for sentence in _contradictions(talk)]
    return Score(share(len(found), sum(len(talk.exchanges) for talk in talks)), shown(found))


def _contradictions(talk: Talk) -> Iterator[str]:
    """At most one a reply."""
    artist = talk.exchanges[0].context.name
    known: list[Claim] = _of_the_sheet(talk.exchanges[0].context.sheet, artist)
    for exchange in talk.exchanges:
        told = claims(exchange.said, "fan", artist)
        # What the fan says of herself now replaces what she said of it before.
        known = [claim for claim in known if not any(new.contradicts(claim) for new in told)] + told
        known += [claim for p in exchange.context.passages for claim in claims(p.text, "persona", artist)]
        stated = claims(exchange.reply, "persona", artist)
        if against := next(((s, k) for s in stated for k in known if s.contradicts(k)), None):
            yield f"{talk.script.name}: “{against[0].text}” against “{against[1].text}”"
        elif differing := _answers_differ(talk, exchange):
            yield f"{talk.script.name}: asked twice, she said {differing}"
        known += stated


def _of_the_sheet(sheet: PersonaSheet, artist: str) -> list[Claim]:
    return [claim for line in spoken_lines(sheet) for claim in claims(line, "persona", artist)]


def _answers_differ(talk: Talk, exchange: Exchange) -> str:
    """The same question: yes and no, or two different dates."""
    if exchange.line.again is None:
        return ""
    first, second = talk.exchanges[exchange.line.again - 1].reply, exchange.reply
    one, other = _yes_or_no(first), _yes_or_no(second)
    dates, later = set(_DATE.findall(plain(first))), set(_DATE.findall(plain(second)))
    differ = (one is not None and other is not None and one != other) or (dates and later and not dates & later)
    return f"“{first}” and “{second}”" if differ else ""


def _yes_or_no(reply: str) -> bool | None:
    text = plain(reply)
    return True if _YES.match(text) else False if _NO.match(text) else None
