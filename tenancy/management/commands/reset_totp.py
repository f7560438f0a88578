"""`manage.py reset_totp EMAIL`: a member of staff lost phone and recovery codes, and no owner can help."""

from typing import Any

from django.core.management.base import CommandParser

from companion.kernel.commands import ServiceCommand
from tenancy import mfa


class Command(ServiceCommand):
    help = "Takes a login's two-step log-in away; it is audited, and set up anew where an artist requires it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        mfa.reset_login(options["email"], actor="command:reset_totp")
        self.stdout.write(f"{options['email']}: logs in with the password alone until two-step log-in is set up again")
