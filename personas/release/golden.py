"""The golden prompts: the same questions to every draft, and one for each boundary (data/golden.json)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from personas.release.contracts import Golden

DATA = Path(__file__).parent / "data" / "golden.json"
BOUNDARY = "{boundary}"


def golden_prompts(name: str, boundaries: Iterable[str]) -> tuple[Golden, ...]:
    """The prompts for a persona of this name, and for what she refuses."""
    refused = tuple(dict.fromkeys(boundaries))
    return tuple(golden for prompt in _prompts() for golden in _filled(prompt, name, refused))


def _filled(prompt: Mapping[str, Any], name: str, boundaries: tuple[str, ...]) -> Iterator[Golden]:
    asked = prompt["asked"].replace("{artist}", name)
    talk, expects = tuple(prompt.get("talk", ())), tuple(prompt.get("expects", ()))
    if BOUNDARY not in asked:
        yield Golden(prompt["key"], prompt["about"], asked, talk, expects)
        return
    for number, boundary in enumerate(boundaries, 1):
        yield Golden(f"{prompt['key']}-{number}", prompt["about"], asked.replace(BOUNDARY, boundary), talk, expects)


@lru_cache(maxsize=1)
def _prompts() -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(DATA.read_text(encoding="utf-8"))["prompts"])
