"""What a run must have left behind: one message pair, trace, usage row, both verdicts and one outbox row a turn."""

import psycopg

# Each counts rows and the turns that have one: both must equal the number of turns.
LEFT_BEHIND = {
    "turns": "conversations_turn where status = 'completed'",
    "fan messages": "conversations_message where role = 'fan'",
    "replies": "conversations_message where role = 'persona' and status = 'complete' and not degraded",
    "traces": "conversations_turntrace where provider = 'openai'",
    "usage rows": "billing_usagerecord",
    "input verdicts": "moderation_decision where side = 'input'",
    "output verdicts": "moderation_decision where side = 'output'",
    "outbox rows": "kernel_outboxevent where topic = 'turn.ended'",
}
TURN = {"turns": "id", "outbox rows": "payload ->> 'turn'"}


class RowsMissing(Exception):
    """A turn left too little behind, or too much; the message says what."""


class Ledger:
    """Counts as the superuser, whom row security does not bind."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._before = self._counts()

    def check(self, turns: int) -> None:
        """Raises RowsMissing unless just these turns have come since the last check."""
        now = self._counts()
        wrong = [
            f"{name}: {rows - self._before[name][0]} rows for {of_turns - self._before[name][1]} turns"
            for name, (rows, of_turns) in now.items()
            if rows - self._before[name][0] != turns or of_turns - self._before[name][1] != turns
        ]
        if wrong:
            raise RowsMissing(f"after {turns} turns: {', '.join(wrong)}")
        self._before = now

    def _counts(self) -> dict[str, tuple[int, int]]:
        with psycopg.connect(self._url) as connection:
            return {name: self._count(connection, name) for name in LEFT_BEHIND}

    @staticmethod
    def _count(connection: "psycopg.Connection[tuple[int, int]]", name: str) -> tuple[int, int]:
        turn = TURN.get(name, "turn_id")
        statement = f"select count(*), count(distinct {turn}) from {LEFT_BEHIND[name]}"
        return connection.execute(statement).fetchone() or (0, 0)
