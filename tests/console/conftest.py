from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.console.teams import Team

# Models need Django's settings, which stand only after every conftest has been read; so the import waits for the test.


@pytest.fixture
def team() -> "Team":
    from tests.console.teams import make_team

    return make_team()


@pytest.fixture
def other_team() -> "Team":
    from tests.console.teams import make_team

    return make_team()
