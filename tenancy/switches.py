"""The kill switches as one process knows them: a snapshot, reloaded by the change feed, and how fresh it is.

A good poll of the feed proves that the snapshot is current. No token leaves a process whose last good poll is older
than STALE_S; who waits for one gives up after GIVE_UP_S (contract.md, `kill`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic, time
from uuid import UUID

from django.db import connections

from companion.kernel.changes import ChangeFeed
from companion.kernel.postgres import Pool

STALE_S = 0.5
GIVE_UP_S = 5.0
TOPIC = "switches"

ON = 'select scope, artist_id, surface, provider from tenancy_killswitch where "on"'
SUSPENDED = "select id from tenancy_artist where status = 'suspended'"


@dataclass(frozen=True, slots=True)
class SwitchState:
    """What is off. `surfaces` holds (artist or None for every artist, surface)."""

    everything: bool = False
    artists: frozenset[UUID] = frozenset()
    surfaces: frozenset[tuple[UUID | None, str]] = frozenset()
    providers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: Iterable[tuple[str, UUID | None, str, str]], suspended: Iterable[UUID]) -> "SwitchState":
        """From the rows that ON and SUSPENDED answer."""
        by_scope: dict[str, list[tuple[UUID | None, str, str]]] = {}
        for scope, artist, surface, provider in rows:
            by_scope.setdefault(scope, []).append((artist, surface, provider))
        stopped = {artist for artist, _, _ in by_scope.get("artist", ()) if artist}
        return cls(
            everything="global" in by_scope,
            artists=frozenset({*suspended, *stopped}),
            surfaces=frozenset((artist, surface) for artist, surface, _ in by_scope.get("surface", ())),
            providers=frozenset(provider for _, _, provider in by_scope.get("provider", ())),
        )

    @property
    def fingerprint(self) -> str:
        """The same in every process that knows the same switches."""
        told = [
            [str(self.everything)],
            sorted(map(str, self.artists)),
            sorted(f"{artist} {surface}" for artist, surface in self.surfaces),
            sorted(self.providers),
        ]
        return sha256(repr(told).encode()).hexdigest()[:16]

    def paused(self, artist: UUID, surface: str) -> bool:
        return (
            self.everything
            or artist in self.artists
            or (None, surface) in self.surfaces
            or (artist, surface) in self.surfaces
        )


class SwitchBoard:
    """One a process. `pool` is the system role's: a process has to know the switches of every artist."""

    def __init__(self, pool: Pool, feed: ChangeFeed) -> None:
        self._pool = pool
        self._feed = feed
        self._listeners: list[Callable[[], None]] = []
        self.state = SwitchState()
        self.applied_at = 0.0  # seconds of the wall clock: other processes compare it
        feed.subscribe(TOPIC, self._reload)

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` is called after each reload, before anything waits again."""
        self._listeners.append(listener)

    def text_paused(self, artist: UUID) -> bool:
        return self.state.paused(artist, "text")

    def provider_killed(self, name: str) -> bool:
        return name in self.state.providers

    def fresh(self) -> bool:
        return monotonic() - self._feed.read_at <= STALE_S

    async def wait_until_fresh(self) -> bool:
        return await self._feed.wait_for_read(monotonic() - STALE_S, GIVE_UP_S)

    async def _reload(self, _keys: set[str]) -> None:
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(ON)).fetchall()
            suspended = await (await connection.execute(SUSPENDED)).fetchall()
        self.state = SwitchState.of(rows, (row[0] for row in suspended))
        self.applied_at = time()
        for listener in self._listeners:
            listener()


def stored_state() -> SwitchState:
    """What every process ought to know by now, read as the system role: the console compares it with what they tell."""
    with connections["system"].cursor() as cursor:
        cursor.execute(ON)
        rows = cursor.fetchall()
        cursor.execute(SUSPENDED)
        return SwitchState.of(rows, [row[0] for row in cursor.fetchall()])
