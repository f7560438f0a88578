"""An artist with a team and one row of every kind that the console shows."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models
from django.test import Client

import companion.console
from billing.models import UsageRecord
from companion.kernel import audit
from companion.kernel.models import AuditEntry
from conversations.models import Message, Report, Turn, TurnTrace
from memory.models import SessionMark
from moderation.models import Case, Rule
from personas import services as personas
from personas.contracts import PersonaSheet
from personas.corpus import services as corpus
from personas.models import Document, Mood, Persona, PersonaVersion, ScheduleEntry
from personas.release import services as release
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Artist, Fan, KillSwitch, StaffRole, User
from tests.factories import hashed_password

ACTOR = "command:test"
NAME = "Test Persona"
SHEET = PersonaSheet.from_json(
    json.loads(
        (Path(companion.console.__file__).parent / "data" / "new_artist.json").read_text().replace("{artist}", NAME)
    )["sheet"]
)


@dataclass
class Team:
    """`rows` holds one row of each model of the console, by model."""

    artist: Artist
    members: dict[str, User] = field(default_factory=dict)
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.members[role])
        return client

    def read(self, query: Callable[[], Any]) -> Any:
        with tenant(self.artist.id):
            return query()


def make_team() -> Team:
    slug = f"console-{uuid.uuid4().hex[:10]}"
    team = Team(services.create_artist(slug, {"name": slug.upper()}, actor=ACTOR))
    for role in StaffRole.Role.values:
        team.members[role] = User.objects.create(email=f"{role}@{slug}.example", is_staff=True)
    _seed_persona(team)
    with tenant(team.artist.id):
        for role, user in team.members.items():
            team.rows[StaffRole] = StaffRole.objects.create(artist=team.artist, user=user, role=role)
        _seed_conversation(team)
        team.rows[Rule] = Rule.objects.create(artist=team.artist, phrase="plum", action="block", created_by=ACTOR)
    services.set_switch(on=False, scope="artist", artist=team.artist.id, reason="a test", actor=ACTOR)
    append_audit()
    with tenant(team.artist.id):
        team.rows[KillSwitch] = KillSwitch.objects.get(artist=team.artist)
        team.rows[AuditEntry] = AuditEntry.objects.filter(artist_id=team.artist.id).latest("seq")
    team.rows[Artist] = team.artist
    return team


def make_user(role: str | None = None, team: Team | None = None, **fields: Any) -> User:
    """A login of its own, with a role in the team where one is named."""
    user = User.objects.create(email=f"{uuid.uuid4().hex[:10]}@people.example", password=hashed_password(), **fields)
    if role and team:
        with tenant(team.artist.id):
            StaffRole.objects.create(artist=team.artist, user=user, role=role)
    return user


def append_audit() -> None:
    while audit.append_pending():
        continue


def entries(team: Team) -> list[AuditEntry]:
    """The artist's links of the chain, oldest first, with all notes appended."""
    append_audit()
    return list(AuditEntry.objects.using("system").filter(artist_id=team.artist.id).order_by("seq"))


def _seed_persona(team: Team) -> None:
    artist = team.artist.id
    team.rows[Persona] = personas.create_persona(artist, NAME, actor=ACTOR)
    version = personas.create_version(artist, SHEET, "the first", actor=ACTOR)
    release.install_first(artist, version.id, actor=ACTOR)
    team.rows[PersonaVersion] = version
    now = datetime.now(UTC)
    mood = Mood(label="warm", line="Hello.", starts_at=now, ends_at=now + timedelta(hours=1))
    entry = ScheduleEntry(title="Rehearsal", starts_at=now, ends_at=now + timedelta(hours=1))
    document = Document(kind="fact", title="A title", text="A text.")
    personas.save_period(artist, mood, actor=ACTOR)
    personas.save_period(artist, entry, actor=ACTOR)
    corpus.write_document(artist, document, actor=ACTOR)
    team.rows |= {Mood: mood, ScheduleEntry: entry, Document: document}


def _seed_conversation(team: Team) -> None:
    now = datetime.now(UTC)
    user = make_user(birth_date=datetime(1990, 1, 1, tzinfo=UTC).date())
    fan = Fan.objects.create(artist=team.artist, user=user)
    mine: dict[str, Any] = {"artist": team.artist, "fan": fan}
    turn = Turn.objects.create(
        **mine,
        client_message_id="one",
        body_hash=bytes(32),
        transport="websocket",
        status="completed",
        owner="test",
        lease_until=now,
        ended_at=now,
    )
    said = Message.objects.create(**mine, turn=turn, role="fan", text="What is new?", status="complete", created_at=now)
    Message.objects.create(**mine, turn=turn, role="persona", text="A song.", status="complete", created_at=now)
    TurnTrace.objects.create(
        **mine,
        turn=turn,
        prompt=[{"role": "system", "content": "the exact prompt"}],
        context={"mood": ["warm", "Hello."], "passages": [], "persona_version": 1},
        provider="offline",
        model="authored-lines-1",
        usage={"input_tokens": 7, "output_tokens": 3},
        timings_ms={"generate": 12},
        verdicts=[{"side": "input", "action": "allow"}],
    )
    team.rows |= {
        Fan: fan,
        Turn: turn,
        SessionMark: SessionMark.objects.create(
            **mine, last_said_at=now, failed_at=now, failed_code="unreadable_answer", failed_text="A song."
        ),
        Report: Report.objects.create(**mine, message=said, reason="rude"),
        Case: Case.objects.create(**mine, turn_id=turn.id, kind="held"),
        UsageRecord: UsageRecord.objects.create(
            **mine, turn_id=turn.id, provider="offline", model="m", input_tokens=7, output_tokens=3
        ),
    }
