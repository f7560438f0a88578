"""MiniLM's graph and what it made of the examples take a minute; whoever needs them first makes them for all tests."""

from pathlib import Path

from companion.local.environment import ROOT
from companion.providers.embeddings import minilm

SHARED = ROOT / ".data" / "tests" / "models"


def share_models(data_dir: Path) -> None:
    """The data folder of a product, or of a process of it, has its models from all tests' common folder."""
    SHARED.mkdir(parents=True, exist_ok=True)
    data_dir.mkdir(parents=True, exist_ok=True)
    minilm.models_folder(data_dir).symlink_to(SHARED)
