"""The offline extractor: sentence by sentence, clause by clause, over what the fan said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from companion.kernel.clock import zone_of
from memory.contracts import Candidate, Kind, Said
from memory.extraction.offline import answers, dates, guards, lexicon, patterns, wording
from memory.extraction.policy import category_of

LONGEST = 160
_CONFIDENCE = {"fact": 0.85, "preference": 0.8, "relationship": 0.85, "event": 0.75, "promise": 0.7}


@dataclass(frozen=True, slots=True)
class _Find:
    kind: Kind
    text: str
    subject: str
    when: dates.When | None = None
    pinned: bool = False


class OfflineExtractor:
    """English. What it is not sure of it leaves out."""

    async def extract(self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str) -> list[Candidate]:
        """See memory.extraction.base.Extractor. Dates count from each message's `said_at`, so `now` is not needed."""
        zone = zone_of(time_zone)
        found: list[Candidate] = []
        question = ""
        for message in said:
            if message.role == "persona":
                question = message.text
                continue
            finds = _read(answers.completed(question, message.text), message.said_at.astimezone(zone).date())
            found.extend(_candidate(find, message, zone) for find in finds)
            question = ""
        return _each_once(found)


def _candidate(find: _Find, message: Said, zone: tzinfo) -> Candidate:
    first = datetime.combine(find.when.first, time.min, zone) if find.when else None
    last = datetime.combine(find.when.last + timedelta(days=1), time.min, zone) if find.when else None
    return Candidate(
        kind=find.kind,
        text=find.text,
        subject=find.subject,
        valid_from=first,
        valid_to=last if find.kind in ("event", "promise") else None,
        confidence=_CONFIDENCE[find.kind],
        sources=(message.id,),
        pinned=find.pinned,
        category=category_of(find.text),
    )


def _each_once(found: list[Candidate]) -> list[Candidate]:
    """The same said twice is one candidate with both sources."""
    once: dict[tuple[str, str, str], Candidate] = {}
    for candidate in found:
        key = (candidate.kind, candidate.subject, candidate.text.casefold())
        known = once.get(key)
        sources = tuple(dict.fromkeys((*known.sources, *candidate.sources))) if known else candidate.sources
        once[key] = replace(candidate, sources=sources)
    return list(once.values())


def _read(text: str, today: date) -> list[_Find]:
    """What one message holds. A sentence that is taken back (“jk”) takes its forerunner with it."""
    finds: list[_Find] = []
    earlier: list[_Find] = []
    for sentence, asks in wording.sentences(wording.plain(guards.hold_quotations(text))):
        if guards.takes_back(sentence):
            finds = earlier
        if guards.is_play(sentence):
            continue
        stated = guards.before_question(sentence) if asks else sentence
        earlier = finds
        finds = _sentence(stated, today, finds) if stated else finds
    return finds


def _sentence(sentence: str, today: date, before: Sequence[_Find] = ()) -> list[_Find]:
    finds = list(before)
    for clause in wording.clauses(sentence):
        own, hearsay = guards.before_hearsay(clause)
        own = wording.without_filler(own)
        if own and len(own) <= LONGEST and guards.holds(own):
            finds += _clause(own, today)
            later = patterns.NAMED_LATER.match(own)
            name = patterns.NAME.match(own, later.end()) if later else None
            if name:
                _name_last(finds, name[0].strip())
        if hearsay:
            break
    return finds


def _name_last(finds: list[_Find], name: str) -> None:
    """“… her name is Ines” names whom the message spoke of last."""
    if finds and finds[-1].kind == "relationship":
        who = finds[-1].subject.split(":")[1]
        finds[-1] = replace(finds[-1], text=f"your {who} is called {name}")


def _clause(clause: str, today: date) -> Iterator[_Find]:
    if patterns.BIRTHDAY.match(clause):
        yield from _birthday(clause, today)
        return
    role, event = _role(clause), _event(clause, today)
    if role and event and not event.when:
        event = None
    if role and event:
        named = _name_only(clause, role)
        if named:
            yield named
    elif role:
        yield role
    plain = None if role else _statement(clause, today)
    if plain:
        yield plain
    if event and not (
        (plain and plain.kind in ("preference", "promise")) or (plain and plain.subject in ("home", "job"))
    ):
        yield event


def _birthday(clause: str, today: date) -> Iterator[_Find]:
    told = dates.day_of_year(clause)
    when = None if told else dates.find(clause, today)
    if when and when.first == when.last:
        told = (when.first.month, when.first.day, None)
    if told:
        month, day, year = told
        words = f"{day} {dates.MONTHS[month - 1].title()}" + (f" {year}" if year else "")
        first = date(year or _coming(month, day, today), month, day) if (month, day) != (2, 29) or year else None
        span = dates.When(first, first, "", (0, 0)) if first else None
        yield _Find("fact", f"your birthday is on {words}", "birthday", span, pinned=True)


def _coming(month: int, day: int, today: date) -> int:
    return today.year + ((month, day) < (today.month, today.day))


def _statement(clause: str, today: date) -> _Find | None:
    for pattern in patterns.PATTERNS:
        found = pattern.clause.match(clause)
        if found:
            groups = {name: (value or "").strip(" ,") for name, value in found.groupdict().items()}
            text = pattern.text.format(**groups) if pattern.text else wording.turned(clause)
            subject = pattern.subject.format(**{name: wording.slug(value) for name, value in groups.items()})
            when = dates.find(clause, today) if pattern.kind == "promise" else None
            return _Find(pattern.kind, text, subject.rstrip(":"), when, pattern.pinned)
    return None


def _role(clause: str) -> _Find | None:
    """Family, friends and pets."""
    for pattern in patterns.ROLES:
        found = pattern.clause.match(clause)
        if found:
            who = re.sub(r"^(?:little|big|older|younger|baby|old|close|good) ", "", found["who"].casefold())
            name = found.groupdict().get("x") or ""
            several = (
                bool(re.search(r"\b(?:other|another|second|two|three)\b|s$", clause[: found.end("who")], re.I))
                or who in _MANY
            )
            subject = pattern.subject.format(who=who) + (f":{wording.slug(name)}" if several and name else "")
            return _Find("relationship", wording.turned(clause), subject)
    return None


_MANY = {
    "sister",
    "brother",
    "friend",
    "cousin",
    "son",
    "daughter",
    "uncle",
    "aunt",
    "nephew",
    "niece",
    "colleague",
    "teacher",
    "neighbour",
}


def _name_only(clause: str, role: _Find) -> _Find | None:
    found = next((hit for pattern in patterns.ROLES if (hit := pattern.clause.match(clause))), None)
    name = found.groupdict().get("x") if found else None
    if not (found and name) or re.search(r"\b(?:died|passed away)\b", clause):
        return None
    return replace(role, text=f"your {found['who']} is called {name}")


def _event(clause: str, today: date) -> _Find | None:
    """A plan or a happening with its date, or a milestone without one."""
    milestone = patterns.MILESTONE.match(clause)
    when = dates.find(clause, today)
    idle = patterns.IDLE.match(clause) and not milestone
    if not milestone and (
        not when or idle or not patterns.EVENT.match(clause) or re.search(r"\bI(?:'ve)? (?:lived|been)\b", clause)
    ):
        return None
    said = clause if when is None else (clause[: when.span[0]] + when.label + clause[when.span[1] :])
    rest = clause if when is None else clause[: when.span[0]] + clause[when.span[1] :]
    return _Find(
        "event", wording.turned(said), "event:" + wording.slug(_occasion(rest) if not milestone else rest), when
    )


def _occasion(clause: str) -> str:
    """“driving test” out of “I'm taking my driving test”, so that a new date replaces the old one."""
    found = re.search(rf"(?:(?!\w+ing (?:the|a|my)\b)[\w-]+ )?\b(?:{lexicon.EVENTS})\b", clause, re.I)
    return found[0] if found else clause
