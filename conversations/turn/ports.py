"""The engine's ports: what a turn needs of the world. wiring.py binds the real ones, the simulation its fakes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from companion.providers.llm.base import LLMRequest, TokenUsage
from conversations.turn.contracts import (
    Admission,
    FanProfile,
    Settlement,
    Snapshot,
    SpokenMessage,
    TurnEvent,
    TurnRequest,
)
from memory.contracts import Recalled, Remark
from moderation.contracts import CrisisNotice, Verdict
from personas.context import PersonaContext
from personas.honesty import Denies


class Clock(Protocol):
    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class TurnStore(Protocol):
    """Postgres. Every write of a turn is conditional on its epoch. Raises StoreAway when it does not answer."""

    async def admit(self, attempt: "Attempt") -> Admission:
        """Places turn and fan's message unless the id is known, a turn runs, or the fan may not write."""

    async def snapshot(self, artist: UUID, fan: UUID, turn: UUID) -> Snapshot | None:
        """The turn's row, or None where the fan has no such turn."""

    async def running(self, artist: UUID, fan: UUID) -> Snapshot | None:
        """The fan's running turn with this artist."""

    async def take_over(self, snapshot: Snapshot) -> TurnRequest | None:
        """Raises the epoch of a turn whose lease has lapsed and takes it; None when someone else was first."""

    async def renew(self, request: TurnRequest) -> bool:
        """Prolongs the lease; False when the epoch is no longer ours."""

    async def hand_over(self, request: TurnRequest) -> None:
        """Gives the lease up at once, for another process to take the turn."""

    async def said(self, artist: UUID, fan: UUID, turn: UUID) -> Mapping[str, SpokenMessage]:
        """A turn's messages by role."""

    async def settle(self, settlement: Settlement) -> bool:
        """Writes the ending and all that goes with it in one transaction; False when the epoch is no longer ours."""


class EventLog(Protocol):
    """The Redis stream of a turn. Raises LogAway when Redis does not answer, Fenced when a newer epoch has written."""

    async def append(self, turn: UUID, epoch: int, event: TurnEvent) -> None: ...

    async def fence(self, turn: UUID, epoch: int) -> None:
        """From now on only this epoch (or a newer one) can append."""

    async def read(self, turn: UUID, after: int) -> Sequence[TurnEvent]:
        """All events with a higher seq, in order."""

    async def wait(self, turn: UUID, after: int, seconds: float) -> Sequence[TurnEvent]:
        """As `read`, but waits up to `seconds` for the first of them."""


class Switches(Protocol):
    """The process's snapshot of the kill switches (tenancy/switches.py)."""

    def text_paused(self, artist: UUID) -> bool: ...

    def provider_killed(self, name: str) -> bool: ...

    def fresh(self) -> bool:
        """False when the last good read is older than 500 ms: then no token may leave."""

    async def wait_until_fresh(self) -> bool:
        """Waits for the next good read; False after 5 s without one."""


class OutputFilter(Protocol):
    """moderation's stream filter: what may leave now."""

    @property
    def hit(self) -> Verdict | None: ...

    def feed(self, text: str) -> str: ...

    def finish(self) -> str: ...


class Moderator(Protocol):
    def check_rules(self, artist: UUID, text: str) -> Verdict:
        """The rules' verdict on a fan's text, at once: a refusal of a text about self-harm carries help."""

    async def check_input(self, artist: UUID, text: str) -> Verdict:
        """Rules, then the intent classifier."""

    def output_filter(self, artist: UUID) -> OutputFilter: ...

    def crisis_notice(self, place: FanProfile) -> CrisisNotice: ...


class Context(Protocol):
    async def read(self, artist: UUID, fan: UUID, text: str | None) -> PersonaContext:
        """The version that speaks to this fan, mood, schedule, and the corpus passages nearest to `text`, if any."""


class LongTermMemory(Protocol):
    def expect(self, artist: UUID, fan: UUID, text: str) -> None:
        """A message that is being admitted: what its recall needs beforehand (the vector) may be made meanwhile."""

    async def read(self, request: TurnRequest, now: datetime) -> Recalled:
        """What is remembered of the fan that suits the request's message, and what she has had forgotten."""


class Window(Protocol):
    """Short-term memory."""

    async def read(self, artist: UUID, fan: UUID, newest: UUID | None) -> Sequence[Remark]:
        """The last remarks, oldest first; rebuilt when its newest one is not `newest`."""

    async def add(self, artist: UUID, fan: UUID, remarks: Sequence[Remark], *, after: UUID | None) -> None:
        """Adds to a window that ends with `after`; any other has missed something, and is left to the next read."""


class OpenStream(Protocol):
    """A reply that has begun: its first token is at hand."""

    provider: str
    model: str
    usage: TokenUsage | None

    def __aiter__(self) -> "OpenStream": ...

    async def __anext__(self) -> str: ...

    async def aclose(self) -> None: ...


class LLMChain(Protocol):
    async def open(self, request: LLMRequest, *, killed: Callable[[str], bool]) -> OpenStream:
        """Raises NoFirstToken when no provider gave one; the stream raises Cut when it breaks later."""


class Limiter(Protocol):
    async def message_allowed(self, artist: UUID, fan: UUID) -> int | None:
        """Counts a message. None: allowed; else seconds until one is. Raises LogAway when Redis does not answer."""


class Peers(Protocol):
    """The other processes."""

    async def cancel(self, owner: str, turn: UUID) -> None:
        """Asks the process `owner` to cancel a turn. May be lost: the caller looks again."""

    async def said(self, artist: UUID, fan: UUID, message: SpokenMessage, origin: str) -> None:
        """Shows a new message to the fan's sockets other than `origin`. May be lost: history has it."""


class Observer(Protocol):
    """Metrics."""

    def stage(self, name: str, seconds: float) -> None: ...

    def first_token(self, seconds: float) -> None: ...

    def ended(self, transport: str, outcome: str) -> None: ...

    def log_lost(self) -> None:
        """An ending could not be appended to its log; the turn's row alone has it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message on its way to becoming a turn. `limited`: only a turn that is already there may be answered."""

    artist: UUID
    fan: UUID
    client_message_id: str
    body_hash: bytes
    text: str
    transport: str
    verdict: Verdict
    fan_status: str
    limited: bool = False
    moderated_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TurnPorts:
    store: TurnStore
    log: EventLog
    switches: Switches
    moderator: Moderator
    context: Context
    memory: LongTermMemory
    window: Window
    llm: LLMChain
    clock: Clock
    limiter: Limiter
    peers: Peers
    observer: Observer
    quotas: Callable[[int], tuple[Mapping[str, Any], ...]]
    denies: Denies
    new_id: Callable[[], UUID]
    sleep: Callable[[float], Awaitable[None]]
    turn_timeout_s: float = 60.0
