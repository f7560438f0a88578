"""Artists from data files: the demo's, and the neutral persona that a new artist starts with. Repeatable."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress

from moderation import services as moderation
from moderation.models import Rule
from personas import services as personas
from personas.contracts import PersonaSheet
from personas.corpus import services as corpus
from personas.corpus import tasks
from personas.models import Document, Mood, Period, Persona, ScheduleEntry
from personas.release import services as release
from tenancy import disclosures, services
from tenancy.access import describe
from tenancy.context import tenant
from tenancy.models import Artist, Fan, StaffRole, User

NEW_ARTIST = Path(__file__).parent / "data" / "new_artist.json"
FAN_BIRTH_DATE = date(1998, 5, 17)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A login of the demo, as run.json tells it."""

    role: str
    email: str
    password: str


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def give_persona(artist: Artist, name: str, sheet: PersonaSheet, *, actor: str) -> None:
    """A live persona, unless the artist has one."""
    with tenant(artist.id):
        if Persona.objects.exists():
            return
        personas.create_persona(artist.id, name, actor=actor)
        version = personas.create_version(artist.id, sheet, "The first version.", actor=actor)
        release.install_first(artist.id, version.id, actor=actor)


def neutral_persona(artist: Artist, *, actor: str) -> None:
    """What a new artist starts with: real, neutral lines, and a mood for two weeks; the team makes them hers."""
    content = read(NEW_ARTIST)
    sheet = dict(content["sheet"])
    sheet["identity"] = sheet["identity"].replace("{artist}", artist.name)
    give_persona(artist, artist.name, PersonaSheet.from_json(sheet), actor=actor)
    mood = content["mood"]
    now = datetime.now(UTC)
    row = Mood(label=mood["label"], line=mood["line"], starts_at=now, ends_at=now + timedelta(days=mood["days"]))
    personas.save_period(artist.id, row, actor=actor)


def fill_timeline(
    artist: UUID, moods: Iterable[Mapping[str, Any]], schedule: Iterable[Mapping[str, Any]], actor: str
) -> None:
    """Moods and schedule counted from now, where nothing is left that holds or comes."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # shows begin on the hour
    with tenant(artist):
        if not Mood.objects.filter(ends_at__gt=now).exists():
            _add_periods(artist, (Mood(label=m["label"], line=m["line"], **_hours(m, now)) for m in moods), actor)
        if not ScheduleEntry.objects.filter(ends_at__gt=now).exists():
            _add_periods(artist, (ScheduleEntry(title=s["title"], **_hours(s, now)) for s in schedule), actor)


def fill_rules(artist: UUID, rules: Iterable[Mapping[str, Any]], actor: str) -> None:
    """The first rules; an artist who has or had any keeps to her own."""
    with tenant(artist):
        if Rule.objects.filter(artist_id=artist).exists():
            return
        for rule in rules:
            moderation.add_rule(artist, rule["phrase"], rule["action"], side=rule.get("side", "both"), actor=actor)


def fill_corpus(artist: UUID, passages: Iterable[Mapping[str, Any]], actor: str) -> None:
    """The first passages, embedded at once; an artist who has any keeps to her own."""
    with tenant(artist):
        if not Document.objects.exists():
            for passage in passages:
                corpus.write_document(artist, Document(**passage), actor=actor)
    tasks.embed_everything(str(artist))


def staff(artist: Artist, password: str, *, actor: str) -> list[Seeded]:
    """A login for each role, `<role>@<slug>.example`. One that is there keeps its password."""
    logins = []
    for role in StaffRole.Role.values:
        email = f"{role}@{artist.slug}.example"
        known = User.objects.filter(email=email).first()
        with tenant(artist.id):
            missing = known is None or not StaffRole.objects.filter(user=known).exists()
        if missing:
            services.grant_role(artist.id, email, role, actor=actor, password="" if known else password)
        logins.append(Seeded(role, email, password))
    return logins


def fan(artist: Artist, password: str) -> Seeded:
    """One grown-up fan, joined, with every disclosure acknowledged. One that is there keeps her password."""
    email = f"fan@{artist.slug}.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name="Robin", birth_date=FAN_BIRTH_DATE)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    with tenant(artist.id):
        joined, _ = Fan.objects.get_or_create(user=user, defaults={"artist": artist})
        disclosures.acknowledge(artist.id, joined.id, disclosures.required(describe(user)))
    return Seeded("fan", email, password)


def _hours(entry: Mapping[str, Any], now: datetime) -> dict[str, datetime]:
    """Offsets of the data files, in hours from the moment of seeding."""
    return {
        "starts_at": now + timedelta(hours=entry["starts_in_hours"]),
        "ends_at": now + timedelta(hours=entry["ends_in_hours"]),
    }


def _add_periods(artist: UUID, periods: Iterable[Period], actor: str) -> None:
    for period in periods:
        personas.save_period(artist, period, actor=actor)
