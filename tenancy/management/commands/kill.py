"""`manage.py kill on|off`: stops or frees a surface, an artist, a provider or everything. Returns after the commit."""

from typing import Any

from django.core.management.base import CommandParser

from companion.kernel.commands import ServiceCommand
from tenancy import services
from tenancy.models import KillSwitch


class Command(ServiceCommand):
    help = "Turns a kill switch on or off; one second after the return nothing leaves that it stops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--scope", required=True, choices=KillSwitch.Scope.values)
        parser.add_argument("--artist", metavar="SLUG")
        parser.add_argument("--surface", default="", choices=KillSwitch.Surface.values)
        parser.add_argument("--provider", default="", metavar="NAME")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        artist = services.known_artist(options["artist"]).id if options["artist"] else None
        services.set_switch(
            on=options["state"] == "on",
            scope=options["scope"],
            artist=artist,
            surface=options["surface"],
            provider=options["provider"],
            reason=options["reason"],
            actor="command:kill",
        )
        what = " ".join(filter(None, [options["scope"], options["artist"], options["surface"], options["provider"]]))
        self.stdout.write(f"{what}: {'stopped' if options['state'] == 'on' else 'running'}")
