"""The offline embedding model, which all tests share."""

from pathlib import Path

import pytest

from tests.models import share_models


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder below which the offline models are."""
    folder = tmp_path_factory.mktemp("rehearsal")
    share_models(folder)
    return folder
