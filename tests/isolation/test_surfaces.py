"""Nothing can be added to the product without being tried by a stranger, or listed with the reason why not."""

from copy import deepcopy
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest

from companion.api import api
from conversations.transports.routing import websocket_urlpatterns
from conversations.transports.schema import frames_schema
from tests.isolation import surfaces
from tests.isolation.asking import BODIES, PARAMETERS
from tests.isolation.world import World

ROUTES = list(surfaces.routes())


@pytest.fixture
def schema() -> dict[str, Any]:
    return deepcopy(dict(api.get_openapi_schema()))


def test_every_operation_is_a_case_or_listed(schema: dict[str, Any]) -> None:
    assert surfaces.unaccounted_operations(schema) == []
    assert len(surfaces.naming_operations(schema)) >= 5


def test_every_route_is_documented_or_listed(schema: dict[str, Any]) -> None:
    assert surfaces.unaccounted_routes(ROUTES, schema) == []


def test_every_socket_and_frame_is_a_case_or_listed() -> None:
    frames = surfaces.client_frames(frames_schema())
    cases = surfaces.naming_frames(frames_schema())
    assert surfaces.unaccounted(list(frames), cases, surfaces.FRAMES_WITHOUT_ID) == []
    assert [str(socket.pattern) for socket in websocket_urlpatterns] == list(surfaces.SOCKETS)


def test_every_page_is_a_case_or_listed() -> None:
    assert surfaces.unaccounted_pages(ROUTES) == []
    assert len(surfaces.naming_pages(ROUTES)) >= 4 * len(admin.site._registry)


def test_every_case_knows_what_to_send(schema: dict[str, Any]) -> None:
    for operation in surfaces.naming_operations(schema):
        assert set(operation.ids) <= set(PARAMETERS), operation
        assert operation.method == "GET" or operation.id in BODIES, operation


def test_no_page_has_an_action_over_rows_or_a_button_outside_of_the_walk(world: World) -> None:
    """An action is no route: a new one has to become a case of test_console.py before this may change."""
    request = HttpRequest()
    request.user = world.team.members["owner"]
    for page in admin.site._registry.values():
        assert page.actions is None
        for kind in ("actions_list", "actions_row", "actions_detail", "actions_submit_line"):
            assert not getattr(page, kind, ()), (page, kind)
    assert not admin.site._actions


# -- the guard itself --------------------------------------------------------------------------------------------------


def test_a_new_operation_is_noticed(schema: dict[str, Any]) -> None:
    gift = {"operationId": "give_gift", "parameters": [{"in": "path", "name": "gift"}]}
    schema["paths"]["/api/v1/gifts/{gift}"] = {"post": gift}
    assert "gift" in surfaces.naming_operations(schema)[-1].ids
    assert not set(surfaces.naming_operations(schema)[-1].ids) <= set(PARAMETERS)
    schema["paths"]["/api/v1/gifts"] = {"get": {"operationId": "list_gifts"}}
    assert surfaces.unaccounted_operations(schema) == ["new, neither tested nor listed: list_gifts"]


def test_a_listed_operation_that_comes_to_name_an_object_is_noticed(schema: dict[str, Any]) -> None:
    schema["paths"]["/api/v1/me/{person}"] = {
        "get": {"operationId": "get_me", "parameters": [{"in": "path", "name": "person"}]}
    }
    assert surfaces.unaccounted_operations(schema) == ["listed, but it names an object: get_me"]


def test_a_route_beside_the_api_and_a_page_and_a_frame_are_noticed(schema: dict[str, Any]) -> None:
    assert surfaces.unaccounted_routes([*ROUTES, "export/<uuid:fan>"], schema) == [
        "new, neither tested nor listed: export/<uuid:fan>"
    ]
    assert surfaces.unaccounted_pages([*ROUTES, "console/backup/"]) == [
        "new, neither tested nor listed: console/backup/"
    ]
    assert surfaces.unaccounted(["gift.give"], [], {}) == ["new, neither tested nor listed: gift.give"]


def test_a_line_that_names_nothing_any_more_is_noticed() -> None:
    assert surfaces.unaccounted([], [], {"old": "why"}) == ["listed, but not there any more: old"]
