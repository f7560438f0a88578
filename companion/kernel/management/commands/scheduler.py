"""`manage.py scheduler`: the outbox relay, the audit appender, pruning, figures. One works, by a lease."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from companion.kernel import audit, audit_check, metrics, relay
from companion.kernel.scheduling import Scheduler, Work

AUDIT_S = 0.5
AUDIT_CHECK_S = 2.0
RELAY_S = 0.2
PRUNE_S = 60.0


class Command(BaseCommand):
    help = "Runs the recurring work. Several may run; one works, by a lease."

    def handle(self, *args: Any, **options: Any) -> None:
        metrics.serve_if_asked()
        asyncio.run(run())


async def run() -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await Scheduler(works(), stop).run()


def works() -> list[Work]:
    """Everything that recurs."""
    subscriptions = import_string(settings.OUTBOX_SUBSCRIPTIONS)
    return [
        Work("audit", AUDIT_S, audit.append_pending),
        Work("audit_check", AUDIT_CHECK_S, audit_check.work),
        Work("relay", RELAY_S, lambda: relay.deliver(subscriptions)),
        Work("prune", PRUNE_S, relay.prune),
        *(Work(name, every_s, import_string(path)) for name, every_s, path in import_string(settings.RECURRING_WORK)),
    ]
