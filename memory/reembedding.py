"""Another embedding model: whatever has a vector of another one gets one of this, a batch at a time.

Until then a row is found by its words alone: vectors of two models are never compared. A batch is one transaction, and
what is left is what has another model's name, so that a killed run goes on where it was. A tombstone does not hold its
text: it gets the mean of the messages that it covers, and no vector where they are gone; words and names still cover.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Q, QuerySet

from companion.providers.embeddings.base import Embedder, Vectors, embed_now, to_row, unit_length
from memory.models import ArchiveLine, Memory, Tombstone
from tenancy.context import tenant
from tenancy.models import Artist

BATCH = 64
# As many messages stand for a tombstone: of one that covers a whole talk the first few tell as much.
MESSAGES = 8

# (fan, ids of messages) → their texts, of those that are still there.
Read = Callable[[UUID, Sequence[UUID]], Sequence[str]]
Texts = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one kind of rows: how many have a vector of which model ("" for none), the present one first."""

    kind: str
    done: int
    left: int
    models: Mapping[str, int]

    @property
    def percent(self) -> int:
        """100 only when nothing is left."""
        return self.done * 100 // (self.done + self.left) if self.done + self.left else 100


def progress(model: str, *, artist: UUID) -> list[Progress]:
    """How far the vectors of an artist's fans are. Counts by index; no fan is named."""
    with tenant(artist):
        return [_progress(kind, rows, model) for kind, rows in _kinds()]


def waiting(model: str) -> list[UUID]:
    """Artists of whom something has a vector of another model (a probe of an index each)."""
    found = []
    for artist in Artist.objects.order_by("id").values_list("id", flat=True):
        with tenant(artist):
            if any(rows.filter(_other(model)).exists() for _, rows in _kinds()):
                found.append(artist)
    return found


def reembed(embedder: Embedder, read: Read, *, artist: UUID) -> int:
    """One batch; answers how many rows were taken, 0 when nothing is left. Raises provider errors."""
    with tenant(artist):
        rows = next(filter(None, (_batch(rows, embedder.model) for _, rows in _kinds())), [])
        texts = [_texts(row, read) for row in rows]
    if not rows:
        return 0
    flat = [text for each in texts for text in each]
    vectors = embed_now(embedder, flat) if flat else np.zeros((0, 1), dtype=np.float32)
    with tenant(artist):
        for row, vector in zip(rows, _means(texts, vectors), strict=True):
            _store(row, vector, embedder.model)
    return len(rows)


def _kinds() -> tuple[tuple[str, QuerySet[Any]], ...]:
    graves = Tombstone.objects.filter(everything=False, special=False)
    return (("memories", Memory.objects.all()), ("archive", ArchiveLine.objects.all()), ("forgotten", graves))


def _other(model: str) -> Q:
    """Two ranges of the index, where `<>` would read the whole table."""
    return Q(embedding_model__lt=model) | Q(embedding_model__gt=model)


def _progress(kind: str, rows: QuerySet[Any], model: str) -> Progress:
    counted = dict(rows.order_by().values_list("embedding_model").annotate(Count("id")))
    done = counted.get(model, 0)
    return Progress(
        kind, done, sum(counted.values()) - done, dict(sorted(counted.items(), key=lambda it: it[0] != model))
    )


def _batch(rows: QuerySet[Any], model: str) -> list[Any]:
    return list(rows.filter(_other(model)).defer("embedding")[:BATCH])


def _texts(row: Memory | ArchiveLine | Tombstone, read: Read) -> Sequence[str]:
    return read(row.fan_id, row.messages[:MESSAGES]) if isinstance(row, Tombstone) else [row.text]


def _means(texts: Texts, vectors: Vectors) -> list[Any]:
    """A vector for each row: the mean of its texts', None without one."""
    means, at = [], 0
    for each in texts:
        part = vectors[at : at + len(each)]
        at += len(each)
        means.append(to_row(unit_length(part.mean(axis=0, keepdims=True))[0]) if each else None)
    return means


def _store(row: Memory | ArchiveLine | Tombstone, vector: Any, model: str) -> None:
    """Unless the row is gone or has got another wording since it was read."""
    same: QuerySet[Any] = type(row).objects.filter(id=row.pk, embedding_model=row.embedding_model)
    if isinstance(row, Memory):
        same = same.filter(Q(text=row.text))
    same.update(embedding=vector, embedding_model=model)
