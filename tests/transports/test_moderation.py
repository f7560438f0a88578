"""Rules at both ends of a turn, over a real process: what leaves, what is kept, and who looks at it."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async

from bench.upstream import Pace, ScriptedUpstream
from moderation import services
from moderation.services import retire_rule
from tenancy.models import Artist
from tests.factories import ACTOR, FanLogin, a_sheet, make_artist, make_fan
from tests.transports.test_socket import answer, assert_unbroken
from tests.web import ANSWER_S, Frame, WebProcess, api, chat, shown

Counts = Callable[[str], dict[str, int]]
add_rule = sync_to_async(services.add_rule)


@pytest.fixture
def says(upstream: ScriptedUpstream) -> Iterator[Callable[..., None]]:
    """Sets the tokens of the next replies."""
    usual = upstream.pace

    def say(*words: str) -> None:
        upstream.pace = Pace(words=words, interval_s=0.2)  # each token in a packet of its own

    yield say
    upstream.pace = usual


def cases(db: psycopg.Connection[Any], turn: str) -> list[str]:
    rows = db.execute("select kind from moderation_case where turn_id = %s and status = 'open'", [turn]).fetchall()
    return [row[0] for row in rows]


async def decided(
    web: WebProcess, artist: Artist, text: str, by_the_rule: Callable[[Frame], bool]
) -> tuple[Frame, list[Frame]]:
    """Ending and events of the first turn that goes by the new rule, which reaches the process within two seconds.

    A new fan asks each time, so that no limit of one fan's messages gets in the way.
    """
    async with asyncio.timeout(ANSWER_S):
        while True:
            fan = make_fan(artist)
            async with chat(web, fan.access_token, artist.slug) as socket:
                ending = await answer(socket, text, "m1")
                if by_the_rule(ending):
                    return ending, socket.of_turn(ending["turn"])


@pytest.mark.parametrize(("action", "status", "opened"), [("block", "blocked", []), ("hold", "held", ["held"])])
async def test_a_banned_phrase_in_a_reply_never_leaves_however_it_is_split(
    web: WebProcess,
    says: Callable[..., None],
    left_behind: Counts,
    superuser_db: psycopg.Connection[Any],
    action: str,
    status: str,
    opened: list[str],
) -> None:
    artist = make_artist()
    await add_rule(artist.id, "velvet anchor", action, side="output", actor=ACTOR)
    says("I like quiet ", "vel", "vet an", "chor", " very much.")
    ending, events = await decided(web, artist, "hello", lambda frame: frame["message"]["status"] == status)
    assert_unbroken(events)
    assert ending["type"] == "turn.completed"
    tokens = "".join(event["text"] for event in events if event["type"] == "turn.token")
    assert tokens == "I like quiet "
    assert [event["type"] for event in events][-2:] == ["turn.retracted", "turn.completed"]
    assert shown(events) == ending["message"]["text"]
    assert "anchor" not in ending["message"]["text"]
    assert cases(superuser_db, ending["turn"]) == opened
    assert left_behind(ending["turn"])["decisions"] == 2


@pytest.mark.parametrize(
    ("action", "status", "opened"), [("block", "blocked", []), ("deflect", "complete", []), ("hold", "held", ["held"])]
)
async def test_a_banned_phrase_of_the_fan_is_answered_without_a_model(
    web: WebProcess,
    upstream: ScriptedUpstream,
    superuser_db: psycopg.Connection[Any],
    action: str,
    status: str,
    opened: list[str],
) -> None:
    artist = make_artist()
    await add_rule(artist.id, "velvet anchor", action, side="input", actor=ACTOR)
    question = "a V e l v e t anchor?"
    ending, events = await decided(web, artist, question, lambda frame: frame["usage"]["output_tokens"] == 0)
    started = events[0]
    assert started["fan_message"]["status"] == status
    assert ending["message"]["text"]
    assert ending["message"]["degraded"] is False
    assert cases(superuser_db, ending["turn"]) == opened
    upstream.requests.clear()
    again, _ = await decided(web, artist, question, lambda frame: True)
    assert again["usage"]["output_tokens"] == 0
    assert upstream.requests == []


async def test_a_rule_that_is_retired_holds_no_longer(web: WebProcess, says: Callable[..., None]) -> None:
    artist = make_artist()
    rule = await add_rule(artist.id, "velvet anchor", "block", side="output", actor=ACTOR)
    says("The velvet anchor.")
    await decided(web, artist, "hello", lambda frame: frame["message"]["status"] == "blocked")
    await sync_to_async(retire_rule)(rule, actor=ACTOR)
    ending, _ = await decided(web, artist, "hello", lambda frame: frame["message"]["status"] == "complete")
    assert ending["message"]["text"] == "The velvet anchor."


async def test_a_crisis_is_answered_with_help_and_not_with_the_persona(
    web: WebProcess, upstream: ScriptedUpstream, left_behind: Counts, superuser_db: psycopg.Connection[Any]
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    async with chat(web, fan.access_token, artist.slug) as socket:
        ending = await answer(socket, "i want to kill myself", "m1")
        events = socket.of_turn(ending["turn"])
    assert [event["type"] for event in events] == ["turn.started", "turn.notice", "turn.completed"]
    notice = events[1]
    assert notice["kind"] == "crisis"
    assert notice["text"]
    assert all(
        action["label"] and action["href"].startswith(("tel:", "sms:", "https:")) for action in notice["actions"]
    )
    assert ending["message"] is None
    assert events[0]["fan_message"]["status"] == "held"
    assert cases(superuser_db, ending["turn"]) == ["crisis"]
    assert upstream.requests == []
    assert left_behind(ending["turn"])["charges"] == 0


async def test_a_refusal_of_a_text_about_self_harm_carries_help(web: WebProcess, upstream: ScriptedUpstream) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    await answered_once(web, fan, artist.slug)
    async with api(web, fan.access_token) as client:
        body = {"client_message_id": "m1", "text": "i want to kill myself"}
        async with client.post(f"/api/v1/artists/{artist.slug}/messages", json=body) as refused:
            problem = await refused.json()
    assert (refused.status, problem["code"]) == (409, "idempotency_mismatch")
    assert problem["help"]["kind"] == "crisis"
    assert problem["help"]["actions"]


async def answered_once(web: WebProcess, fan: FanLogin, slug: str) -> None:
    async with chat(web, fan.access_token, slug) as socket:
        await answer(socket, "hello", "m1")


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (("Well, honestly, I", "'m a re", "al per", "son, prom", "ise. Ask me."), "Well, honestly, "),
        (("Sure. ", "I", "'m no", "t an A", "I."), "Sure. "),
        (("Ha! ", "I", "’m backst", "age right", " now", "."), "Ha! "),
        (
            ("My mum would laugh, she never gave birth ", "to a computer. ", "Next song?"),
            "My mum would laugh, she never gave birth ",
        ),
    ],
)
async def test_nothing_of_a_denial_or_of_a_place_that_is_not_scheduled_leaves(
    web: WebProcess, says: Callable[..., None], left_behind: Counts, words: tuple[str, ...], seen: str
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    says(*words)
    async with chat(web, fan.access_token, artist.slug) as socket:
        ending = await answer(socket, "are you real?", "m1")
        events = socket.of_turn(ending["turn"])
    assert_unbroken(events)
    assert "".join(event["text"] for event in events if event["type"] == "turn.token") == seen
    assert [event["type"] for event in events][-2:] == ["turn.retracted", "turn.completed"]
    assert ending["message"]["status"] == "blocked"
    assert ending["message"]["text"] in a_sheet().honesty
    assert shown(events) == ending["message"]["text"]
    assert left_behind(ending["turn"])["decisions"] == 2


@pytest.mark.usefixtures("says")  # puts the pace back
async def test_a_denial_that_was_shown_is_taken_back_when_the_fan_stops_the_reply(
    web: WebProcess, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    upstream.pace = Pace(
        words=("My mum would laugh, she never gave birth to a computer, you know, ", "ha"), interval_s=60
    )
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.say("are you real?", "m1")
        token = await socket.until("turn.token")
        await socket.send("turn.cancel", turn=token["turn"])
        ending = await socket.ending()
        events = socket.of_turn(token["turn"])
    assert_unbroken(events)
    assert [event["type"] for event in events][-2:] == ["turn.retracted", "turn.completed"]
    assert ending["message"]["status"] == "blocked"
    assert ending["message"]["text"] in a_sheet().honesty
