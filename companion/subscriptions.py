"""Which jobs each outbox topic leads to. Only this file knows every app's jobs.

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
