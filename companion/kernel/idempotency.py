"""`Idempotency-Key`: the same key and body get the same answer for 24 hours, a person and route (contract.md).

The place is taken in Redis before the work begins, so that two at once do not both do it; an answer is kept only when
the work succeeded, so that a refused request may be mended and sent again under its key.
"""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from redis.exceptions import RedisError

from companion.kernel.errors import Conflict, FieldError, IdempotencyMismatch, Unavailable, ValidationFailed
from companion.kernel.sync_redis import client

KEPT_S = 24 * 60 * 60
RUNNING_S = 60  # longer than any request; a process that died gives the key back after it
LONGEST_KEY = 200

Answer = dict[str, Any]


def once(key: str | None, *, person: UUID, route: str, body: bytes, work: Callable[[], Answer]) -> Answer:
    """The answer of `work()`, done once for this key. Without a key it is just done.

    Raises IdempotencyMismatch for another body, Conflict while the first still runs, Unavailable with Redis away, and
    what `work` raises.
    """
    if key is None:
        return work()
    place, digest = _place(key, person, route), hashlib.sha256(body).hexdigest()
    known = _take(place, digest)
    if known is not None:
        return _repeat(known, digest)
    try:
        answer = work()
    except BaseException:
        _give_back(place)
        raise
    _keep(place, digest, answer)
    return answer


def _place(key: str, person: UUID, route: str) -> str:
    if not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        raise ValidationFailed(
            errors=(FieldError("Idempotency-Key", "length", f"1 to {LONGEST_KEY} printable characters are needed."),)
        )
    return f"idempotency:{hashlib.sha256(f'{person}:{route}:{key}'.encode()).hexdigest()}"


def _take(place: str, digest: str) -> bytes | None:
    """None when the place is ours now, else what lies there."""
    running = orjson.dumps({"body": digest, "answer": None})
    try:
        while True:
            if client().set(place, running, nx=True, ex=RUNNING_S):
                return None
            known = client().get(place)
            if isinstance(known, bytes):
                return known
    except (RedisError, OSError) as error:
        raise Unavailable from error


def _repeat(known: bytes, digest: str) -> Answer:
    kept = orjson.loads(known)
    if kept["body"] != digest:
        raise IdempotencyMismatch
    if kept["answer"] is None:
        raise Conflict(retry_after_s=1)
    answer: Answer = kept["answer"]
    return answer


def _keep(place: str, digest: str, answer: Answer) -> None:
    try:
        client().set(place, orjson.dumps({"body": digest, "answer": answer}), ex=KEPT_S)
    except (RedisError, OSError) as error:
        raise Unavailable from error


def _give_back(place: str) -> None:
    try:
        client().delete(place)
    except (RedisError, OSError) as error:
        raise Unavailable from error
