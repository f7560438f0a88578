"""A process that reads a session and stops in the middle, for whoever kills it: its arguments are artist and fan.

It says "reading" on its output once the lease is taken and the talk is with the extractor, then waits for a word that
never comes.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import django


def main(artist: UUID, fan: UUID) -> None:
    django.setup()
    from conversations.selectors import said
    from memory.contracts import Candidate, Said
    from memory.extracting import extract_session
    from tests.memory.people import Script, Words

    class Stuck(Script):
        async def extract(
            self, said: Sequence[Said], *, now: datetime, time_zone: str, fan_name: str
        ) -> list[Candidate]:
            sys.stdout.write("reading\n")
            sys.stdout.flush()
            sys.stdin.readline()
            return await super().extract(said, now=now, time_zone=time_zone, fan_name=fan_name)

    extract_session(
        artist,
        fan,
        lambda after: said(artist=artist, fan=fan, after=after),
        extractor=Stuck(),
        embedder=Words(),
        now=datetime.now(UTC),
    )


if __name__ == "__main__":
    main(UUID(sys.argv[1]), UUID(sys.argv[2]))
