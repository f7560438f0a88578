"""What the trace of a turn keeps of its recall; the fan's `why` is read from it."""

from collections.abc import Sequence
from typing import Any

from companion.kernel.clock import rfc3339
from memory.contracts import Recalled, RecalledMemory


def recall_trace(recalled: Recalled) -> dict[str, Any]:
    """Only what stood in the prompt."""
    return {
        "memories": [
            {
                "id": str(memory.id),
                "text": memory.text,
                "source": {
                    "message": str(memory.source_message),
                    "quote": memory.quote,
                    "said_at": rfc3339(memory.said_at),
                },
            }
            for memory in recalled.memories
        ],
        "archive": [str(line.message) for line in recalled.lines],
    }


def drawn_trace(drawn: Sequence[RecalledMemory]) -> dict[str, Any]:
    """What the reply speaks of, the best first; nothing where it speaks of none."""
    told = [{"id": str(memory.id), "said_at": rfc3339(memory.said_at)} for memory in drawn]
    return {"drawn_on": told} if told else {}
