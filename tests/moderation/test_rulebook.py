"""The rules of a process: loaded at boot, reloaded by the change feed, followed by running replies, or closed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from psycopg.rows import TupleRow

from companion.kernel.changes import ChangeFeed
from companion.kernel.postgres import Pool, open_pool
from moderation import services
from moderation.contracts import Action
from moderation.models import Rule
from moderation.rulebook import RuleBook
from tests.moderation.people import ACTOR, House


@dataclass
class Process:
    """What a web process has: a pool of the system role, a feed, a rulebook."""

    pool: Pool
    feed: ChangeFeed
    book: RuleBook


async def make_process() -> Process:
    pool = await open_pool(settings.DATABASE_SYSTEM_URL, size=2, name="test-rules")
    feed = ChangeFeed(pool)
    return Process(pool, feed, RuleBook(pool, feed))


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    started = await make_process()
    await started.feed.start()
    yield started
    await started.pool.close()


async def add(artist: UUID | None, phrase: str, action: str = "block", side: str = "both") -> Rule:
    return await sync_to_async(services.add_rule)(artist, phrase, action, side=side, actor=ACTOR)


async def retire(rule: Rule) -> None:
    await sync_to_async(services.retire_rule)(rule, actor=ACTOR)


async def test_rules_of_before_the_boot_hold_from_the_start(house: House) -> None:
    rule = await add(house.artist.id, "purple pizza", "hold")
    process = await make_process()
    try:
        await process.feed.start()
        verdict = process.book.ruleset(house.artist.id).check_input("one PURPLE pizza!")
        assert (verdict.action, verdict.rule_ids) == (Action.HOLD, (str(rule.pk),))
    finally:
        await process.pool.close()


async def test_a_rule_added_and_retired_is_known_after_the_next_poll(process: Process, house: House) -> None:
    artist = house.artist.id
    assert process.book.ruleset(artist).check_input("purple pizza").allowed
    rule = await add(artist, "purple pizza")
    await process.feed.poll_now()
    assert process.book.ruleset(artist).check_input("purple pizza").action is Action.BLOCK
    await retire(rule)
    await process.feed.poll_now()
    assert process.book.ruleset(artist).check_input("purple pizza").allowed


async def test_an_artists_rule_binds_no_other_artist(process: Process, house: House, other_house: House) -> None:
    await add(house.artist.id, "purple pizza")
    await add(other_house.artist.id, "green tea")
    await process.feed.poll_now()
    assert process.book.ruleset(other_house.artist.id).check_input("purple pizza").allowed
    assert not process.book.ruleset(other_house.artist.id).check_input("green tea").allowed
    assert process.book.ruleset(uuid4()).check_input("purple pizza and green tea").allowed


async def test_a_global_rule_binds_artists_with_and_without_rules_of_their_own(process: Process, house: House) -> None:
    phrase = f"word{uuid4().hex}"
    await add(house.artist.id, "purple pizza")
    shared = await add(None, phrase)
    await process.feed.poll_now()
    for artist in (house.artist.id, uuid4()):
        assert process.book.ruleset(artist).check_input(f"so {phrase}?").rule_ids == (str(shared.pk),)
    assert not process.book.ruleset(house.artist.id).check_input("purple pizza").allowed
    await retire(shared)
    await process.feed.poll_now()
    assert process.book.ruleset(house.artist.id).check_input(phrase).allowed


async def test_a_running_reply_follows_a_rule_that_appears_and_one_that_goes(process: Process, house: House) -> None:
    rule = await add(house.artist.id, "purple pizza with olives")
    await process.feed.poll_now()
    reply = process.book.output_filter(house.artist.id)
    assert reply.feed("take the purple pizza") == "take the "
    await retire(rule)
    await process.feed.poll_now()
    assert reply.feed(" and a green") == "purple pizza and a green"
    await add(house.artist.id, "green tea")
    await process.feed.poll_now()
    assert reply.feed(" tea.") == ""
    assert reply.hit is not None
    assert reply.finish() == ""


async def test_nothing_passes_before_the_first_read_but_help(house: House) -> None:
    process = await make_process()
    try:
        rules = process.book.ruleset(house.artist.id)
        assert (rules.check_input("hello").action, rules.check_input("hello").source) == (
            Action.BLOCK,
            "rules_unreadable",
        )
        assert rules.check_input("I want to die").action is Action.CRISIS
        reply = process.book.output_filter(house.artist.id)
        assert reply.feed("hello") == ""
        assert reply.hit is not None
    finally:
        await process.pool.close()


async def test_an_artist_whose_rules_make_no_sense_is_closed_and_others_are_not(
    process: Process, house: House, other_house: House, superuser_db: psycopg.Connection[TupleRow]
) -> None:
    rule = await add(house.artist.id, "purple pizza")
    await process.feed.poll_now()
    running = process.book.output_filter(house.artist.id)
    assert running.feed("hello ") == "hello "
    superuser_db.execute("update moderation_rule set phrase = '…' where id = %s", [rule.pk])
    await process.feed.poll_now()
    assert running.feed("again") == ""
    assert process.book.ruleset(house.artist.id).check_input("hello").source == "rules_unreadable"
    assert process.book.ruleset(other_house.artist.id).check_input("hello").allowed
    superuser_db.execute("update moderation_rule set phrase = 'pizza' where id = %s", [rule.pk])
    await process.feed.poll_now()
    assert process.book.ruleset(house.artist.id).check_input("hello").allowed


async def test_a_failing_read_keeps_the_last_good_rules_and_is_tried_again(
    process: Process, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = await add(house.artist.id, "purple pizza")
    await process.feed.poll_now()
    monkeypatch.setattr("moderation.rulebook.READ", "select nothing from nowhere where %(all)s and %(artists)s is null")
    await retire(rule)
    with pytest.raises(psycopg.Error):
        await process.feed.poll_now()
    assert not process.book.ruleset(house.artist.id).check_input("purple pizza").allowed
    monkeypatch.undo()
    await process.feed.poll_now()
    assert process.book.ruleset(house.artist.id).check_input("purple pizza").allowed
