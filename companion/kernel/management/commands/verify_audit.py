"""`manage.py verify_audit`: exit status 0 and the number of entries, or 1 and the first that does not fit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from companion.kernel import audit, audit_check


class Command(BaseCommand):
    help = "Verifies the audit chain, after appending what waits for it."

    def handle(self, *args: Any, **options: Any) -> None:
        while audit.append_pending():
            continue
        result = audit_check.verify()
        if result.broken:
            raise CommandError(f"{result.broken} ({result.count} entries fit)")
        self.stdout.write(f"{result.count} entries, all fit")
