"""Files that programs share: written whole or not at all."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Replaces the file in one step: a reader sees the old content or the new, never half. The umask narrows `mode`."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)  # a full disk
        raise


def write_private(path: Path, text: str) -> None:
    """The same for its owner alone."""
    write_whole(path, text.encode(), mode=0o600)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_private(path, json.dumps(content, indent=2) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """The file's object; an empty one when there is no such file."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content


def keep_once(path: Path, text: str) -> str:
    """Writes the file unless it is there, and returns what it then says. Two processes agree on one text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_private(fresh, text)
    try:
        os.link(fresh, path)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    finally:
        fresh.unlink()
    return text
