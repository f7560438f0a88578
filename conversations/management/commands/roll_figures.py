"""`manage.py roll_figures`: counts an artist's hours anew, for rows that came in by hand or after a restore."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import Min

from companion.kernel.commands import ServiceCommand
from companion.kernel.spans import floor_hour
from conversations import rollup
from conversations.models import Turn
from tenancy.services import known_artist


class Command(ServiceCommand):
    help = "Counts the hours of an artist anew, from her first turn to the last hour that is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--artist", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        artist = known_artist(options["artist"])
        first = Turn.objects.across_tenants().filter(artist_id=artist.id).aggregate(first=Min("ended_at"))["first"]
        if first is None:
            self.stdout.write("No turn has ended yet.")
            return
        until = floor_hour(datetime.now(UTC))
        rollup.roll_all(artist.id, floor_hour(first), until)
        self.stdout.write(f"Counted from {first:%Y-%m-%d} to {until:%Y-%m-%d %H:%M} UTC.")
