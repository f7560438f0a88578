"""Thousands of mixed things that fans and teams do, and nobody ever reads a word that was somebody else's."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenancy.context import tenant
from tenancy.models import Artist
from tests.factories import make_artist, make_fan
from tests.isolation import canaries
from tests.isolation.canaries import FAN_OPERATIONS, MARK, PEOPLE, TEAM_READS, TEAM_WRITES, Leak, Street, new_mark
from tests.web import WebProcess, chat

EXAMPLES = 18
STEPS = 120
# How often each comes up: talk most of all, and pages, which take longest, least.
OPERATIONS = [*FAN_OPERATIONS * 3, *["say"] * 4, "join", *TEAM_WRITES * 3, *TEAM_READS]
WALK = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, PEOPLE - 1), st.integers(0, 1), st.integers(0, 99)),
    min_size=STEPS,
    max_size=STEPS,
)


@pytest.fixture(scope="module")
def people() -> Iterator[list[canaries.PersonLogin]]:
    """Rates are not what is tested: everybody does a great deal in a short time here."""
    with override_settings(RATE_LIMITS=False):
        yield canaries.make_people()


def test_nobody_reads_a_word_of_somebody_elses(people: list[canaries.PersonLogin]) -> None:
    done: dict[str, int] = {}

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(walk=WALK)
    def live(walk: list[tuple[str, int, int, int]]) -> None:
        street = Street(people)
        for person in range(PEOPLE):
            street.join(person, street.houses[person % 2], 0)
        for operation, person, house, pick in walk:
            street.do(operation, person, house, pick)
            done[operation] = done.get(operation, 0) + 1

    live()
    assert sum(done.values()) >= EXAMPLES * STEPS
    assert set(done) == {*FAN_OPERATIONS, *TEAM_WRITES, *TEAM_READS}


def test_the_walk_sees_a_word_that_is_put_where_another_fan_reads_it(people: list[canaries.PersonLogin]) -> None:
    street = Street(people)
    here, there = street.houses
    for person in (0, 1):
        street.join(person, here, 0)
    street.say(0, here, 0)
    street.history(0, here, 0)
    street.read_talk(0, here, 0)
    with tenant(here.artist.id):
        said = here.said[0][0]
        said.text = f"words of {here.fans[1]}"
        said.save()
    with pytest.raises(Leak):
        street.history(0, here, 0)
    street.read_talk(0, here, 0)  # her team may read both
    with tenant(here.artist.id):
        said.text = f"words of {there.public}"
        said.save()
    with pytest.raises(Leak):
        street.read_talk(0, here, 0)


async def test_fans_who_chat_at_once_are_told_nothing_of_each_other(
    web: WebProcess, superuser_db: psycopg.Connection[Any]
) -> None:
    """Over sockets, through the turn service, with the offline provider, which speaks from the prompt alone."""
    artists = {mark: make_artist(sheet=canaries.sheet_of(mark)) for mark in (new_mark(), new_mark())}
    talks = [_chat(web, artist, public, new_mark()) for public, artist in artists.items() for _ in range(3)]
    for fan, allowed in await asyncio.gather(*talks):
        stored = superuser_db.execute(
            "select prompt::text || context::text from conversations_turntrace where fan_id = %s", [fan]
        ).fetchall()
        assert len(stored) == len(QUESTIONS)
        for (text,) in stored:
            assert set(MARK.findall(text)) == allowed


QUESTIONS = ("Hello!", "What was your first synthesiser?", "What can you remember of me?", "Who else talks to you?")


async def _chat(web: WebProcess, artist: Artist, public: str, own: str) -> tuple[object, set[str]]:
    """One fan's talk; every frame that she gets is searched."""
    fan = make_fan(artist, name=own)
    async with chat(web, fan.access_token, artist.slug) as socket:
        for number, question in enumerate(QUESTIONS):
            await socket.say(f"{question} I am {own}.", f"{own}-{number}")
            assert (await socket.ending())["type"] == "turn.completed"
    allowed = {public, own}
    told = set(MARK.findall(json.dumps(socket.frames)))
    assert told <= allowed
    assert own in told
    return fan.fan.id, allowed
