"""Which two memories are one: measured on committed pairs, with the vectors of the product's own model."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from companion.kernel.ids import new_id
from companion.providers.config import from_settings
from companion.providers.embeddings.base import stored_vectors
from companion.providers.embeddings.registry import build_embedder
from memory.contracts import Candidate, Said
from memory.models import Memory, MemorySettings
from memory.remembering import remember
from memory.selectors import tombstones
from tenancy.context import tenant
from tests.factories import make_artist, make_fan

SET = json.loads((Path(__file__).parents[1] / "data/memory/pairs.json").read_text())


def rows_left(pairs: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many memories each pair leaves behind, superseded ones too, when one is told after the other."""
    artist, embedder = make_artist(), build_embedder(from_settings(settings))
    left = []
    for pair in pairs:
        fan = make_fan(artist).fan.id
        subjects = (pair["subject"], pair["subject"] if pair["same_subject"] else f"{pair['subject']}:other")
        for subject, text in zip(subjects, (pair["one"], pair["other"]), strict=True):
            tell(artist.id, fan, subject, text, embedder)
        with tenant(artist.id, fan=fan):
            left.append(Memory.objects.count())
    return left


def tell(artist: UUID, fan: UUID, subject: str, text: str, embedder: Any) -> None:
    said = Said(new_id(), "fan", text, datetime.now(UTC))
    with tenant(artist, fan=fan):
        remember(
            artist,
            fan,
            [Candidate("fact", text, subject, None, None, 0.9, (said.id,))],
            said={said.id: said},
            vectors=stored_vectors(embedder, [text]),
            model=embedder.model,
            tombstones=tombstones(artist=artist, fan=fan),
            settings=MemorySettings(artist_id=artist, fan_id=fan, special_categories=True, special_since=said.said_at),
            now=said.said_at,
        )


def test_no_two_facts_become_one() -> None:
    pairs = SET["different"]
    merged = [(p["one"], p["other"]) for p, left in zip(pairs, rows_left(pairs), strict=True) if left != 2]
    assert merged == []


def test_most_of_what_is_said_again_becomes_one() -> None:
    """The rest is kept twice, or where there can be but one (a home, a job) the newer wording takes its place."""
    pairs = [
        pair for pair in SET["same"] if "asthma" not in pair["one"] + pair["other"] and "allerg" not in pair["one"]
    ]
    left = rows_left(pairs)
    assert set(left) == {1, 2}
    assert left.count(1) / len(pairs) >= 0.7
