from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.moderation.people import House

# Models need Django's settings, which stand only after every conftest has been read; so the import waits for the test.


@pytest.fixture
def house() -> "House":
    from tests.moderation.people import make_house

    return make_house()


@pytest.fixture
def other_house() -> "House":
    from tests.moderation.people import make_house

    return make_house()
