"""`manage.py load_fans`: joined adult fans with access tokens, for load tests."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from companion.kernel.clock import rfc3339
from companion.kernel.commands import ServiceCommand
from tenancy import load, services


class Command(ServiceCommand):
    help = "Makes fans for load tests, with access tokens that are good for 6 hours. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--artist", required=True, metavar="SLUG")
        parser.add_argument("--count", required=True, type=int)
        parser.add_argument("--json", action="store_true", help="a JSON list instead of a line a fan")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("load_fans makes logins without passwords or consent, so production refuses it.")
        if options["count"] < 1:
            raise CommandError("--count is at least 1.")
        artist = services.known_artist(options["artist"])
        fans = [
            {"email": fan.email, "access_token": fan.access_token, "expires_at": rfc3339(fan.expires_at)}
            for fan in load.make_fans(artist.id, options["count"])
        ]
        if options["json"]:
            self.stdout.write(json.dumps(fans))
            return
        for fan in fans:
            self.stdout.write(f"{fan['email']} {fan['access_token']}")
