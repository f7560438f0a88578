"""`make check`: every rule that has a machine and needs no running product. All run, then the failures are named."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from companion.local.catalogs import compile_catalogs
from companion.local.environment import ROOT

BIN = Path(sys.executable).parent
TSC = (str(ROOT / "node_modules" / "typescript" / "bin" / "tsc"), "--project")
CHECKS: dict[str, Sequence[str]] = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "types of the page": (*TSC, "tsconfig.json"),
    "types of the service worker": (*TSC, "tsconfig.worker.json"),
    "layers": ("lint-imports",),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
    "Dockerfile": ("hadolint", "Dockerfile"),
    "migrations written": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "migrations safe": ("pytest", "tests/database"),
}


def main() -> int:
    compile_catalogs()
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    if failed:
        print(f"make check: failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    print(f"make check: {len(CHECKS)} checks pass")
    return 0


def _passes(name: str, command: Sequence[str]) -> bool:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
