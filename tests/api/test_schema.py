"""The committed OpenAPI document: it is what the code says, and the product keeps to it (schemathesis)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.factories import FanLogin, make_artist, make_exchange, make_fan
from tests.web import WebProcess

COMMITTED = json.loads((django_settings.BASE_DIR / "openapi.json").read_text(encoding="utf-8"))
# Without positive_data_acceptance: rules such as "an IANA time zone" go beyond what JSON Schema can say.
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    ignored_auth,
    unsupported_method,
]
schema = schemathesis.openapi.from_dict(COMMITTED)


def test_the_committed_document_is_what_the_code_says() -> None:
    """`manage.py openapi_schema` writes it anew; a changed shape is told in the closing note."""
    assert Client().get("/api/v1/openapi.json").json() == COMMITTED


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    operations = [operation for path in COMMITTED["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["description"] for operation in operations)


@pytest.fixture(scope="module")
def web() -> Iterator[WebProcess]:
    process = WebProcess(COMPANION_RATE_LIMITS="off").start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def known() -> tuple[FanLogin, dict[str, str]]:
    """A fan, and path parameters that name something of hers."""
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    return fan, {"slug": artist.slug, "message": str(reply.id), "turn": str(reply.turn_id)}


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_names(
    case: Any, web: WebProcess, known: tuple[FanLogin, dict[str, str]]
) -> None:
    fan, names = known
    for name, value in names.items():  # a good half of the paths lead to something
        if name in case.path_parameters and len(case.path_parameters[name]) % 3:
            case.path_parameters[name] = value
    response = case.call(base_url=web.url, headers=fan.headers)
    assert response.status_code < 500
    case.validate_response(response, checks=CHECKS)
