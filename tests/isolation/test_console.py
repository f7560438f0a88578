"""A row of another artist looks like one that never was: every page, list, form and button of the console."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tenancy.console.access import SESSION_KEY
from tenancy.models import Fan, KillSwitch
from tests.isolation.console import address, identifying, is_closed, logged_in, model_of, seen, strangers, told_apart
from tests.isolation.forms import FORMS
from tests.isolation.ledger import ledger
from tests.isolation.surfaces import CAPTURED, naming_pages, routes
from tests.isolation.walls import Connection
from tests.isolation.world import SECRET, World, make_world, never_was

PAGES = naming_pages(routes())
MODELS = list(admin.site._registry)
ADDABLE = [model for model, page in admin.site._registry.items() if "add" in getattr(page, "verbs", ())]
YES = {"post": "yes"}
Untouched = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def intruders(world: World) -> dict[str, Client]:
    return strangers(world)


@pytest.fixture(scope="module")
def owner(world: World) -> Client:
    return logged_in(world.team.members["owner"])


@pytest.fixture
def intruder(world: World) -> Client:
    """Of all strangers the one who may do most; anew for each test, so that no message waits for another's page."""
    return logged_in(world.strangers.members["owner"])


def listing(model: type[models.Model], page: str = "changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_foreign_row_looks_like_one_of_a_row_that_never_was(
    world: World, owner: Client, intruders: dict[str, Client], untouched: Untouched, page: str
) -> None:
    key = world.team.rows[model_of(page)].pk
    hers = owner.get(address(page, key))
    assert hers.status_code == (403 if is_closed(page) else hers.status_code)
    assert hers.status_code in ((403,) if is_closed(page) else (200, 302)), page
    assert hers.get("Location") != reverse("admin:index"), "the artist's own owner has to find her row"
    with untouched():
        for who, client in intruders.items():
            for method, data in (("get", {}), ("post", YES)):
                foreign = seen(client, method, address(page, key), data)
                never = seen(client, method, address(page, never_was(key)), data)
                assert not told_apart(foreign, key, never, never_was(key)), (who, method)
                assert SECRET.encode() not in foreign.body
                if "artist's" not in who:
                    assert foreign.headers["Location"].startswith(reverse("admin:login")), who
    assert owner.get(address(page, key)).status_code == hers.status_code


def test_the_owner_takes_each_step_that_strangers_could_not(superuser_db: Connection) -> None:
    """So what the strangers tried was open; rows of a world of its own, for they change and go."""
    world = make_world()
    owner = logged_in(world.team.members["owner"])
    # What refers to others goes first: no step takes away what a later one needs.
    for page in sorted(PAGES, key=lambda page: page.endswith("/delete/")):
        # A comparison publishes what was compared, and stays on its page: tests/console/test_compare.py.
        if not page.endswith(("/change/", "/history/", "/compare/", ">/")) and not is_closed(page):
            before = ledger(superuser_db, [world.tenants.victim])
            answer = owner.post(address(page, world.team.rows[model_of(page)].pk), YES)
            assert (answer.status_code, answer["Location"]) == (302, listing(model_of(page))), page
            assert ledger(superuser_db, [world.tenants.victim]) != before, page


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_a_list_under_a_filter_by_a_foreign_id_is_the_list_of_an_id_that_never_was(
    world: World, owner: Client, intruder: Client, untouched: Untouched, model: type[models.Model]
) -> None:
    # The fan herself is with the other artist too, and rightly found there by her account.
    row = world.neighbour.fan if model is Fan else world.team.rows[model]
    mine = owner.get(listing(model), {f"{row._meta.pk.name}__exact": row.pk})
    # The switches' page shows what can be off, not rows: it has no links to them.
    assert isinstance(row, KillSwitch) or f"/{row.pk}/change/" in mine.content.decode()
    with untouched():
        for name, value in {value: (name, value) for name, value in identifying(row)}.values():
            # A short number is also a word, which a search may find in the stranger's own rows.
            for lookup in (name, *(("q",) if value == row.pk and not isinstance(value, int) else ())):
                foreign = seen(intruder, "get", listing(model), {lookup: value})
                never = seen(intruder, "get", listing(model), {lookup: never_was(value)})
                assert not told_apart(foreign, value, never, never_was(value)), lookup
                assert f"/{row.pk}/change/".encode() not in foreign.body
        action = {"action": "delete_selected", "index": 0, "_selected_action": row.pk}
        foreign = seen(intruder, "post", listing(model), action)
        never = seen(intruder, "post", listing(model), action | {"_selected_action": never_was(row.pk)})
        assert not told_apart(foreign, row.pk, never, never_was(row.pk))


def test_every_form_that_adds_is_known() -> None:
    assert {model._meta.label_lower for model in ADDABLE} == set(FORMS)


@pytest.mark.parametrize("model", ADDABLE, ids=lambda model: model._meta.label_lower)
def test_a_form_with_foreign_ids_adds_to_ones_own_artist_or_not_at_all(
    superuser_db: Connection, world: World, intruder: Client, model: type[models.Model]
) -> None:
    row, artists = world.team.rows[model], ([world.tenants.victim], [world.tenants.stranger])
    hers, theirs = (ledger(superuser_db, whose) for whose in artists)
    pointing = dict(identifying(row))
    for ids in (pointing, {name: never_was(value) for name, value in pointing.items()}):
        answer = intruder.post(listing(model, "add"), FORMS[model._meta.label_lower]() | ids)
        assert answer.status_code == 302, answer.context["errors"]
        # Moods and entries are shown on the line of time.
        assert answer["Location"].partition("?")[0] in (listing(model), "/console/personas/mood/timeline/")
    assert ledger(superuser_db, artists[0]) == hers
    assert ledger(superuser_db, artists[1])[model._meta.db_table] != theirs[model._meta.db_table]


@pytest.mark.parametrize("model", ADDABLE, ids=lambda model: model._meta.label_lower)
def test_an_empty_form_takes_nothing_over_from_a_foreign_id(
    world: World, intruder: Client, untouched: Untouched, model: type[models.Model]
) -> None:
    row = world.team.rows[model]
    with untouched():
        for name, value in [*identifying(row), ("from", row.pk)]:
            foreign = seen(intruder, "get", listing(model, "add"), {name: value})
            never = seen(intruder, "get", listing(model, "add"), {name: never_was(value)})
            assert foreign.status == 200
            assert not told_apart(foreign, value, never, never_was(value)), name
        form = FORMS[model._meta.label_lower]()
        artist = world.tenants.victim
        foreign = seen(intruder, "post", listing(model, "add"), form | {"console_artist": artist})
        never = seen(intruder, "post", listing(model, "add"), form | {"console_artist": never_was(artist)})
        assert not told_apart(foreign, artist, never, never_was(artist))


def test_a_stranger_cannot_choose_the_artist(
    world: World, owner: Client, intruder: Client, untouched: Untouched
) -> None:
    artist = world.tenants.victim
    where = reverse("admin:choose_artist")
    assert owner.post(where, {"artist": artist})["Location"] == reverse("admin:index")
    with untouched():
        foreign = seen(intruder, "post", where, {"artist": artist})
        never = seen(intruder, "post", where, {"artist": never_was(artist)})
    assert not told_apart(foreign, artist, never, never_was(artist))
    assert foreign.headers["Location"] == where  # and not on to the first page, as for an artist of hers
    assert intruder.session.get(SESSION_KEY) in (None, str(world.tenants.stranger))


def test_search_and_completion_find_nothing_of_a_foreign_artist(world: World, owner: Client, intruder: Client) -> None:
    opened = 0
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if not field.is_relation or field.related_model not in world.team.rows:
                continue
            row = world.team.rows[field.related_model]
            query = {
                "app_label": model._meta.app_label,
                "model_name": str(model._meta.model_name),
                "field_name": field.name,
            }
            hers = owner.get(reverse("admin:autocomplete"), query | {"term": ""})
            if hers.status_code == 200 and str(row.pk) in hers.content.decode():
                opened += 1
            theirs = intruder.get(reverse("admin:autocomplete"), query | {"term": ""})
            assert theirs.status_code == hers.status_code
            assert str(row.pk) not in theirs.content.decode()
    assert opened > 0
    key = world.reply.turn_id
    foreign = seen(intruder, "get", reverse("admin:search"), {"s": key})
    never = seen(intruder, "get", reverse("admin:search"), {"s": never_was(key)})
    assert not told_apart(foreign, key, never, never_was(key))


def test_the_comparison_sees_a_difference(world: World, owner: Client) -> None:
    page = next(page for page in PAGES if page.endswith("/change/"))
    key = world.team.rows[model_of(page)].pk
    known = seen(owner, "get", address(page, key))
    never = seen(owner, "get", address(page, never_was(key)))
    assert told_apart(known, key, never, never_was(key))
    assert CAPTURED.search(page)
