"""An artist whom the pages of these tests are of, and a web process that serves them as they are served to phones.

Models need Django's settings, which stand only after every conftest has been read; so their imports wait.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from tests.web import WebProcess

if TYPE_CHECKING:
    from tenancy.models import Artist


@pytest.fixture
def artist() -> "Artist":
    from tests.factories import make_artist

    return make_artist(name="Wren Castell", tagline="Slow songs", accent_hue=210, minimum_age=16)


@pytest.fixture(scope="package")
def web(_migrated_database: None) -> Iterator[WebProcess]:
    call_command("collectstatic", interactive=False, verbosity=0)
    process = WebProcess()
    try:
        yield process.start()
    finally:
        process.stop()
