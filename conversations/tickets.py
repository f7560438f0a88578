"""Making tickets: what a client without an Authorization header opens its socket with (transports/tickets.py)."""

import secrets
from datetime import UTC, datetime, timedelta

import orjson
from redis.exceptions import RedisError

from companion.kernel.errors import Unavailable
from companion.kernel.lifecycle import lifecycle
from companion.kernel.sync_redis import client
from conversations.transports.tickets import ticket_key
from tenancy.contracts import FanAccess, Login

GOOD_FOR_S = 30


def issue(login: Login, access: FanAccess) -> tuple[str, datetime]:
    """A ticket and when it expires. Raises Unavailable while this process drains, or with Redis away."""
    if lifecycle.draining:
        raise Unavailable
    ticket = secrets.token_urlsafe(32)
    bound = {
        "artist": str(access.artist),
        "fan": str(access.fan),
        "user": str(login.user),
        "session": login.session_key,
        "slug": access.slug,
    }
    try:
        client().set(ticket_key(ticket), orjson.dumps(bound), ex=GOOD_FOR_S)
    except (RedisError, OSError) as error:
        raise Unavailable from error
    return ticket, datetime.now(UTC) + timedelta(seconds=GOOD_FOR_S)
