"""Which release of the static files this process serves: a part of their address, so that each may be kept for good.

No Django: the settings ask here.
"""

import hashlib
from pathlib import Path


def static_release(tree: Path, versions: Path) -> str:
    """A digest over every file below `tree`, by name and content, and the file that pins the packages' versions."""
    digest = hashlib.sha256(versions.read_bytes())
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            digest.update(f"\0{path.relative_to(tree)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
