"""An artist with an empty corpus, and embedders that are scripted."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tenancy.models import Artist
    from tests.corpus.scripted import Models

# Models need Django's settings, which stand only after every conftest has been read; so the import waits for the test.


@pytest.fixture
def artist() -> "Artist":
    from tests.factories import make_artist

    return make_artist()


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> "Models":
    from tests.corpus.scripted import install

    return install(monkeypatch)
