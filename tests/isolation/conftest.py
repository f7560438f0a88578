"""The world of two artists, and a web process with the offline providers, once a session."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.web import WebProcess

if TYPE_CHECKING:
    from tests.isolation.asking import Talk
    from tests.isolation.world import World

# Models need Django's settings, which stand only after every conftest has been read; so the imports wait for the test.


@pytest.fixture(scope="session")
def world() -> "World":
    from tests.isolation.world import make_world

    return make_world()


@pytest.fixture(scope="session")
def web() -> Iterator[WebProcess]:
    """Limits are lifted: how often a stranger may ask is not what is tested here."""
    process = WebProcess(COMPANION_RATE_LIMITS="off", COMPANION_OFFLINE_TOKEN_MS="5", COMPANION_DRAIN_S="2").start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def talk(web: WebProcess, world: "World") -> "Talk":
    from tests.isolation.asking import talk

    return talk(web, world)


@pytest.fixture
def untouched(superuser_db: psycopg.Connection[Any], world: "World") -> Callable[[], AbstractContextManager[None]]:
    """A block in which nothing of the two artists may be written."""
    from tests.isolation.ledger import ledger

    artists = (world.tenants.victim, world.tenants.stranger)

    @contextmanager
    def block() -> Iterator[None]:
        before = ledger(superuser_db, artists)
        yield
        assert ledger(superuser_db, artists) == before

    return block
