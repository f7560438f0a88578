"""Ids are UUIDv7: opaque to clients, ordered by time for the indexes."""

import uuid
from datetime import UTC, datetime

from uuid_utils import compat

from companion.kernel.errors import NotFound


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 as the standard library's UUID, which Django and psycopg take as it is."""
    return compat.uuid7()


def moment_of(id_: uuid.UUID) -> datetime:
    """When a UUIDv7 was made, to the millisecond; for any other id the epoch."""
    milliseconds = id_.int >> 80 if id_.version == 7 else 0
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def id_of(value: str) -> uuid.UUID:
    """An id of an address. Raises NotFound: one that cannot be an id names nothing."""
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise NotFound from error
