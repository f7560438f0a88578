"""`manage.py archive_talk`: archives what the archive has missed, now and in the foreground."""

from typing import Any

from django.core.management.base import CommandParser

from companion.kernel.commands import ServiceCommand
from conversations.remembering import archive_all
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Fan


class Command(ServiceCommand):
    help = "Archives what fans and the persona said and the archive does not have. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--artist", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        artist = services.known_artist(options["artist"])
        with tenant(artist.id):
            fans = list(Fan.objects.order_by("id").values_list("id", flat=True))
        kept = sum(archive_all(artist.id, fan) for fan in fans)
        self.stdout.write(f"{kept} lines of {len(fans)} fans")
