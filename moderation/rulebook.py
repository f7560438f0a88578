"""The rules as one process knows them: compiled, reloaded by the change feed within a second of a change."""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

import structlog

from companion.kernel.changes import ChangeFeed
from companion.kernel.postgres import Pool
from moderation.contracts import Action, RuleSpec, Side, Verdict
from moderation.crisis import floor_rules
from moderation.text.ruleset import Ruleset

TOPIC = "rules"
# The key of the feed's rows about rules that belong to no artist.
GLOBAL = ""
READ = """
select id, artist_id, phrase, action, side, category from moderation_rule
where retired_at is null and (%(all)s or artist_id = any(%(artists)s::uuid[])) order by created_at, id
"""

Row = tuple[UUID, UUID | None, str, str, str, str]
log = structlog.get_logger(__name__)


class RuleBook:
    """One a process. `pool` is the system role's: a process has to know the rules of every artist.

    Until the first good read, and for an artist whose rules cannot be compiled, nothing passes (crisis help does). When
    the database is away later, the last good rules hold; the switches end running turns then (tenancy/switches.py).
    """

    def __init__(self, pool: Pool, feed: ChangeFeed) -> None:
        self._pool = pool
        self._rows: dict[UUID | None, list[Row]] = {}
        self._everyone = Ruleset(floor_rules(), readable=False)
        self._own: Mapping[UUID, Ruleset] = MappingProxyType({})
        feed.subscribe(TOPIC, self._reload)

    def ruleset(self, artist: UUID) -> Ruleset:
        """The artist's rules with the global ones and the crisis floor; one without rules of her own shares them."""
        return self._own.get(artist, self._everyone)

    def output_filter(self, artist: UUID) -> "ReplyFilter":
        """A filter for one reply of this artist, which follows her rules while the reply runs."""
        return ReplyFilter(self, artist)

    async def _reload(self, keys: set[str]) -> None:
        """Raises psycopg's errors: the feed then tries again with its next poll."""
        whole = not keys or GLOBAL in keys
        artists = [UUID(key) for key in keys if key != GLOBAL]
        async with self._pool.connection() as connection:
            cursor = await connection.execute(READ, {"all": whole, "artists": artists})
            rows: list[Row] = await cursor.fetchall()
        kept = {} if whole else {artist: known for artist, known in self._rows.items() if artist not in artists}
        for row in rows:
            kept.setdefault(row[1], []).append(row)
        # Ten thousand terms take a tenth of a second: in a thread, so that the sockets of this process go on.
        everyone, own = await asyncio.to_thread(self._compile, kept, None if whole else artists)
        self._rows, self._everyone, self._own = kept, everyone, MappingProxyType(own)

    def _compile(
        self, rows: Mapping[UUID | None, list[Row]], changed: list[UUID] | None
    ) -> tuple[Ruleset, dict[UUID, Ruleset]]:
        """Everyone's ruleset and those of artists with rules of their own; only the `changed` ones anew, or all."""
        everyone = compiled(rows.get(None, [])) if changed is None else self._everyone
        own = {} if changed is None else {artist: known for artist, known in self._own.items() if artist not in changed}
        for artist, theirs in rows.items():
            if artist is not None and artist not in own:
                own[artist] = compiled(theirs, over=everyone)
        return everyone, own


class ReplyFilter:
    """A StreamFilter that takes the latest rules before each token."""

    __slots__ = ("_artist", "_book", "_filter")

    def __init__(self, book: RuleBook, artist: UUID) -> None:
        self._book = book
        self._artist = artist
        self._filter = book.ruleset(artist).stream_filter()

    @property
    def hit(self) -> Verdict | None:
        return self._filter.hit

    def feed(self, text: str) -> str:
        self._filter.use(self._book.ruleset(self._artist).output)
        return self._filter.feed(text)

    def finish(self) -> str:
        self._filter.use(self._book.ruleset(self._artist).output)
        return self._filter.finish()


def compiled(rows: Iterable[Row], *, over: Ruleset | None = None) -> Ruleset:
    """Rows over others', or over the crisis floor, as a ruleset; closed when one of the rows makes no sense."""
    try:
        specs = [
            RuleSpec(str(identity), phrase, Action(action), Side(side), category)
            for identity, _, phrase, action, side, category in rows
        ]
        return Ruleset(specs, over=over) if over else Ruleset([*floor_rules(), *specs])
    except ValueError:
        log.exception("moderation.rules_unreadable")
        return Ruleset(floor_rules(), readable=False)
