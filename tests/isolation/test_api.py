"""An id of somebody else is answered like an id that never was: every operation of the API, every kind of stranger."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest

from companion.api import api
from tests.factories import FanLogin, make_memory
from tests.isolation.asking import ID, Talk, ask, ask_for, say
from tests.isolation.surfaces import Operation, naming_operations
from tests.isolation.world import World, never_was
from tests.web import WebProcess

OPERATIONS = naming_operations(dict(api.get_openapi_schema()))
Untouched = Callable[[], AbstractContextManager[None]]

# Who asks, below whose slug, and what an id that never was is answered with. `herself` is the same person as a fan of
# the other artist; `staff` are the other artist's owner, who is a fan there too.
STRANGERS = [
    ("neighbour", "hers", 404),
    ("outsider", "hers", 403),
    ("outsider", "theirs", 404),
    ("staff", "hers", 403),
    ("staff", "theirs", 404),
    ("herself", "theirs", 404),
    ("anonymous", "hers", 401),
    ("anonymous", "theirs", 401),
]


def login(world: World, who: str) -> FanLogin | None:
    found: FanLogin | None = getattr(world, who, None)
    assert (found is None) == (who == "anonymous")
    return found


def key_of(operation: Operation, talk: Talk) -> UUID:
    return UUID(talk.turn if operation.ids == ("turn",) else talk.message)


def keys_of(operation: Operation, world: World, talk: Talk) -> tuple[UUID, UUID]:
    """The id that strangers ask for, and the one that shows first that it works: what is forgotten is gone."""
    if operation.ids != ("memory",):
        return (key_of(operation, talk),) * 2
    memory = make_memory(world.fan, talk.text).id
    return memory, make_memory(world.fan, talk.text).id if operation.method == "DELETE" else memory


@pytest.mark.parametrize(("who", "where", "status"), STRANGERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_a_stranger_cannot_tell_an_id_from_one_that_never_was(
    web: WebProcess,
    world: World,
    talk: Talk,
    untouched: Untouched,
    operation: Operation,
    who: str,
    where: str,
    status: int,
) -> None:
    key, shown = keys_of(operation, world, talk)
    hers = ask_for(web, operation, world.slug, shown, world.fan)
    assert hers.status in (200, 201, 204), hers.body
    slug = world.slug if where == "hers" else world.other_slug
    stranger = login(world, who)
    with untouched():
        foreign = ask_for(web, operation, slug, key, stranger)
        never = ask_for(web, operation, slug, never_was(key), stranger)
    assert foreign.without(key) == never.without(never_was(key))
    assert foreign.status == (200 if operation.cursor and status == 404 else status)
    assert str(key).encode() not in foreign.body
    assert talk.text.encode() not in foreign.body
    assert ask_for(web, operation, world.slug, key, world.fan).status == hers.status


def test_the_comparison_sees_a_difference_of_one_byte(web: WebProcess, world: World, talk: Talk) -> None:
    operation = next(operation for operation in OPERATIONS if operation.id == "explain_message")
    hers = ask_for(web, operation, world.slug, talk.message, world.fan)
    never = ask_for(web, operation, world.slug, never_was(UUID(talk.message)), world.fan)
    assert hers != never
    assert hers.without(talk.message) != never
    assert ID not in never.body


def test_the_same_client_message_id_of_two_fans_is_two_turns(web: WebProcess, world: World) -> None:
    mine = say(web, world.fan, world.slug, "My own words.", "shared-id")
    again = say(web, world.fan, world.slug, "My own words.", "shared-id")
    assert again["turn"] == mine["turn"]
    for who, slug in (
        (world.neighbour, world.slug),
        (world.outsider, world.other_slug),
        (world.herself, world.other_slug),
    ):
        theirs = say(web, who, slug, "Other words.", "shared-id")
        assert theirs["turn"] != mine["turn"]
        assert theirs["fan_message"]["text"] == "Other words."
        assert mine["message"]["id"] not in json.dumps(theirs)


def test_the_same_idempotency_key_of_two_people_is_two_reports(web: WebProcess, world: World, talk: Talk) -> None:
    theirs = say(web, world.neighbour, world.slug, "And this is mine.", "report-1")["message"]["id"]
    ids = set()
    for who, message in ((world.fan, talk.message), (world.neighbour, theirs)):
        path = f"/api/v1/artists/{world.slug}/messages/{message}/report"
        for _ in range(2):
            answer = ask(web, "POST", path, who, {"reason": "other"}, **{"Idempotency-Key": "the same"})
            assert answer.status == 201
            ids.add(json.loads(answer.body)["id"])
    assert len(ids) == 2


def test_a_foreign_message_cannot_be_reported_under_the_key_that_its_fan_used(
    web: WebProcess, world: World, talk: Talk, untouched: Untouched
) -> None:
    path = f"/api/v1/artists/{world.slug}/messages/{talk.message}/report"
    sent = {"reason": "other", "note": "between us"}
    assert ask(web, "POST", path, world.fan, sent, **{"Idempotency-Key": "mine"}).status == 201
    with untouched():
        answer = ask(web, "POST", path, world.neighbour, sent, **{"Idempotency-Key": "mine"})
    assert answer.status == 404
