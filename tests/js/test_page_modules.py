"""The page's modules that need no page are tested by node's own runner."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LONGEST_S = 120


def test_the_modules_of_the_page_pass_their_own_tests() -> None:
    node = shutil.which("node")
    assert node, "node is not on PATH: install Node.js 20 or later (Debian: apt-get install nodejs)"
    files = sorted(str(path) for path in HERE.glob("*.test.mjs"))
    assert files
    run = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
