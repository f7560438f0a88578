"""What one message of the fan holds: sentence by sentence, clause by clause."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from memory.calendar import MONTHS
from memory.contracts import Kind
from memory.extraction.offline import (
    dates,
    facts,
    guards,
    happenings,
    leaning,
    lexicon,
    numeric,
    pastimes,
    promises,
    relations,
    spelling,
    tastes,
    wording,
)
from memory.extraction.offline.relations import Bearer

LONGEST = 160
# Not on that day, but up to it or from it on.
_UNTIL = re.compile(r"\b(?:until|till|since)\s+$", re.I)
_PATTERNS = (*facts.FACTS, *pastimes.PASTIMES, *tastes.TASTES, *promises.PROMISES)
_GOT_TOGETHER = re.compile(r"^you got (?:engaged|married)(?!.* to\b)", re.I)
# “no wait, I mean Bradford”, “it's Olive not Alice”, “*Bradford”.
_PUT_RIGHT = re.compile(
    r"^(?:(?:no+|nah|wait|sorry|oops|soz|whoops|actually|hang on|haha\w*|lol|ugh|omg)\b[,.! ]*)*(?:I mea[nt]+t?|make "
    r"that|"
    r"typo|it's(?: actually)?|(?:he|she)'s(?: actually)?(?: called)?|\*)[,: ]*(?P<x>[^\W\d_][\w'’-]+)\*?"
    r"(?:,? not (?P<wrong>[\w'’-]+))?(?=[.,!]|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Find:
    """Something that was said. `value` is the word of it that a correction would replace."""

    kind: Kind
    text: str
    subject: str
    when: dates.When | None = None
    pinned: bool = False
    value: str = ""


def made_plain(text: str, time_zone: str) -> str:
    """As the grammar reads it: quotations held, spellings full, dates in words."""
    return numeric.spelled(spelling.plain(guards.hold_quotations(text)), time_zone)


def read(text: str, today: date, bearer: Bearer | None = None, occasion: str = "") -> list[Find]:
    """What a plain text holds. What is taken back (“jk”) goes with what was found last.

    `bearer` is whom the message before spoke of, `occasion` what it said would take place.
    """
    finds = [_named(name) for name in [facts.greeted(text)] if name]
    earlier: list[Find] = []
    before = ""
    for whole, asks in wording.sentences(text):
        sentence = leaning.completed(whole, before, occasion)
        before, occasion = whole, leaning.occasion_in(whole) or occasion
        if guards.takes_back(sentence) and not asks:
            finds = earlier
        if guards.is_play(sentence) or (not asks and guards.asks_unmarked(sentence)):
            continue
        stated = guards.before_question(sentence) if asks else sentence
        known = finds
        right = put_right(sentence, finds[-1]) if finds else None
        finds = [*finds[:-1], right] if right else finds
        finds = _sentence(stated, today, finds, bearer) if stated else finds
        earlier = known if finds != known else earlier
        bearer = bearer_in(sentence)
    return finds


def unsays(text: str, *, asked: bool) -> bool:
    """Does the message begin by taking back the one before? `asked`: the persona's question stands between them."""
    first = next((sentence for sentence, _ in wording.sentences(text) if _says_something(sentence)), "")
    return guards.unsays(first) or (not asked and guards.laughs_off(first))


def _says_something(sentence: str) -> bool:
    """More than an interjection of one word or two."""
    return len(sentence.split()) > 2 or guards.unsays(sentence)


def occasion_in(text: str) -> str:
    """What the text says will take place, or ""."""
    return leaning.occasion_in(text)


def bearer_in(text: str) -> Bearer | None:
    """Whom the text speaks of last: a name in the next message may be theirs."""
    return relations.bearer_in(text)


def put_right(text: str, last: Find) -> Find | None:
    """The last find with its value replaced, where the message begins by correcting it; else None."""
    found = _PUT_RIGHT.match(text)
    if not found or not last.value or (found["x"].casefold() == last.value.casefold()):
        return None
    if (
        not found["wrong"]
        and not re.match(r"[A-Z]", found["x"])
        and not re.search(r"I mea|\*|make that|typo", found[0])
    ):
        return None
    corrected = re.sub(rf"\b{re.escape(last.value)}\b", found["x"], last.text)
    return replace(last, text=corrected, value=found["x"])


def _named(name: str) -> Find:
    return Find("fact", f"you are called {_as_name(name)}", "name", pinned=True, value=name)


def _as_name(name: str) -> str:
    return name if name != name.casefold() else name.title()


def _sentence(sentence: str, today: date, before: Sequence[Find], bearer: Bearer | None) -> list[Find]:
    finds = list(before)
    for clause in wording.clauses(sentence):
        own, hearsay = guards.before_hearsay(clause)
        own = wording.without_filler(own)
        if own and len(own) <= LONGEST and guards.holds(own):
            finds += _clause(own, today)
            name = relations.name_later(own)
            if name:
                _give_name(finds, _as_name(name), bearer)
        bearer = bearer_in(clause) or bearer
        if hearsay:
            break
    return finds


def _give_name(finds: list[Find], name: str, bearer: Bearer | None) -> None:
    """“… her name is Ines” names whom the message spoke of last, or the one before it."""
    if finds and _GOT_TOGETHER.search(finds[-1].text):
        finds[-1] = replace(finds[-1], text=f"{finds[-1].text} to {name}", value=name)
    elif finds and finds[-1].kind == "relationship":
        who = finds[-1].subject.split(":")[1]
        finds[-1] = replace(finds[-1], text=f"your {who} is called {name}", value=name)
    elif bearer is not None:
        finds.append(Find("relationship", f"{bearer.told} is called {name}", bearer.subject, value=name))


def _clause(clause: str, today: date) -> Iterator[Find]:
    if happenings.BIRTHDAY.match(clause):
        yield from _birthday(clause, today)
        return
    if happenings.TURNING.match(clause):
        yield from _birthday(clause, today)
    event = _event(clause, today)
    role = relations.role(_without_lead(clause, event))
    if role and event and not event.when:
        event = None
    if role and event:
        if role.name and not re.search(r"\b(?:died|passed away)\b", clause):
            yield Find("relationship", role.by_name, role.subject, value=role.name)
    elif role:
        yield Find("relationship", role.text, role.subject, value=role.name)
    plain = None if role else _statement(clause, today)
    if plain:
        yield plain
    if event and not (
        (plain and plain.kind in ("preference", "promise")) or (plain and plain.subject in ("home", "job"))
    ):
        yield event


def _without_lead(clause: str, event: Find | None) -> str:
    """“this Saturday my best friend …” from the friend on."""
    when = event.when if event else None
    return clause[when.span[1] :].lstrip(" ,") if when and when.span[0] == 0 else clause


def _birthday(clause: str, today: date) -> Iterator[Find]:
    told = dates.day_of_year(clause)
    when = None if told else dates.find(clause, today)
    if when and when.first == when.last:
        told = (when.first.month, when.first.day, None)
    if told:
        month, day, year = told
        words = f"{day} {MONTHS[month - 1].title()}" + (f" {year}" if year else "")
        first = date(year or _coming(month, day, today), month, day) if (month, day) != (2, 29) or year else None
        span = dates.When(first, first, "", (0, 0)) if first else None
        yield Find("fact", f"your birthday is on {words}", "birthday", span, pinned=True, value=words)


def _coming(month: int, day: int, today: date) -> int:
    return today.year + ((month, day) < (today.month, today.day))


def _statement(clause: str, today: date) -> Find | None:
    for pattern in _PATTERNS:
        found = pattern.clause.match(clause)
        if found:
            groups = {name: (value or "").strip(" ,") for name, value in found.groupdict().items()}
            told = groups | ({"x": _as_name(groups["x"])} if pattern.subject in ("name", "nickname") else {})
            text = pattern.text.format(**told) if pattern.text else wording.turned(clause)
            subject = pattern.subject.format(**{name: wording.slug(value) for name, value in groups.items()})
            when = dates.find(clause, today) if pattern.kind == "promise" else None
            return Find(pattern.kind, text, subject.rstrip(":"), when, pattern.pinned, groups.get("x", ""))
    return None


def _event(clause: str, today: date) -> Find | None:
    """A plan or a happening with its date, or a milestone without one."""
    is_milestone = bool(happenings.MILESTONE.match(clause))
    when = dates.find(clause, today)
    if when and _UNTIL.search(clause[: when.span[0]] + clause[when.span[0] :].split()[0] + " "):
        when = None
    if not is_milestone and not (when and _is_plan(clause)):
        return None
    rest = _with_date(clause, when, "")
    if not _is_occasion(clause) and _is_idle(clause, rest):
        return None
    said = _with_date(clause, when, when.label if when else "")
    what = rest if is_milestone else _occasion(rest)
    return Find("event", wording.turned(said), "event:" + wording.slug(what), when)


def _with_date(clause: str, when: dates.When | None, told: str) -> str:
    """The clause with its date told so."""
    return clause if when is None else clause[: when.span[0]] + told + clause[when.span[1] :]


def _is_plan(clause: str) -> bool:
    """Beside a date: something that takes place then."""
    if happenings.IDLE.match(clause) or re.search(r"\bI(?:'ve)? (?:lived|been)\b", clause):
        return False
    return bool(happenings.EVENT.match(clause))


def _is_idle(clause: str, rest: str) -> bool:
    """Nothing that one would ask after later; `rest` is the clause without its date."""
    return bool(happenings.PASSING.match(clause) or happenings.HABIT.search(rest) or happenings.EMPTY.fullmatch(rest))


def _is_occasion(clause: str) -> bool:
    return bool(re.search(rf"\b(?:{lexicon.EVENTS})\b", clause, re.I))


def _occasion(clause: str) -> str:
    """“driving test” out of “I'm taking my driving test”, so that a new date replaces the old one."""
    found = re.search(rf"(?:(?!\w+ing (?:the|a|my)\b)[\w-]+ )?\b(?:{lexicon.EVENTS})\b", clause, re.I)
    return found[0] if found else clause
