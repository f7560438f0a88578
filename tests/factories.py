"""Artists, fans and staff for tests: real rows, committed, each test with an artist of its own.

May be called from sync and async tests alike: under a running event loop the work is done in a thread.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from allauth.account.models import EmailAddress
from allauth.headless.tokens.strategies.jwt.internal import create_access_token
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.db import connections

from companion.providers.llm.base import Topic
from conversations.models import Message, Turn, TurnTrace
from memory.models import Memory, MemorySource
from personas import services as personas
from personas.contracts import PersonaSheet
from personas.release import services as release
from tenancy import context, disclosures, services
from tenancy.access import describe
from tenancy.models import Artist, Fan, StaffRole, User
from tenancy.sessions import SessionStore

ACTOR = "command:test"
PASSWORD = "right-horse-battery"
ADULT = date(1990, 5, 17)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FanLogin:
    """A fan who has joined and acknowledged, and a log-in of hers. `password` is good for the account."""

    user: User
    fan: Fan
    access_token: str
    session_key: str
    password: str = PASSWORD

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}


def anywhere(work: Callable[P, T]) -> Callable[P, T]:
    """Lets sync code that uses the ORM be called under a running event loop too."""

    @wraps(work)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return work(*args, **kwargs)

        def apart() -> T:
            try:
                return work(*args, **kwargs)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(apart).result()

    return call


def unique(word: str) -> str:
    return f"{word}-{uuid.uuid4().hex[:10]}"


def a_sheet(**lines: object) -> PersonaSheet:
    """A small persona that can speak; keywords replace fields of the sheet."""
    fields: dict[str, object] = {
        "identity": "A singer who likes rain, old synthesisers and long walks.",
        "greetings": ("Hey, you found me.", "Hello, {name}. Good to hear from you."),
        "farewells": ("Talk soon.",),
        "honesty": ("I am an AI persona, made with the singer's team.",),
        "unknown": ("That I do not know.", "Nobody told me that one."),
        "memory_recall": ("You once told me: {fact}",),
        "memory_empty": ("So far I remember nothing of yours.",),
        "questions": ("What are you listening to these days?",),
        "topics": (Topic("synthesisers", ("My first synthesiser had a broken key.",)),),
        "fallbacks": ("Let us talk about something else.", "I would rather not go there."),
    }
    return PersonaSheet(**(fields | lines))  # type: ignore[arg-type]  # a test's own fields


@anywhere
def make_artist(slug: str | None = None, *, sheet: PersonaSheet | None = None, **fields: object) -> Artist:
    """An artist whose persona is live. `fields` are Artist's own."""
    slug = slug or unique("artist")
    artist = services.create_artist(slug, {"name": slug.title(), "licensed_by": "Nine Records"} | fields, actor=ACTOR)
    personas.create_persona(artist.id, artist.name, actor=ACTOR)
    version = personas.create_version(artist.id, sheet or a_sheet(), "first", actor=ACTOR)
    release.install_first(artist.id, version.id, actor=ACTOR)
    return artist


@cache
def hashed_password() -> str:
    """PASSWORD's hash, made once a process: it is slow on purpose."""
    return make_password(PASSWORD)


@anywhere
def make_user(**fields: object) -> User:
    """An adult in Germany with a confirmed e-mail and the password PASSWORD."""
    defaults: dict[str, object] = {"name": "Robin", "birth_date": ADULT, "country": "DE", "time_zone": "Europe/Berlin"}
    email = f"{unique('fan')}@fans.example"
    user = User.objects.create(email=email, password=hashed_password(), **(defaults | fields))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@anywhere
def make_fan(artist: Artist, *, user: User | None = None, **fields: object) -> FanLogin:
    """A person who has joined the artist, with a fresh log-in."""
    person = user or make_user(**fields)
    with context.tenant(artist.id):
        fan = Fan.objects.create(artist=artist, user=person)
        disclosures.acknowledge(artist.id, fan.id, disclosures.required(describe(person)))
    session = log_in(person)
    return FanLogin(person, fan, create_access_token(person, session, {}), str(session.session_key))


@anywhere
def make_staff(artist: Artist, role: str) -> User:
    """A member of the artist's team, with the password PASSWORD."""
    user = make_user(is_staff=True, birth_date=None)
    with context.tenant(artist.id):
        StaffRole.objects.create(artist=artist, user=user, role=role)
    return user


@anywhere
def token_for(user: User) -> str:
    """An access token of a fresh log-in."""
    return str(create_access_token(user, log_in(user), {}))


def log_in(user: User) -> SessionStore:
    """The session that a log-in leaves behind."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session


def years_ago(years: int) -> date:
    """The birth date of someone who turns that many years old today."""
    today = datetime.now(UTC).date()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - years, day=day)


@anywhere
def make_exchange(
    fan: FanLogin, said: str = "Hello", reply: str = "Hey.", *, took: Mapping[str, float] | None = None, **trace: object
) -> tuple[Message, Message]:
    """An ended turn: the fan's message and the persona's. `trace` is what the trace's context holds; `took` in ms."""
    keys = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id}
    now = datetime.now(UTC)
    with context.tenant(fan.fan.artist_id):
        turn = Turn.objects.create(
            **keys,
            client_message_id=unique("said"),
            body_hash=bytes(32),
            transport="json",
            status=Turn.Status.COMPLETED,
            owner="test",
            lease_until=now,
            ended_at=now,
        )
        messages = [
            Message.objects.create(**keys, turn=turn, role=role, text=text, status="complete", created_at=now)
            for role, text in (("fan", said), ("persona", reply))
        ]
        TurnTrace.objects.create(
            **keys,
            turn=turn,
            prompt=[],
            context=trace,
            provider="offline",
            usage={},
            timings_ms=took or {},
            verdicts={},
        )
    return messages[0], messages[1]


@anywhere
def make_memory(fan: FanLogin, text: str = "She likes rain") -> Memory:
    """Something that is remembered of the fan, with its source."""
    keys, now = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id}, datetime.now(UTC)
    with context.tenant(fan.fan.artist_id):
        memory = Memory.objects.create(**keys, kind="fact", text=text, said_at=now)
        MemorySource.objects.create(**keys, memory=memory, message_id=uuid.uuid4(), quote=text, said_at=now)
    return memory
