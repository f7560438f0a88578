"""`manage.py eval_memory`: how much of what was said is found again."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from memory.evaluation import evaluate
from memory.recall.locomo import Malformed, read

COLUMNS = ("all", "1", "2", "3", "4")


class Command(BaseCommand):
    help = "Recall of evidence on conversations in LoCoMo's shape, loaded into an artist that is removed afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dialogues = [dialogue for path in options["files"] for dialogue in read(path)]
        except (Malformed, OSError) as error:
            raise CommandError(str(error)) from error
        result = evaluate(dialogues)
        self.stdout.write(json.dumps(result) if options["json"] else _table(result))


def _table(result: dict[str, Any]) -> str:
    rows = [f"{'':22}" + "".join(f"{name:>8}" for name in COLUMNS)]
    for leg in ("both", "extracted", "archive", "fulltext", "vector"):
        for measure, values in result[leg].items():
            cells = "".join(f"{'-' if values[c] is None else format(values[c], '.2f'):>8}" for c in COLUMNS)
            rows.append(f"{leg + ' ' + measure:22}{cells}")
    rows.append(f"junk rate {result['junk_rate']:.3f}, one recall {result['ms_p50']} ms p50, {result['ms_p95']} p95")
    return "\n".join(rows)
