"""The embedding model's graph is built once for these tests."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that keeps what the offline models build."""
    return tmp_path_factory.mktemp("models")
