"""Written examples of what each check stops and of what passes (data/examples.json)."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from personas.likeness import Example

DATA = Path(__file__).parent.parent / "data" / "examples.json"
SAID, RULE = "said", "rule"


def examples(kind: str) -> tuple[Example, ...]:
    """Those for texts of a kind, SAID or RULE."""
    listed: Mapping[str, Mapping[str, Sequence[str]]] = _data()[kind]
    stopped = (Example(text, check) for check, texts in listed.items() for text in texts.get("stops", ()))
    passed = (Example(text) for texts in listed.values() for text in texts.get("passes", ()))
    return (*stopped, *passed)


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return content
