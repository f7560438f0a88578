"""The kill switches as one process knows them: a snapshot, reloaded by the change feed, and how fresh it is.

A good poll of the feed proves that the snapshot is current. No token leaves a process whose last good poll is older
than STALE_S; who waits for one gives up after GIVE_UP_S (contract.md, `kill`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

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
        by_scope: dict[str, list[tuple[UUID | None, str, str]]] = {}
        for scope, artist, surface, provider in rows:
            by_scope.setdefault(scope, []).append((artist, surface, provider))
        off = {row[0] for row in suspended} | {artist for artist, _, _ in by_scope.get("artist", ()) if artist}
        self.state = SwitchState(
            everything="global" in by_scope,
            artists=frozenset(off),
            surfaces=frozenset((artist, surface) for artist, surface, _ in by_scope.get("surface", ())),
            providers=frozenset(provider for _, _, provider in by_scope.get("provider", ())),
        )
        for listener in self._listeners:
            listener()
