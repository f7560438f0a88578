"""all-MiniLM-L6-v2 on the CPU: no key, no download, about two milliseconds for a message."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import structlog
from tokenizers import Tokenizer

from companion.providers.config import ProvidersConfig
from companion.providers.embeddings import minilm
from companion.providers.embeddings.base import Embedder, LocalEmbedder, Vectors
from companion.providers.embeddings.hashing import HashingEmbedder

# The model was trained on 128 tokens; past 256 the mean says little of any one of them.
LONGEST_TOKENS = 256
log = structlog.get_logger(__name__)


class MiniLMEmbedder(LocalEmbedder):
    """The graph runs in one worker thread: in more, the product's own threads would starve on a small machine."""

    name = "offline"
    model = minilm.MODEL
    dimensions = minilm.DIMENSIONS

    def __init__(self, tokenizer: Path, graph: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST_TOKENS)
        self._tokenizer.no_padding()
        onnxruntime.disable_telemetry_events()  # the wheel carries a client that would report to its maker
        self._session = onnxruntime.InferenceSession(
            str(graph), sess_options=_session_options(), providers=["CPUExecutionProvider"]
        )
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embeddings")

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return await self._rows(texts, "vector")

    async def middle(self, texts: Sequence[str]) -> Vectors:
        """One row for each text out of the middle of the model, of no fixed length. The last layer tells what a text is
        about; this one also how it is put: who speaks to whom, denied or not, asked or ordered.
        """
        return await self._rows(texts, "middle")

    async def _rows(self, texts: Sequence[str], output: str) -> Vectors:
        loop = asyncio.get_running_loop()
        # A text at a time, so that a fan's query waits for one passage of a corpus and not for all of it.
        rows = [await loop.run_in_executor(self._worker, self._run, text, output) for text in texts]
        return np.concatenate(rows) if rows else np.empty((0, self.dimensions), dtype=np.float32)

    def _run(self, text: str, output: str) -> Vectors:
        ids = np.array(self._tokenizer.encode(text).ids, dtype=np.int64)
        vector: Vectors = self._session.run([output], {"ids": ids})[0]
        return vector


def build(config: ProvidersConfig) -> Embedder:
    """Builds the graph at the first start on a data directory. Raises minilm.ModelDamaged."""
    built = build_minilm(config)
    if built is None:
        log.warning("minilm_absent", advice="install requirements-models.txt; hashed n-grams take its place")
        return HashingEmbedder()
    return built


def build_minilm(config: ProvidersConfig) -> MiniLMEmbedder | None:
    """None where its package is not installed. Raises minilm.ModelDamaged."""
    folder = minilm.package_folder()
    if folder is None:
        return None
    return MiniLMEmbedder(minilm.tokenizer_file(folder), minilm.ensure_graph(folder, config.data_dir))


def _session_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Waiting threads would burn the CPU that the turns need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options
