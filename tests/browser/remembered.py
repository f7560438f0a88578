"""What is remembered of a fan before a test begins: memories with their messages, and replies that speak of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from companion.kernel.clock import rfc3339
from conversations.models import Message
from memory.models import Memory, MemorySettings, MemorySource
from tenancy.context import tenant
from tenancy.models import Artist, Fan
from tests.factories import FanLogin, anywhere, make_exchange


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory, and the message in which the fan said it."""

    memory: Memory
    message: Message
    said_at: datetime


@anywhere
def remember(
    fan: FanLogin, text: str, said: str, *, kind: str = "fact", days_ago: int = 3, message: Message | None = None
) -> Remembered:
    """Said in a message of its own, unless one is given."""
    message = message or make_exchange(fan, said, "I will keep that in mind.")[0]
    keys, said_at = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id}, datetime.now(UTC) - timedelta(days=days_ago)
    with _hers(fan):
        memory = Memory.objects.create(**keys, kind=kind, text=text, said_at=said_at)
        MemorySource.objects.create(**keys, memory=memory, message_id=message.id, quote=said, said_at=said_at)
    return Remembered(memory, message, said_at)


@anywhere
def also_told_by(fan: FanLogin, known: Remembered, other: Remembered) -> None:
    """The message of another memory told this one too."""
    keys = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id, "memory": known.memory}
    with _hers(fan):
        MemorySource.objects.create(
            **keys, message_id=other.message.id, quote=other.message.text, said_at=other.said_at
        )


@anywhere
def reply_of(fan: FanLogin, said: str, reply: str, *known: Remembered, drawn: int = 1, **trace: Any) -> Message:
    """A reply with these memories in its prompt, which speaks of the first `drawn` of them."""
    memories = [
        {
            "id": str(one.memory.id),
            "text": one.memory.text,
            "source": {"message": str(one.message.id), "quote": one.message.text, "said_at": rfc3339(one.said_at)},
        }
        for one in known
    ]
    spoken_of = [{"id": str(one.memory.id), "said_at": rfc3339(one.said_at)} for one in known[:drawn]]
    return make_exchange(fan, said, reply, memories=memories, drawn_on=spoken_of, **trace)[1]


@anywhere
def fan_of(email: str, artist: Artist) -> FanLogin:
    """Who signed up by the page."""
    with tenant(artist.id):
        fan = Fan.objects.select_related("user").get(user__email=email)
    return FanLogin(fan.user, fan, access_token="", session_key="")


@anywhere
def talked(fan: FanLogin, exchanges: int) -> None:
    for n in range(exchanges):
        make_exchange(fan, f"And then, part {n}?", f"Then came part {n}.")


@anywhere
def texts(fan: FanLogin) -> list[str]:
    """What is remembered of her now, oldest first."""
    with _hers(fan):
        return list(Memory.objects.filter(status="active").order_by("id").values_list("text", flat=True))


@anywhere
def allowed(fan: FanLogin) -> tuple[bool, bool]:
    """(paused, special categories) as they are kept."""
    with _hers(fan):
        row = MemorySettings.objects.filter(fan_id=fan.fan.id).first() or MemorySettings()
        return row.paused, row.special_categories


@anywhere
def categorise(remembered: Remembered, category: str, fan: FanLogin) -> None:
    with _hers(fan):
        Memory.objects.filter(id=remembered.memory.id).update(category=category)


@contextmanager
def _hers(fan: FanLogin) -> Iterator[None]:
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        yield
