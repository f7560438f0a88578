"""A small world in which every text carries the mark of whose it is, and each thing that people do in it.

Marks: one for each fan of each artist (the same person has another with each), one for what an artist shows to all,
one for what only her team may read. Every answer is searched for marks; one of somebody else is a leak.
"""

import json
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from companion.kernel.errors import NotFound
from companion.providers.llm.base import Topic
from conversations.models import Message
from moderation import review
from moderation import services as moderation
from moderation.models import Case, Rule
from personas import selectors
from personas import services as personas
from personas.corpus import services as corpus
from personas.models import Document, Mood, PersonaVersion, ScheduleEntry
from personas.release import services as release
from tenancy import disclosures, services
from tenancy.access import describe, joined_fan
from tenancy.context import tenant
from tenancy.models import Artist, Fan, StaffRole, User
from tests.factories import (
    ACTOR,
    FanLogin,
    a_sheet,
    make_artist,
    make_exchange,
    make_memory,
    make_user,
    token_for,
    unique,
)
from tests.gate import live_number, put_live

MARK = re.compile(r"canary[0-9a-f]{12}")
PEOPLE = 4
ARTISTS = 2


def new_mark() -> str:
    return f"canary{secrets.token_hex(6)}"


class Leak(AssertionError):
    """Somebody read a mark of somebody else."""


@dataclass(frozen=True, slots=True)
class PersonLogin:
    user: User
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def make_people() -> list[PersonLogin]:
    users = [make_user() for _ in range(PEOPLE)]
    return [PersonLogin(user, token_for(user)) for user in users]


@dataclass
class House:
    """One artist and her team, with the ids of everything of hers."""

    artist: Artist
    public: str
    internal: str
    staff: User
    console: Client
    fans: dict[int, str] = field(default_factory=dict)
    fan_ids: dict[int, UUID] = field(default_factory=dict)
    said: dict[int, list[Message]] = field(default_factory=dict)
    versions: list[UUID] = field(default_factory=list)

    def own_marks(self) -> set[str]:
        return {self.public, self.internal, *self.fans.values()}


def sheet_of(mark: str) -> Any:
    return a_sheet(
        identity=f"A singer who is known for {mark}.",
        greetings=(f"Hello, it is {mark}.",),
        questions=(f"What do you make of {mark}?",),
        topics=(Topic("synthesisers", (f"My first one was a {mark}.",)),),
    )


def make_house() -> House:
    public = new_mark()
    artist = make_artist(tagline=f"the one of {public}", sheet=sheet_of(public))
    staff = User.objects.create(email=f"{unique('staff')}@team.example", is_staff=True)
    with tenant(artist.id):
        StaffRole.objects.create(artist=artist, user=staff, role="owner")
    console = Client()
    console.force_login(staff)
    return House(artist, public, new_mark(), staff, console)


class Street:
    """Two houses side by side, the same people before both."""

    def __init__(self, people: list[PersonLogin]) -> None:
        self.people = people
        self.houses = [make_house() for _ in range(ARTISTS)]
        self.client = Client(raise_request_exception=False)

    def do(self, name: str, person: int, house: int, pick: int) -> None:
        """One operation. `pick` chooses among whatever it needs, in either house."""
        operation: Callable[[int, House, int], None] = getattr(self, name)
        operation(person, self.houses[house], pick)

    # -- looking -------------------------------------------------------------------------------------------------

    def check(self, text: str, allowed: Iterable[str], who: str) -> None:
        if strangers := set(MARK.findall(text)) - set(allowed):
            mine = {mark for house in self.houses for mark in house.own_marks()}
            raise Leak(f"{who} read {len(strangers)} marks of others, {len(strangers & mine)} of them of this street")

    def ask(self, person: int, house: House, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """A call of the person's below the artist; she may see her own mark and what is shown to all."""
        answer = self.client.generic(
            method,
            f"/api/v1/artists/{house.artist.slug}{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self.people[person].headers,
        )
        text = answer.content.decode()
        self.check(text, {house.public, house.fans.get(person, house.public)}, f"a fan, by {method} {path[:10]}")
        return answer.status_code, text

    def page(self, house: House, address: str) -> int:
        """A page of the console, as the artist's owner."""
        answer = house.console.get(address)
        self.check(answer.content.decode(), house.own_marks(), "staff")
        return answer.status_code

    def any_message(self, pick: int) -> tuple[House, int, Message] | None:
        every = [(h, p, m) for h in self.houses for p, said in sorted(h.said.items()) for m in said]
        return every[pick % len(every)] if every else None

    # -- what fans do --------------------------------------------------------------------------------------------

    def join(self, person: int, house: House, _pick: int) -> None:
        user = self.people[person].user
        status, _ = self.ask(
            person, house, "POST", "/join", {"acknowledge": list(disclosures.required(describe(user)))}
        )
        assert status == 200
        fan = joined_fan(user.id, house.artist.id)
        assert fan is not None
        house.fan_ids[person] = fan.id
        house.fans.setdefault(person, new_mark())

    def say(self, person: int, house: House, _pick: int) -> None:
        if person not in house.fans:
            return
        with tenant(house.artist.id):
            fan = Fan.objects.get(id=house.fan_ids[person])
        login = FanLogin(self.people[person].user, fan, self.people[person].token, "")
        mark, passage = house.fans[person], {"title": house.public, "text": house.public}
        said, reply = make_exchange(
            login, f"I am {mark}", f"You, {mark}?", passages=[passage], mood=["warm", house.public]
        )
        make_memory(login, f"You are {mark}")
        house.said.setdefault(person, []).extend((said, reply))

    def history(self, person: int, house: House, _pick: int) -> None:
        status, text = self.ask(person, house, "GET", "/messages?limit=100")
        assert status == (200 if person in house.fans else 403)
        if status == 200:
            expected = [str(message.id) for message in house.said.get(person, [])]
            assert [item["id"] for item in json.loads(text)["items"]] == expected[::-1][:100]

    def memories(self, person: int, house: House, _pick: int) -> None:
        status, text = self.ask(person, house, "GET", "/memories?limit=100")
        assert status == (200 if person in house.fans else 403)
        if status == 200:
            assert len(json.loads(text)["items"]) == min(100, len(house.said.get(person, [])) // 2)

    def why(self, person: int, house: House, pick: int) -> None:
        self._of_a_message(person, house, pick, "GET", "why")

    def report(self, person: int, house: House, pick: int) -> None:
        note = {"reason": "other", "note": f"for the team, from {house.fans.get(person, house.public)}"}
        self._of_a_message(person, house, pick, "POST", "report", note)

    def rate(self, person: int, house: House, pick: int) -> None:
        self._of_a_message(person, house, pick, "POST", "feedback", {"value": "up" if pick % 2 else "down"})

    def _of_a_message(self, person: int, house: House, pick: int, method: str, call: str, body: Any = None) -> None:
        """Of any message of anybody; only her own with this artist is there for her."""
        found = self.any_message(pick)
        if found is None:
            return
        owner_house, owner, message = found
        status, _ = self.ask(person, house, method, f"/messages/{message.id}/{call}", body)
        hers = owner == person and owner_house is house
        assert status in ({200, 201} if hers else {403, 404}) | ({403} if call != "why" else set())

    def usage(self, person: int, house: House, _pick: int) -> None:
        self.ask(person, house, "GET", "/usage")

    def card(self, person: int, house: House, _pick: int) -> None:
        status, text = self.ask(person, house, "GET", "")
        assert status == 200
        assert house.public in text

    # -- what the team writes ------------------------------------------------------------------------------------

    def edit_persona(self, _person: int, house: House, pick: int) -> None:
        """A new version goes live; one of the other artist's is not there to be put live or copied."""
        version = personas.create_version(house.artist.id, sheet_of(house.public), house.internal, actor=ACTOR)
        put_live(house.artist.id, version.id)
        house.versions.append(version.id)
        every = [(h, key) for h in self.houses for key in h.versions]
        owner, key = every[pick % len(every)]
        if owner is not house:
            assert selectors.written_version(key, artist=house.artist.id) is None
            try:
                release.roll_back(house.artist.id, key, actor=ACTOR, seen=live_number(house.artist.id))
            except NotFound:
                return
            raise Leak("another artist's version was put live")

    def set_mood(self, _person: int, house: House, _pick: int) -> None:
        now = datetime.now(UTC)
        mood = Mood(label="warm", line=house.public, starts_at=now, ends_at=now + timedelta(hours=1))
        personas.save_period(house.artist.id, mood, actor=ACTOR)

    def add_date(self, _person: int, house: House, _pick: int) -> None:
        now = datetime.now(UTC)
        entry = ScheduleEntry(title=house.public, starts_at=now, ends_at=now + timedelta(hours=1))
        personas.save_period(house.artist.id, entry, actor=ACTOR)

    def add_document(self, _person: int, house: House, _pick: int) -> None:
        document = Document(kind="fact", title=unique("title"), text=house.public, source=house.internal)
        corpus.write_document(house.artist.id, document, actor=ACTOR)

    def add_rule(self, _person: int, house: House, _pick: int) -> None:
        phrase = f"{house.internal} {unique('word')}".replace("-", " ")
        moderation.add_rule(house.artist.id, phrase, "block", category=house.internal, actor=ACTOR)

    def set_switch(self, _person: int, house: House, pick: int) -> None:
        """Of a surface that is not built, so that the others of the walk go on."""
        services.set_switch(
            on=bool(pick % 2),
            scope="surface",
            surface="voice",
            artist=house.artist.id,
            reason=house.internal,
            actor=ACTOR,
        )

    def sanction(self, person: int, house: House, pick: int) -> None:
        if person in house.fan_ids:
            with tenant(house.artist.id):
                fan = Fan.objects.get(id=house.fan_ids[person])
            services.change_sanction(
                fan, "muted" if pick % 3 == 0 else "none", None, reason=house.internal, actor=ACTOR
            )

    def decide_case(self, _person: int, house: House, _pick: int) -> None:
        with tenant(house.artist.id):
            case = Case.objects.filter(status="open").first()
            if case is not None:
                review.decide(case, Case.Outcome.UPHELD, house.internal, actor=ACTOR)

    # -- what the team reads -------------------------------------------------------------------------------------

    def read_list(self, _person: int, house: House, pick: int) -> None:
        every = sorted(admin.site._registry, key=lambda model: model._meta.label)
        model = every[pick % len(every)]
        self.page(house, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))

    def read_talk(self, person: int, house: House, pick: int) -> None:
        """A fan of either house: of the other one there is nothing, whoever asks."""
        owner = self.houses[pick % ARTISTS]
        if person in owner.fan_ids:
            talk = reverse("admin:conversations_turn_fan", args=[owner.fan_ids[person]])
            house.console.post(talk, {"reason": "looking for words that are not hers"})
            status = self.page(house, talk)
            assert status == (200 if owner is house else 302)

    def read_turn(self, _person: int, house: House, pick: int) -> None:
        found = self.any_message(pick)
        if found is not None:
            owner, _, message = found
            status = self.page(house, reverse("admin:conversations_turn_change", args=[message.turn_id]))
            assert status == (200 if owner is house else 302)

    def read_rows(self, _person: int, house: House, _pick: int) -> None:
        """By the services' own reads and the managers."""
        with tenant(house.artist.id):
            rows = [*Rule.objects.values_list("phrase", "category"), *Case.objects.values_list("note", "kind")]
            texts = Message.objects.values_list("text", flat=True)
            found = json.dumps([rows, list(texts), list(PersonaVersion.objects.values_list("sheet", "note"))])
        self.check(found, house.own_marks(), "staff, by the managers")
        live = selectors.live_version(artist=house.artist.id)
        assert live is not None
        self.check(json.dumps(live.sheet.to_json()), {house.public}, "the persona")
        mood, coming = (
            selectors.current_mood(artist=house.artist.id),
            selectors.coming_schedule(artist=house.artist.id, limit=50),
        )
        self.check(f"{mood} {coming}", {house.public}, "the persona")


FAN_OPERATIONS = ("join", "say", "history", "memories", "why", "report", "rate", "usage", "card")
TEAM_WRITES = (
    "edit_persona",
    "set_mood",
    "add_date",
    "add_document",
    "add_rule",
    "set_switch",
    "sanction",
    "decide_case",
)
TEAM_READS = ("read_list", "read_talk", "read_turn", "read_rows")
