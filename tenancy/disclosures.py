"""What a person must be told, by where she lives and how old she is (data/disclosures.json names the law of each).

Each text also stands in the languages of its `translations`, under the same id; who reads another gets English. The
translations are ours: a lawyer of each country has to see them before a release, as the English ones.
Of a kind one text is shown: the one that names the person's country, else the one for everywhere. Ids carry a version:
a text that changes gets a new id and falls due again for everyone.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from tenancy.contracts import Disclosure, Person
from tenancy.models import Acknowledgement, Artist

DATA = Path(__file__).parent / "data" / "disclosures.json"
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One entry of the data file. `below_age`: only for people known to be younger."""

    id: str
    kind: str
    law: str
    regions: frozenset[str]
    words: Words
    translations: Mapping[str, Words]
    must_acknowledge: bool
    below_age: int | None

    def concerns(self, country: str, age: int | None) -> bool:
        here = EVERYWHERE in self.regions or country in self.regions
        return here and (self.below_age is None or (age is not None and age < self.below_age))

    def in_language(self, language: str | None) -> Words:
        """The words in a language, such as `es-mx`; those of `es` for one that has none of its own, else English."""
        code = (language or "").lower()
        return self.translations.get(code) or self.translations.get(code.partition("-")[0]) or self.words


@cache
def notices() -> tuple[Notice, ...]:
    """The data file, in its order."""
    return tuple(
        Notice(
            id=entry["id"],
            kind=entry["kind"],
            law=entry["law"],
            regions=frozenset(entry["regions"]),
            words=_words(entry),
            translations={language: _words(words) for language, words in entry["translations"].items()},
            must_acknowledge=entry["must_acknowledge"],
            below_age=entry.get("below_age"),
        )
        for entry in json.loads(DATA.read_text(encoding="utf-8"))
    )


def _words(entry: Mapping[str, Any]) -> Words:
    return Words(entry["title"], entry["text"])


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
    """The same in the language of the request, with the artist's name and label; without an artist it is any."""
    names = {
        "artist": artist.name if artist else gettext("The artist"),
        "licensed_by": (artist.licensed_by if artist else "") or gettext("the artist’s label"),
    }
    return tuple(
        Disclosure(n.id, n.kind, words.title.format(**names), words.text.format(**names), n.must_acknowledge)
        for n in applicable(country, age)
        for words in [n.in_language(get_language())]
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
