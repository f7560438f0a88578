"""`manage.py archive_talk`: archives what the archive has missed, now and in the foreground."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companion.kernel.errors import CompanionError
from conversations.remembering import archive_all
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Fan


class Command(BaseCommand):
    help = "Archives what fans and the persona said and the archive does not have. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--artist", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            artist = services.known_artist(options["artist"])
        except CompanionError as refusal:
            raise CommandError(refusal.detail) from refusal
        with tenant(artist.id):
            fans = list(Fan.objects.order_by("id").values_list("id", flat=True))
        kept = sum(archive_all(artist.id, fan) for fan in fans)
        self.stdout.write(f"{kept} lines of {len(fans)} fans")
