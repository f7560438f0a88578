"""`manage.py extract_memories`: reads what has not been read yet, now and in the foreground."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from companion.kernel.commands import ServiceCommand
from conversations.remembering import extract
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Fan


class Command(ServiceCommand):
    help = "Extracts memories from what fans said since the last time, without waiting for the end of a session."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--artist", required=True, metavar="SLUG")
        parser.add_argument("--fan", metavar="EMAIL", help="of this fan alone")

    def handle(self, *args: Any, **options: Any) -> None:
        artist = services.known_artist(options["artist"])
        with tenant(artist.id):
            fans = Fan.objects.order_by("id")
            if options["fan"]:
                fans = fans.filter(user__email__iexact=options["fan"])
            keys = list(fans.values_list("id", flat=True))
        if options["fan"] and not keys:
            raise CommandError("No fan of this artist has this e-mail address.")
        taken = sum(extract(artist.id, fan) for fan in keys)
        self.stdout.write(f"{taken} memories of {len(keys)} fans")
