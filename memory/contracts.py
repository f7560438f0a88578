"""What other layers see of memory. No Django."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was said and that the next reply may build on. `cut`: a reply that was stopped in mid-sentence."""

    id: UUID
    role: Literal["fan", "persona"]
    text: str
    cut: bool = False
