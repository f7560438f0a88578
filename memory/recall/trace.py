"""What the trace of a turn keeps of its recall; the fan's `why` is read from it."""

from typing import Any

from companion.kernel.clock import rfc3339
from memory.contracts import Recalled


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
