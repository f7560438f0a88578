"""Edits of the demo persona from tests/data/release, and a draft before the checks without a database."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from personas.contracts import PersonaSheet
from tests.providers_offline.world import demo

DATA = Path(__file__).parent.parent / "data" / "release"
Edit = Mapping[str, Any]


def edits(name: str) -> list[Edit]:
    listed: list[Edit] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["edits"]
    return listed


def demo_sheet() -> PersonaSheet:
    return PersonaSheet.from_json(demo()["persona"])


def edited(edit: Edit) -> PersonaSheet:
    """The demo's sheet after the edit."""
    body: dict[str, Any] = json.loads(json.dumps(demo_sheet().to_json()))
    body |= edit.get("set", {})
    for name, lines in edit.get("add", {}).items():
        body[name] += lines
    for name, topics in edit.get("topic", {}).items():
        for topic in body[name]:
            topic["lines"] += topics.get(topic["name"], [])
    body["boundaries"] = [b for b in body["boundaries"] if b["name"] not in edit.get("drop", [])]
    body["boundaries"] += [edit["boundary"]] if "boundary" in edit else []
    body["topics"] += [edit["subject"]] if "subject" in edit else []
    if "replace" in edit:
        name, place, line = edit["replace"]
        body[name][place] = line
    return PersonaSheet.from_json(body)
