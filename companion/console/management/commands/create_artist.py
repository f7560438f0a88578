"""`manage.py create_artist`: another artist who can be talked with at once."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email

from companion.console import seed
from companion.kernel.commands import ServiceCommand
from tenancy import services
from tenancy.models import StaffRole, User

ACTOR = "command:create_artist"


class Command(ServiceCommand):
    help = "Makes an artist with a live, neutral persona. With --owner, somebody who may make it hers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["owner"]:
                validate_email(options["owner"])
        except ValidationError as error:
            raise CommandError(f"{options['owner']} is no e-mail address.") from error
        artist = services.create_artist(options["slug"], {"name": options["name"]}, actor=ACTOR)
        seed.neutral_persona(artist, actor=ACTOR)
        password = self._owner(artist.id, options["owner"]) if options["owner"] else ""
        self.stdout.write(f"{artist.name} ({artist.slug}) is there and answers.")
        if password:
            self.stdout.write(f"{options['owner']} has a new login, first password: {password}")

    def _owner(self, artist: Any, email: str) -> str:
        """Makes the person the owner; the first password of a new login, else nothing."""
        known = User.objects.filter(email=email.strip().lower()).exists()
        password = "" if known else secrets.token_urlsafe(12)
        services.grant_role(artist, email, StaffRole.Role.OWNER, actor=ACTOR, password=password)
        return password
