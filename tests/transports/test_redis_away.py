"""With Redis away nothing is admitted, a running turn ends within its patience, and memory comes back from Postgres."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis as Client

from bench.upstream import ScriptedUpstream
from companion.local.redis import Redis
from tests.factories import make_artist, make_fan
from tests.transports.test_socket import answer
from tests.web import WebProcess, api, chat

Counts = Callable[[str], dict[str, int]]
Written = Callable[[object], int]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis of this test's own, which it may stop."""
    server = Redis(tmp_path, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_web(environment: dict[str, str], redis: Redis) -> Iterator[WebProcess]:
    process = WebProcess(**environment, REDIS_URL=redis.url).start()
    yield process
    process.stop()


async def test_a_running_turn_fails_and_nothing_new_is_admitted_while_redis_is_away(
    own_web: WebProcess,
    redis: Redis,
    slow_upstream: ScriptedUpstream,
    left_behind: Counts,
    written: Written,
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(own_web, fan.access_token, artist.slug) as socket:
        await socket.say("hello", "m1")
        token = await socket.until("turn.token")
        redis.stop()
        failed = await socket.ending()
        assert (failed["type"], failed["error"]["code"]) == ("turn.failed", "unavailable")
        assert failed["message"]["status"] == "failed"
        await socket.say("are you there?", "m2")
        assert (await socket.until("error"))["code"] == "unavailable"
        async with api(own_web, fan.access_token) as client:
            body = {"client_message_id": "m3", "text": "hello?"}
            async with client.post(f"/api/v1/artists/{artist.slug}/messages", json=body) as refused:
                assert (refused.status, (await refused.json())["code"]) == (503, "unavailable")
            async with client.get("/readyz") as readiness:
                dependencies = (await readiness.json())["dependencies"]
        assert (readiness.status, dependencies["redis"]["ok"], dependencies["postgres"]["ok"]) == (503, False, True)
        assert written(fan.fan.id) == 1
        assert left_behind(token["turn"])["charges"] == 0
        await socket.send("turn.resume", turn=token["turn"], after=token["seq"])
        assert await socket.ending() == failed


async def test_short_term_memory_comes_back_from_postgres_when_redis_lost_it(
    own_web: WebProcess, redis: Redis, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(own_web, fan.access_token, artist.slug) as socket:
        await answer(socket, "my cat is called Miso", "m1")
        await answer(socket, "and my dog Udon", "m2")
        with Client.from_url(redis.url) as client:
            client.flushall()
        await answer(socket, "who are they?", "m3")
    said = [(message["role"], message["content"]) for message in upstream.requests[-1]["messages"][1:]]
    assert said == [
        ("user", "my cat is called Miso"),
        ("assistant", "Listen out there."),
        ("user", "and my dog Udon"),
        ("assistant", "Listen out there."),
        ("user", "who are they?"),
    ]
