"""A fan with memories, and a scripted extractor and embedder."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from companion.providers.embeddings.base import LocalEmbedder, Vectors, unit_length
from conversations.models import Message
from conversations.selectors import said
from memory.contracts import Candidate, Said
from memory.extracting import extract_session
from memory.extraction.base import BrokenAnswer
from memory.models import Memory
from tenancy.context import tenant
from tests.factories import FanLogin, make_exchange


class Words(LocalEmbedder):
    """A text's words as its vector: near is what shares words."""

    name = "words"
    model = "words-1"
    dimensions = 512

    async def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().strip(".").split():
                row[sum(word.encode()) % self.dimensions] += 1.0
        return unit_length(rows)


class Script:
    """Answers `subject: text` for each line of the fan that is written so; keeps how often it was asked."""

    def __init__(self, *, broken: bool = False, answer: str = "{not json") -> None:
        """`answer` is what it gives when it is broken."""
        self.asked = 0
        self._broken = broken
        self._answer = answer

    async def extract(self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str) -> list[Candidate]:
        self.asked += 1
        if self._broken:
            raise BrokenAnswer(self._answer)
        lines = [line for line in said if ": " in line.text]
        return [_candidate(line) for line in lines]


def _candidate(line: Said) -> Candidate:
    subject, text = line.text.splitlines()[0].split(": ", 1)
    category = subject if subject == "health" else ""
    return Candidate("fact", text, subject.replace(".", ":"), None, None, 0.9, (line.id,), category=category)


def tell(fan: FanLogin, text: str) -> Message:
    """The fan says it, and the persona answers."""
    mine, _ = make_exchange(fan, text, "I see.")
    return mine


def read(fan: FanLogin, extractor: Script | None = None, *, anew: bool = False) -> int:
    """One extraction of the fan's talk; `anew` from its beginning, as if nothing had been read."""
    artist, key = fan.fan.artist_id, fan.fan.id

    def messages(after: UUID | None) -> Sequence[Said]:
        return said(artist=artist, fan=key, after=None if anew else after)

    return extract_session(
        artist, key, messages, extractor=extractor or Script(), embedder=Words(), now=datetime.now(UTC)
    )


def texts(fan: FanLogin, status: str = "active") -> list[str]:
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        return list(Memory.objects.filter(status=status).order_by("id").values_list("text", flat=True))
