"""The audit log of the present filter as a file: CSV or JSON lines, streamed a piece at a time."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from companion.console.audit_log import tell
from companion.kernel import audit
from companion.kernel.clock import rfc3339
from companion.kernel.models import AuditEntry
from tenancy.context import tenant

PIECE = 500
COLUMNS = ("no", "at", "who", "action", "object_type", "object_id", "reason", "content", "hash", "previous")
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = Mapping[str, Any]


def stream(entries: QuerySet[AuditEntry], artist: UUID, kind: str) -> StreamingHttpResponse:
    """Newest first. Each piece has a transaction of its own, so that a slow reader holds none open."""
    render, content_type = FORMATS[kind]
    response = StreamingHttpResponse(_pieces(entries, artist, render), content_type=content_type)
    name = f"audit-{timezone.now():%Y-%m-%d-%H%M}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


async def _pieces(
    entries: QuerySet[AuditEntry], artist: UUID, render: Callable[[Sequence[Row], bool], str]
) -> AsyncIterator[str]:
    last: int | None = None
    while True:
        rows = await sync_to_async(_piece)(entries, artist, last)
        if rows or last is None:
            yield render(rows, last is None)
        if len(rows) < PIECE:
            return
        last = rows[-1]["no"]


def _piece(entries: QuerySet[AuditEntry], artist: UUID, last: int | None) -> list[Row]:
    with tenant(artist):
        older = entries.filter(seq__lt=last) if last is not None else entries
        found = list(older.order_by("-seq")[:PIECE])
        told, contents = tell(found), audit.contents_of([entry.seq for entry in found])
    return [
        {
            "no": entry.seq,
            "at": rfc3339(entry.at),
            "who": told[entry.seq].who,
            "action": entry.action,
            "object_type": entry.object_type,
            "object_id": entry.object_id,
            "reason": told[entry.seq].reason,
            "content": contents.get(entry.seq),
            "hash": bytes(entry.hash).hex(),
            "previous": bytes(entry.previous).hex(),
        }
        for entry in found
    ]


def _json_lines(rows: Sequence[Row], _first: bool) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: Sequence[Row], first: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    if first:
        writer.writerow(COLUMNS)
    writer.writerows([_cell(row[column]) for column in COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(FORMULA) else text


FORMATS: Mapping[str, tuple[Callable[[Sequence[Row], bool], str], str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"),
    "jsonl": (_json_lines, "application/jsonl; charset=utf-8"),
}
