"""`migrate` as the owner of the tables, then the grants of the application's roles."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as MigrateCommand

from companion.kernel import grants


class Command(MigrateCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("check_unapplied") or options.get("plan"):
            super().handle(*args, **options)
            return
        grants.prepare(options["database"])
        super().handle(*args, **options)
        grants.apply(options["database"])
