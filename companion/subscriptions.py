"""Which jobs each outbox topic leads to, and what recurs. Only this file knows every app's jobs.

Jobs are named by their path, so that the web process need not import them. A topic without a job is still delivered:
the event is on record for what will listen to it later.
"""

from collections.abc import Mapping

SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = {
    "corpus.changed": ("personas.tasks.embed_passage",),
    "turn.ended": (),
    "message.reported": (),
    "session.ended": (),
}

# Recurring work besides the kernel's own: (name, seconds between two rounds, the function's path).
RECURRING: tuple[tuple[str, float, str], ...] = (
    ("figures", 20.0, "conversations.rollup.roll_pending"),
    ("figures_settling", 600.0, "conversations.rollup.roll_settling"),
)
