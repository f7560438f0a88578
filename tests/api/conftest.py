"""Fixtures of the API tests."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.client import Api


@pytest.fixture
def api() -> "Api":
    from tests.api.client import Api  # needs the settings, which load after this file

    return Api()
