"""What the product's commands have in common."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from companion.kernel.errors import CompanionError


class ServiceCommand(BaseCommand):
    """A command over services: what one of them refuses is its last word, and the exit status is 1."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except CompanionError as refusal:
            raise CommandError(refusal.detail) from refusal
