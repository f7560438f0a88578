"""What an extractor is to the rest of memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from memory.contracts import Candidate, Said


class BrokenAnswer(Exception):
    """The model's answer could not be read, its repair neither. `text` is the last answer, which may quote the fan."""

    code = "unreadable_answer"

    def __init__(self, text: str) -> None:
        super().__init__("The model's list of memories cannot be read.")
        self.text = text


class Extractor(Protocol):
    async def extract(self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str) -> list[Candidate]:
        """Candidates from the fan's own words, `said` oldest first. Dates are resolved in `time_zone` (IANA).

        Raises BrokenAnswer, and the errors of companion.providers.errors.
        """
        ...
