"""Two artists with their teams and fans, and who of them asks for whose things."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from billing.models import QuotaCounter, UsageRecord
from companion.kernel import outbox
from companion.kernel.spans import HOUR, floor_hour
from conversations import rollup
from conversations.models import ActiveFans, Feedback, Message, ReadingGrant, Report, Turn
from memory.models import ArchiveLine, MemorySettings, SessionMark, Tombstone
from moderation.models import Case, Decision
from personas import services as personas
from personas.models import Document, PersonaVersion, Upload
from personas.release import services as release
from tenancy.context import tenant
from tenancy.models import Fan, SavedFilter, StaffRole, User
from tests.console.teams import SHEET, Team, make_team
from tests.factories import ACTOR, FanLogin, make_exchange, make_fan, make_memory
from tests.gate import approved, live_number, put_live
from tests.isolation.walls import Tenants

SECRET = "a secret between the fan and the persona"


@dataclass(frozen=True, slots=True)
class World:
    """The victim artist with a fan whose things are asked for; a neighbour; and another artist's people."""

    team: Team
    strangers: Team
    fan: FanLogin
    neighbour: FanLogin
    outsider: FanLogin
    staff: FanLogin
    herself: FanLogin
    reply: Message

    @property
    def slug(self) -> str:
        return self.team.artist.slug

    @property
    def other_slug(self) -> str:
        return self.strangers.artist.slug

    @property
    def tenants(self) -> Tenants:
        return Tenants(self.team.artist.id, self.fan.fan.id, self.neighbour.fan.id, self.strangers.artist.id)


def never_was(key: object) -> object:
    """The id next to this one. Ids are ordered by time, so nothing else lies between them: order tells nothing."""
    if isinstance(key, uuid.UUID):
        return uuid.UUID(int=key.int ^ 1)
    if isinstance(key, int):
        return key + 10**9
    raise TypeError(f"teach this function what stands beside {key!r}")


def make_world() -> World:
    """Real rows, committed. Every table that knows artists has one of the victim's fan."""
    team, strangers = make_team(), make_team()
    fan = make_fan(team.artist)
    _, reply = make_exchange(fan, SECRET, SECRET)
    world = World(
        team=team,
        strangers=strangers,
        fan=fan,
        neighbour=make_fan(team.artist),
        outsider=make_fan(strangers.artist),
        staff=make_fan(strangers.artist, user=_aged(strangers.members["owner"])),
        herself=make_fan(strangers.artist, user=fan.user),
        reply=reply,
    )
    _open_rows(world)
    return world


def _aged(user: User) -> User:
    User.objects.filter(id=user.id).update(birth_date=date(1980, 1, 1))
    return User.objects.get(id=user.id)


def _open_rows(world: World) -> None:
    """A version that is not live yet and what else a step can be taken with, each the fan's where a fan is in it."""
    artist, mine = world.team.artist.id, {"artist_id": world.team.artist.id, "fan_id": world.fan.fan.id}
    rows = world.team.rows
    user = world.team.members["owner"]
    rows[PersonaVersion] = personas.create_version(artist, SHEET, "not live yet", actor=ACTOR)
    _at_the_gate(world)
    with tenant(artist):
        turn = Turn.objects.get(pk=world.reply.turn_id)
        rows |= {
            Fan: world.fan.fan,
            StaffRole: StaffRole.objects.get(role="viewer"),  # the last owner of a team cannot be taken out
            Turn: turn,
            Report: Report.objects.create(**mine, message=world.reply, reason="rude", note=SECRET),
            Case: Case.objects.create(**mine, turn_id=turn.id, kind="held", note=SECRET),
            UsageRecord: UsageRecord.objects.create(
                **mine, turn_id=turn.id, provider="offline", model="m", input_tokens=7, output_tokens=3
            ),
        }
        ReadingGrant.objects.create(
            **mine, user=user, reason=SECRET, opened_at=timezone.now(), expires_at=timezone.now() + timedelta(minutes=9)
        )
        SavedFilter.objects.create(
            artist_id=artist, user=user, page="moderation.rule", name=SECRET, query="q=a", team=True
        )
        Feedback.objects.create(**mine, message=world.reply, value="up")
        Decision.objects.create(**mine, turn_id=turn.id, side="input", action="allow", provider="offline")
        QuotaCounter.objects.create(
            **mine, name="messages", period_start=datetime.now(UTC).date().replace(day=1), used=1
        )
        Document.objects.update(state="failed", failure="damaged")  # so there is something to try again
        Upload.objects.create(artist_id=artist, document_id=rows[Document].pk, content=b"the bytes of a file")
        outbox.emit("turn.ended", {"turn": str(turn.id)}, artist=artist)
    _remembered(world)
    hour = floor_hour(datetime.now(UTC))
    rollup.roll(artist, hour, hour + HOUR)
    row = ActiveFans(artist_id=artist, days=7, until=hour, fans=1)
    ActiveFans.objects.across_tenants().bulk_create([row])


def _at_the_gate(world: World) -> None:
    """A run of the checks that nobody has taken, a version on trial, one that took another's place; and the stranger's
    run, to which nothing of the victim's may lead."""
    artist, stranger = world.team.artist.id, world.strangers.artist.id
    release.request_checks(artist, world.team.rows[PersonaVersion].pk, actor=ACTOR)
    release.request_checks(stranger, personas.create_version(stranger, SHEET, "", actor=ACTOR).pk, actor=ACTOR)
    tried = personas.create_version(artist, SHEET, "on trial", actor=ACTOR)
    put_live(artist, personas.create_version(artist, SHEET, "live after the first", actor=ACTOR).pk)
    approved(artist, tried.pk)
    release.try_out(artist, tried.pk, 5, actor=ACTOR, seen=live_number(artist))


def _remembered(world: World) -> None:
    """A row in each table of memory; a memory of the stranger's too, to which nothing of the victim's may lead."""
    make_memory(world.fan, SECRET)
    make_memory(world.outsider, SECRET)
    mine, now = {"artist_id": world.team.artist.id, "fan_id": world.fan.fan.id}, timezone.now()
    with tenant(world.team.artist.id):
        ArchiveLine.objects.create(**mine, message_id=world.reply.id, role="persona", text=SECRET, said_at=now)
        Tombstone.objects.create(**mine, until=now - timedelta(days=9), words=["0" * 16])
        MemorySettings.objects.create(**mine, special_categories=True, special_since=now)
        world.team.rows[SessionMark] = SessionMark.objects.create(
            **mine, last_said_at=now, failed_at=now, failed_code="unreadable_answer", failed_text=SECRET
        )
