"""Sockets end with what they rest on: the login, the account, the fan's standing."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from psycopg.rows import TupleRow

from bench.upstream import ScriptedUpstream
from companion.local.servers import APPLICATION
from tenancy import services, services_fans
from tenancy.context import tenant
from tenancy.contracts import Login
from tenancy.models import Fan
from tests.factories import ACTOR, FanLogin, log_in, make_artist, make_fan
from tests.web import WebProcess, chat, socket_with, ticket

Revoke = Callable[[FanLogin], None]


def log_out(fan: FanLogin) -> None:
    Session.objects.filter(session_key=fan.session_key).delete()


def log_out_everywhere(fan: FanLogin) -> None:
    """From another device than the socket's."""
    login = log_in(fan.user)
    assert services_fans.end_sessions(Login(fan.user.id, str(login.session_key))) == 2


def change_password(fan: FanLogin) -> None:
    fan.user.set_password("another right-horse-battery")
    fan.user.save(update_fields=["password"])


def deactivate(fan: FanLogin) -> None:
    type(fan.user).objects.filter(id=fan.user.id).update(is_active=False)


def sanction(fan: FanLogin) -> None:
    with tenant(fan.fan.artist_id):
        services.change_sanction(Fan.objects.get(id=fan.fan.id), "muted", None, reason="test", actor=ACTOR)


@pytest.mark.parametrize(
    ("revoke", "reason"),
    [
        (log_out, "unauthenticated"),
        (log_out_everywhere, "unauthenticated"),
        (change_password, "unauthenticated"),
        (deactivate, "unauthenticated"),
        (sanction, "sanctioned"),
    ],
)
async def test_a_revocation_closes_the_sockets_that_it_concerns_and_no_others(
    web: WebProcess, upstream: ScriptedUpstream, revoke: Revoke, reason: str
) -> None:
    artist = make_artist()
    fan, other = make_fan(artist), make_fan(artist)
    async with (
        chat(web, fan.access_token, artist.slug) as hers,
        chat(web, other.access_token, artist.slug) as others,
    ):
        await sync_to_async(revoke)(fan)
        assert await hers.closed() == (4403, reason)
        await others.send("ping")
        assert await others.receive() == {"type": "pong"}


@pytest.mark.parametrize("revoke", [log_out, log_out_everywhere, change_password, deactivate])
async def test_a_ticket_of_a_login_that_has_ended_opens_nothing(
    web: WebProcess, upstream: ScriptedUpstream, revoke: Revoke
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    given = await ticket(web, fan.access_token, artist.slug)
    await sync_to_async(revoke)(fan)
    async with socket_with(web, artist.slug, given) as socket:
        assert await socket.closed() == (4401, "unauthenticated")


async def it_reads(table: str, superuser_db: psycopg.Connection[TupleRow]) -> None:
    """Waits until an opening socket waits for a table. The sweep, which reads some too, has a role of its own."""
    waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and usename = %s and query like %s"
    while superuser_db.execute(waits, [APPLICATION, f"%{table}%"]).fetchone() is None:
        await asyncio.sleep(0.01)
        superuser_db.execute("select pg_stat_clear_snapshot()")


@pytest.mark.parametrize(
    ("revoke", "reason"), [(log_out, "unauthenticated"), (deactivate, "unauthenticated"), (sanction, "sanctioned")]
)
async def test_a_revocation_while_a_socket_is_opening_closes_it(
    web: WebProcess,
    upstream: ScriptedUpstream,
    superuser_db: psycopg.Connection[TupleRow],
    revoke: Revoke,
    reason: str,
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    given = await ticket(web, fan.access_token, artist.slug)
    async with chat(web, fan.access_token, artist.slug) as open_already, AsyncExitStack() as stack:
        with superuser_db.transaction():
            superuser_db.execute("lock table conversations_turn in access exclusive mode")
            opening = await stack.enter_async_context(socket_with(web, artist.slug, given))
            await it_reads("conversations_turn", superuser_db)
            await sync_to_async(revoke)(fan)
            assert await open_already.closed() == (4403, reason)  # the process has heard of it
        assert await opening.closed() == (4403, reason)
        assert opening.frames == []


async def test_a_login_that_ends_before_an_opening_socket_looks_at_it_opens_nothing(
    web: WebProcess, upstream: ScriptedUpstream, superuser_db: psycopg.Connection[TupleRow]
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    given = await ticket(web, fan.access_token, artist.slug)
    async with chat(web, fan.access_token, artist.slug) as open_already, AsyncExitStack() as stack:
        with superuser_db.transaction():
            superuser_db.execute("lock table django_session in access exclusive mode")
            opening = await stack.enter_async_context(socket_with(web, artist.slug, given))
            await it_reads("django_session", superuser_db)
            await sync_to_async(change_password)(fan)
            assert await open_already.closed() == (4403, "unauthenticated")  # the process has heard of it
        assert await opening.closed() == (4401, "unauthenticated")
        assert opening.frames == []


async def test_a_sanction_elsewhere_leaves_the_socket_open(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist, elsewhere = make_artist(), make_artist()
    fan = make_fan(artist)
    there = make_fan(elsewhere, user=fan.user)
    async with chat(web, fan.access_token, artist.slug) as socket:
        await sync_to_async(sanction)(there)
        await socket.say("hello", "m1")
        assert (await socket.ending())["type"] == "turn.completed"


async def test_a_client_in_a_loop_is_closed_with_4429(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        for _ in range(200):
            await socket.send("ping")
        assert (await socket.closed())[0] == 4429


async def test_too_many_sockets_are_refused_with_4429(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with AsyncExitStack() as stack:
        for _ in range(8):
            await stack.enter_async_context(chat(web, fan.access_token, artist.slug))
        one_more = await ticket(web, fan.access_token, artist.slug)
        async with socket_with(web, artist.slug, one_more) as socket:
            assert (await socket.closed())[0] == 4429
