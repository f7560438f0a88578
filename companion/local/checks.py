"""`make check`: every rule that has a machine and needs no running product. All run, then the failures are named."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from companion.local.catalogs import compile_catalogs
from companion.local.environment import ROOT

BIN = Path(sys.executable).parent
TSC = (str(ROOT / "node_modules" / "typescript" / "bin" / "tsc"), "--project")
# As many at once as there are cores, the longest first.
CHECKS: dict[str, Sequence[str]] = {
    "types": ("mypy",),
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
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
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        names = {cores.submit(_run, command): name for name, command in CHECKS.items()}
        failed = [names[done] for done in as_completed(names) if not _passes(names[done], done.result())]
    if failed:
        print(f"make check: failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    print(f"make check: {len(CHECKS)} checks pass")
    return 0


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _passes(name: str, done: subprocess.CompletedProcess[str]) -> bool:
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
