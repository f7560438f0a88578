"""Fixtures of the account tests."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.accounts.client import Accounts


@pytest.fixture
def accounts() -> "Accounts":
    from tests.accounts.client import Accounts  # needs the settings, which load after this file

    return Accounts()


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    """Every test comes from one address; the throttles have tests of their own."""
    settings.ACCOUNT_RATE_LIMITS = False
