"""What a person must be told, by where she lives and how old she is (data/disclosures.json names the law of each).

Of a kind one text is shown: the one that names the person's country, else the one for everywhere. Ids carry a version:
a text that changes gets a new id and falls due again for everyone.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from tenancy.contracts import Disclosure, Person
from tenancy.models import Acknowledgement, Artist

DATA = Path(__file__).parent / "data" / "disclosures.json"
EVERYWHERE = "*"
LABEL = "the artist's label"


@dataclass(frozen=True, slots=True)
class Notice:
    """One entry of the data file. `below_age`: only for people known to be younger."""

    id: str
    kind: str
    law: str
    regions: frozenset[str]
    title: str
    text: str
    must_acknowledge: bool
    below_age: int | None

    def concerns(self, country: str, age: int | None) -> bool:
        here = EVERYWHERE in self.regions or country in self.regions
        return here and (self.below_age is None or (age is not None and age < self.below_age))


@cache
def notices() -> tuple[Notice, ...]:
    """The data file, in its order."""
    return tuple(
        Notice(
            id=entry["id"],
            kind=entry["kind"],
            law=entry["law"],
            regions=frozenset(entry["regions"]),
            title=entry["title"],
            text=entry["text"],
            must_acknowledge=entry["must_acknowledge"],
            below_age=entry.get("below_age"),
        )
        for entry in json.loads(DATA.read_text(encoding="utf-8"))
    )


def applicable(country: str, age: int | None) -> tuple[Notice, ...]:
    """The notices for a country (ISO 3166; a subdivision counts as its country) and an age in years, one a kind."""
    place = country.upper().partition("-")[0]
    chosen: dict[str, Notice] = {}
    for notice in notices():
        if not notice.concerns(place, age):
            continue
        known = chosen.get(notice.kind)
        if known is None or EVERYWHERE in known.regions:
            chosen[notice.kind] = notice
    return tuple(chosen.values())


def told(artist: Artist | None, country: str, age: int | None) -> tuple[Disclosure, ...]:
    """The same with the artist's name and label in the texts; without an artist they speak of any."""
    names = {
        "artist": artist.name if artist else "The artist",
        "licensed_by": (artist.licensed_by if artist else "") or LABEL,
    }
    return tuple(
        Disclosure(n.id, n.kind, n.title.format(**names), n.text.format(**names), n.must_acknowledge)
        for n in applicable(country, age)
    )


def required(person: Person) -> tuple[str, ...]:
    """The ids that this person has to acknowledge before writing to any artist."""
    age = person.age_on(datetime.now(UTC).date())
    return tuple(notice.id for notice in applicable(person.country, age) if notice.must_acknowledge)


def due(person: Person, fan: UUID) -> tuple[str, ...]:
    """Those of them that this fan has not acknowledged yet. Within the tenant's scope."""
    needed = required(person)
    seen = set(Acknowledgement.objects.filter(fan_id=fan, disclosure__in=needed).values_list("disclosure", flat=True))
    return tuple(id for id in needed if id not in seen)


def acknowledge(artist: UUID, fan: UUID, ids: Iterable[str]) -> None:
    """Keeps the proof, once an id. Within the tenant's scope."""
    rows = [Acknowledgement(artist_id=artist, fan_id=fan, disclosure=id) for id in ids]
    Acknowledgement.objects.bulk_create(rows, ignore_conflicts=True)
