"""What a fan has had forgotten stands nowhere but in the talk that she sees: in no table, no key of Redis, no job.

A web process answers, and the jobs run here as a worker runs them.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.utils import timezone
from django_rq import get_queue
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier
from rq.serializers import JSONSerializer

from bench.upstream import Pace
from companion.kernel import sync_redis
from companion.kernel.ids import new_id
from companion.kernel.management.commands.worker import CompanionQueue, CompanionWorker
from companion.kernel.models import OutboxEvent
from companion.kernel.relay import deliver
from companion.subscriptions import SUBSCRIPTIONS
from conversations import forgetting
from conversations.services import end_session
from tests.factories import FanLogin, make_artist, make_fan
from tests.ops.processes import until
from tests.upstream import resume, upstream_thread
from tests.web import WebProcess, api

# The talk itself. Of a reply its events are kept for 10 minutes, so that a client can resume it, and its ending.
TALK = {("conversations_message", "text"), ("conversations_turn", "ending")}
EVENTS = re.compile(rb"turn:\{.*\}:events")
Database = psycopg.Connection[TupleRow]


@pytest.fixture(scope="module")
def web() -> Iterator[WebProcess]:
    web = WebProcess(COMPANION_RATE_LIMITS="off").start()
    yield web
    web.stop()


class Talk:
    """A fan before a web process."""

    def __init__(self, web: WebProcess, login: FanLogin, slug: str) -> None:
        self._web, self._login, self._slug = web, login, slug
        self.fan = login.fan.id

    def at(self, web: WebProcess) -> "Talk":
        """The same fan before another process."""
        return Talk(web, self._login, self._slug)

    def say(self, *texts: str) -> list[str]:
        """The replies."""
        sent = [{"client_message_id": str(new_id()), "text": text} for text in texts]
        return [self.ask("POST", "messages", body)["message"]["text"] for body in sent]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return asyncio.run(self._ask(method, path, body))

    async def _ask(self, method: str, path: str, body: Any) -> Any:
        address = f"/api/v1/artists/{self._slug}/{path}"
        token = self._login.access_token
        async with api(self._web, token) as client, client.request(method, address, json=body) as answer:
            assert answer.status in (200, 204), await answer.text()
            return await answer.json() if answer.status == 200 else None

    def memories(self) -> list[Any]:
        return list(self.ask("GET", "memories")["items"])

    def end(self) -> None:
        end_session(artist=self._login.fan.artist_id, fan=self.fan)
        run_jobs()


@pytest.fixture
def talk(web: WebProcess) -> Talk:
    """No event of another test waits."""
    OutboxEvent.objects.using("system").filter(delivered_at__isnull=True).update(delivered_at=timezone.now())
    artist = make_artist()
    return Talk(web, make_fan(artist), artist.slug)


def run_jobs() -> None:
    """All that the outbox asks for, until nothing is left."""
    queue = get_queue("default", queue_class=CompanionQueue)
    while deliver(SUBSCRIPTIONS):
        worker = CompanionWorker([queue], connection=queue.connection, serializer=JSONSerializer)
        worker.work(burst=True, logging_level="WARNING")
    assert not queue.failed_job_registry.get_job_ids()


def places(database: Database, word: str) -> set[tuple[str, str]]:
    """(table, column) of whatever holds the word, and ("redis", key)."""
    columns = database.execute(
        """select table_name, column_name from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where table_schema = 'public' and table_type = 'BASE TABLE'"""
    ).fetchall()
    found = {(table, column) for table, column in columns if _holds(database, table, column, word)}
    redis = sync_redis.client()
    keys = [key for key in redis.scan_iter() if word in f"{key!r} {_value(redis, key)!r}".lower()]
    return found | {("redis", key.decode()) for key in keys if not EVENTS.fullmatch(key)}


def _holds(database: Database, table: str, column: str, word: str) -> bool:
    statement = SQL("select from {} where {}::text ilike %s limit 1").format(Identifier(table), Identifier(column))
    return database.execute(statement, [f"%{word}%"]).fetchone() is not None


def _value(redis: Any, key: bytes) -> Any:
    kind = redis.type(key).decode()
    read = {
        "hash": redis.hgetall,
        "list": lambda key: redis.lrange(key, 0, -1),
        "set": redis.smembers,
        "zset": lambda key: redis.zrange(key, 0, -1),
        "stream": redis.xrange,
        "string": redis.get,
        "none": lambda key: None,  # expired since it was listed
    }
    return read[kind](key)


def a_word() -> str:
    """That stands nowhere yet. No letter of it comes three times in a row, which is read as stress ("sooo")."""
    return f"z{'o'.join(new_id().hex[-8:])}"


def left(database: Database, word: str) -> set[tuple[str, str]]:
    return places(database, word) - TALK


def forget_each(talk: Talk) -> None:
    for memory in talk.memories():
        talk.ask("DELETE", f"memories/{memory['id']}")


def forget_all(talk: Talk) -> None:
    talk.ask("DELETE", "memories")


def correct_each(talk: Talk) -> None:
    for memory in talk.memories():
        talk.ask("PATCH", f"memories/{memory['id']}", {"text": "you told me something else"})


NAME = ("My dog is called {}.", "{} barked all night", "What is the name of my dog?")
LOWER = ("my dog is called {}", "{} barked all night", "what is my dog called?")
TASTE = ("I love {} cake", "{} is the best", "What do I love to eat?")
PLACE = ("I live in {}", "It rains in {} today", "Where do I live?")
WORK = ("I work as a {} at the harbour", "Being a {} is hard", "What do I do?")
LINES = ("My dog is called {}.\n\n[happy] “{}” he is", "{}\n{}", "What is the name of my dog?")


@pytest.mark.parametrize(
    ("undo", "told"),
    [
        *((forget_each, told) for told in (NAME, LOWER, TASTE, PLACE, WORK, LINES)),
        *((undo, told) for undo in (forget_all, correct_each) for told in (LOWER, PLACE)),
    ],
)
def test_what_is_forgotten_or_put_right_is_gone_and_does_not_come_back(
    talk: Talk, superuser_db: Database, undo: Callable[[Talk], None], told: Sequence[str]
) -> None:
    word = a_word()
    tells, tells_more, asks = (line.format(*[word] * 2) for line in told)
    talk.say("Hello", tells, tells_more, asks)
    talk.end()
    talk.say("Do you remember?", asks)
    talk.end()
    assert {("memory_memory", "text"), ("memory_archiveline", "text")} <= left(superuser_db, word)
    undo(talk)
    run_jobs()
    assert left(superuser_db, word) == set()
    replies = talk.say(asks, "What do you know of me?", "And of my dog, my home, my work?")
    talk.end()
    assert left(superuser_db, word) == set()
    assert not [reply for reply in replies if word in reply.lower()]


def test_what_is_forgotten_while_a_reply_tells_it_is_gone_once_the_reply_has_ended(
    talk: Talk, superuser_db: Database
) -> None:
    word = a_word()
    talk.say("Hello", f"my dog is called {word}")
    talk.end()
    words = "Sure, ", "he ", "is ", "called ", f"{word}."
    with ThreadPoolExecutor() as thread, held_reply(*words) as (web, go_on):
        reply = thread.submit(talk.at(web).say, "what is my dog called?")
        until(lambda: _is_running(superuser_db, talk.fan))
        forget_each(talk)
        run_jobs()
        assert _is_running(superuser_db, talk.fan)
        go_on()
        (said,) = reply.result()
    assert word in said
    run_jobs()
    forgetting.sweep(datetime.now(UTC) + 2 * forgetting.ASKED_AGAIN)
    run_jobs()
    assert left(superuser_db, word) == set()
    assert not [reply for reply in talk.say("what is my dog called?", "And now?") if word in reply]
    talk.end()
    assert left(superuser_db, word) == set()


@contextmanager
def held_reply(*words: str) -> Iterator[tuple[WebProcess, Callable[[], None]]]:
    """A web process whose next reply ends no earlier than it is told to."""
    with upstream_thread() as upstream:
        upstream.pace = Pace(words=words)
        upstream.play("held")
        model = {"COMPANION_LLM": "openai", "COMPANION_LLM_BASE_URL": upstream.url, "COMPANION_LLM_MODEL": "scripted"}
        web = WebProcess(COMPANION_RATE_LIMITS="off", **model).start()
        try:
            yield web, lambda: resume(upstream)
        finally:
            resume(upstream)
            web.stop()


def _is_running(database: Database, fan: UUID) -> bool:
    turns = "select from conversations_turn where fan_id = %s and status = 'running'"
    return database.execute(turns, [fan]).fetchone() is not None


def test_what_was_special_goes_with_consent_and_does_not_come_back_with_it(talk: Talk, superuser_db: Database) -> None:
    word = a_word()
    talk.ask("PATCH", "memory-settings", {"special_categories": True})
    talk.say("Hello", f"I'm allergic to {word}", f"a little {word} and I sneeze", "It rains", "What am I allergic to?")
    talk.end()
    talk.say("Do you remember my allergy?")
    talk.end()
    assert {("memory_memory", "text"), ("memory_archiveline", "text")} <= left(superuser_db, word)
    for consent in (False, True):
        talk.ask("PATCH", "memory-settings", {"special_categories": consent})
        run_jobs()
        replies = talk.say("What am I allergic to?", "What do you know of me?", "It rains again")
        talk.end()
        assert left(superuser_db, word) == set()
        assert not [reply for reply in replies if word in reply]


def test_what_was_said_off_the_record_is_gone_once_the_pause_is_over(talk: Talk, superuser_db: Database) -> None:
    word = a_word()
    talk.ask("PATCH", "memory-settings", {"paused": True})
    (*_, told) = talk.say("Hello", f"My dog is called {word}", "What is my dog called?")
    assert word in told
    talk.end()
    assert talk.memories() == []
    talk.ask("PATCH", "memory-settings", {"paused": False})
    run_jobs()
    assert left(superuser_db, word) == set()
    replies = talk.say("What is my dog called?", "What do you know of me?")
    talk.end()
    assert left(superuser_db, word) == set()
    assert not [reply for reply in replies if word in reply]
