"""What the trace of a turn keeps of its recall; the fan's `why` is read from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from companion.kernel.clock import rfc3339
from memory.contracts import WITHHELD, Recalled, RecalledMemory
from memory.tombstones import Tombstones


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


def without_quote(entry: Mapping[str, Any], forgotten: Tombstones, since: datetime) -> Mapping[str, Any]:
    """A memory of the trace of a turn that began at `since`, quoted no more where its message told something that was
    forgotten after that as well."""
    source = entry["source"]
    graves = Tombstones(forgotten.fan, [grave for grave in forgotten.graves if grave.until > since])
    said_at, message = datetime.fromisoformat(source["said_at"]), UUID(source["message"])
    told = graves.cover(source["quote"], said_at, messages=[message])
    return {**entry, "source": source | {"quote": WITHHELD}} if told else entry


def drawn_trace(drawn: Sequence[RecalledMemory]) -> dict[str, Any]:
    """What the reply speaks of, the best first; nothing where it speaks of none."""
    told = [{"id": str(memory.id), "said_at": rfc3339(memory.said_at)} for memory in drawn]
    return {"drawn_on": told} if told else {}
