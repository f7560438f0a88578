"""Which jobs each outbox topic leads to, and what recurs. Only this file knows every app's jobs.

Jobs are named by their path, so that the web process need not import them. A topic without a job is still delivered:
the event is on record for what will listen to it later.
"""

from collections.abc import Mapping

SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = {
    "corpus.uploaded": ("personas.corpus.tasks.read_document",),
    "corpus.written": ("personas.corpus.tasks.embed_document",),
    "corpus.rebuild": ("personas.corpus.tasks.rebuild",),
    "memory.changed": ("memory.tasks.embed_memory",),
    "memory.unread": ("conversations.tasks.extract_session",),
    "memory.stale": ("conversations.tasks.reembed",),
    "memory.forgotten": ("conversations.tasks.scrub_traces",),
    "turn.ended": ("conversations.tasks.archive_turn",),
    "message.reported": (),
    "session.ended": ("conversations.tasks.extract_session",),
    "release.checks": ("conversations.tasks.run_release_checks",),
    "session.idle": ("conversations.tasks.extract_session",),
}

# Recurring work besides the kernel's own: (name, seconds between two rounds, the function's path).
RECURRING: tuple[tuple[str, float, str], ...] = (
    ("figures", 20.0, "conversations.rollup.roll_pending"),
    ("idle_sessions", 30.0, "conversations.idle.sweep_idle"),
    ("forgetting", 60.0, "conversations.forgetting.sweep"),
    ("reembedding", 120.0, "conversations.reembedding.sweep"),
    ("figures_settling", 600.0, "conversations.rollup.roll_settling"),
)
