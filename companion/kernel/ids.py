"""Ids are UUIDv7: opaque to clients, ordered by time for the indexes."""

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """A fresh UUIDv7 as the standard library's UUID, which Django and psycopg take as it is."""
    return compat.uuid7()
