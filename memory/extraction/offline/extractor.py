"""The offline extractor: message by message, with what the talk was about just before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo

from companion.kernel.clock import zone_of
from memory.contracts import Candidate, Said
from memory.extraction.offline import answers, reading
from memory.extraction.offline.reading import Find
from memory.extraction.policy import category_of

_CONFIDENCE = {"fact": 0.85, "preference": 0.8, "relationship": 0.85, "event": 0.75, "promise": 0.7}


class OfflineExtractor:
    """English. What it is not sure of it leaves out."""

    async def extract(self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str) -> list[Candidate]:
        """See memory.extraction.base.Extractor. Dates count from each message's `said_at`, so `now` is not needed."""
        zone = zone_of(time_zone)
        found: list[tuple[Find, Said]] = []
        question, before, bearer, last = "", "", None, 0
        for message in said:
            if message.role == "persona":
                question, bearer = message.text, reading.bearer_in(message.text) or bearer
                continue
            stated = reading.made_plain(answers.completed(question, message.text, before), time_zone)
            if reading.unsays(stated, asked="?" in question):
                del found[last:]
            put_right = reading.put_right(stated, found[-1][0]) if found else None
            if put_right is not None:
                found[-1] = (put_right, message)
            last = len(found)
            day = message.said_at.astimezone(zone).date()
            finds = reading.read(stated, day, bearer, reading.occasion_in(before))
            found.extend((find, message) for find in finds)
            question, before, bearer = "", stated, reading.bearer_in(stated)
        return _each_once([_candidate(find, message, zone) for find, message in found])


def _candidate(find: Find, message: Said, zone: tzinfo) -> Candidate:
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
