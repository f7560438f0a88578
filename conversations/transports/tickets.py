"""Taking a ticket: single use, 30 s, bound to one login and artist. REST makes them (companion/api), stored hashed."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import orjson
from redis.asyncio import Redis


@dataclass(frozen=True, slots=True)
class Ticket:
    artist: UUID
    fan: UUID
    user: UUID
    session: str
    slug: str


def ticket_key(ticket: str) -> str:
    """Where a ticket lies in Redis: its hash, so that a dump of Redis opens no socket."""
    return f"ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"


async def take(redis: "Redis", ticket: str) -> Ticket | None:
    """Takes the ticket; None when it is unknown, used or expired. Raises RedisError."""
    stored = await redis.getdel(ticket_key(ticket))
    if stored is None:
        return None
    body = orjson.loads(stored)
    return Ticket(UUID(body["artist"]), UUID(body["fan"]), UUID(body["user"]), body["session"], body["slug"])
