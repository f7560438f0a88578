import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bench.upstream import ScriptedUpstream
from companion.providers import http
from companion.providers.config import Deadlines, ProviderConfig, ProvidersConfig
from tests.providers.fakes import FixedClock


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest_asyncio.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    async with ScriptedUpstream() as upstream:
        yield upstream
        await http.close_session()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Kept between runs: the graph takes seconds to build, and its digest is checked at each use."""
    path = Path(tempfile.gettempdir()) / f"companion-test-models-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


@pytest.fixture
def config(upstream: ScriptedUpstream, models_dir: Path) -> ProvidersConfig:
    """Every pipeline that has one asks the scripted upstream, under generous deadlines."""
    vendor = ProviderConfig("openai", upstream.url, "sk-test", "scripted-model")
    pipelines = {"LLM": vendor, "EMBEDDINGS": vendor, "MODERATION": vendor}
    return ProvidersConfig(data_dir=models_dir, pipelines=pipelines, deadlines=Deadlines(2.0, 8.0, 15.0))
