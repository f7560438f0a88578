"""What transports call: send a message, follow a turn, cancel it. The same rules for every transport."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from companion.kernel.errors import (
    AcknowledgementRequired,
    CompanionError,
    Conflict,
    IdempotencyMismatch,
    NotFound,
    Paused,
    RateLimited,
    Sanctioned,
    Unavailable,
)
from companion.kernel.lifecycle import Lifecycle, lifecycle
from conversations.turn.contracts import (
    FanProfile,
    Interruption,
    Snapshot,
    TurnEvent,
    TurnRequest,
    notice_fields,
    parse_event,
    shown_text,
)
from conversations.turn.control import TurnControl
from conversations.turn.engine import end_as_shown
from conversations.turn.errors import Fenced, LogAway, StoreAway
from conversations.turn.ports import Attempt, TurnPorts
from conversations.turn.registry import TurnRegistry
from conversations.turn.text import body_hash, check_client_message_id, check_text, invalid
from moderation.contracts import Action, Verdict

# A turn lasts at most 60 s and sends at most 20 events a second. An ending whose log was lost takes this seq, which no
# client can have passed.
LOST_LOG_SEQ = 10_000
# How long a new message waits for the running turn to give way: longer than a dead process's lease.
GIVE_WAY_S = 9.0
LOOK_AGAIN_S = 0.05
LOG_WAIT_S = 0.5

FAN_STATUS = {Action.ALLOW: "complete", Action.DEFLECT: "complete", Action.BLOCK: "blocked"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks: a fan who has joined the artist. `due` are disclosures that she has to acknowledge first."""

    artist: UUID
    fan: UUID
    profile: FanProfile
    due: tuple[str, ...] = ()
    sanctioned: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A fan's message as a transport received it. `origin` is the socket that sent it."""

    client_message_id: str
    text: str
    transport: str
    origin: str = ""


class TurnService:
    def __init__(self, ports: TurnPorts, registry: TurnRegistry, life: Lifecycle = lifecycle) -> None:
        """`life` is the process's; it says when nothing new may begin."""
        self._ports = ports
        self._registry = registry
        self._life = life

    async def send(self, sender: Sender, incoming: Incoming) -> UUID:
        """Admits a message and starts its turn, or finds the turn that it already has. Raises CompanionError."""
        text = check_text(incoming.text)
        check_client_message_id(incoming.client_message_id)
        rules = self._ports.moderator.check_rules(sender.artist, text)
        try:
            return await self._admit(sender, replace(incoming, text=text), rules)
        except CompanionError as refusal:
            refusal.extra |= self._help_for(sender, rules)
            raise
        except (LogAway, StoreAway) as away:
            raise Unavailable(extra=self._help_for(sender, rules)) from away

    async def follow(self, artist: UUID, fan: UUID, turn: UUID, after: int) -> AsyncIterator[TurnEvent]:
        """The turn's events with a higher seq than `after`, each once and in order, to the ending.

        Where events are missing from the log, the ending alone. Finds turns of dead processes and takes them over.
        Raises NotFound.
        """
        seen = after
        while True:
            async for event in self._follow_here(turn, seen):
                seen = event.seq
                yield event
                if event.is_ending:
                    return
            snapshot = await self._snapshot(artist, fan, turn)
            if snapshot.ending is not None:
                for event in await self._rest(snapshot, seen):
                    yield event
                return
            if snapshot.lapsed and not self._life.draining:
                await self._take_over(snapshot)
                continue
            arrived = await self._wait_elsewhere(turn, seen)
            rest = [event for event in _unbroken(arrived, seen) if not event.is_ending]
            for event in rest:
                seen = event.seq
                yield event
            if arrived and not rest:
                await self._ports.sleep(LOOK_AGAIN_S)  # a hole, or an ending that its row is about to show

    async def check_resume(self, artist: UUID, fan: UUID, turn: UUID, after: int) -> None:
        """Raises NotFound for a turn that is not this fan's, ValidationFailed for an `after` past its last seq."""
        snapshot = await self._snapshot(artist, fan, turn)
        last = await self._last_seq(snapshot)
        if after < 0 or (last is not None and after > last):
            raise invalid("after", "range", "No event of this turn has that number yet.")

    async def cancel(self, artist: UUID, fan: UUID, turn: UUID) -> None:
        """Asks a turn to stop; an ended one is left alone. Raises NotFound."""
        snapshot = await self._snapshot(artist, fan, turn)
        if snapshot.ending is None:
            await self._ask_to_stop(snapshot)

    async def open_turn(self, artist: UUID, fan: UUID) -> tuple[UUID, int] | None:
        """The fan's running turn and its last seq."""
        try:
            snapshot = await self._ports.store.running(artist, fan)
        except StoreAway as away:
            raise Unavailable from away
        return (snapshot.turn, await self._last_seq(snapshot) or 0) if snapshot else None

    async def said(self, artist: UUID, fan: UUID, turn: UUID) -> dict[str, Any]:
        """The turn's messages as the contract shows them: `fan_message`, and `message` or None."""
        try:
            messages = await self._ports.store.said(artist, fan, turn)
        except StoreAway as away:
            raise Unavailable from away
        reply = messages.get("persona")
        return {"fan_message": messages["fan"].as_json(), "message": reply.as_json() if reply else None}

    def refuse_if_closed(self, artist: UUID) -> None:
        """Raises Paused or Unavailable: nothing new begins, whoever asks."""
        self.refuse_if_paused(artist)
        if self._life.draining:
            raise Unavailable

    def refuse_if_paused(self, artist: UUID) -> None:
        if self._ports.switches.text_paused(artist):
            raise Paused

    async def finish_lapsed(self, snapshot: Snapshot) -> None:
        """Takes a lapsed turn over and waits for its end (the scheduler's sweep)."""
        await self._take_over(snapshot)
        control = self._registry.get(snapshot.turn)
        if control is not None:
            await control.finished.wait()

    # -- admission -----------------------------------------------------------------------------------------------

    async def _admit(self, sender: Sender, incoming: Incoming, rules: Verdict) -> UUID:
        self.refuse_if_closed(sender.artist)
        if sender.sanctioned:
            raise Sanctioned
        if sender.due:
            raise AcknowledgementRequired(extra={"required": list(sender.due)})
        wait_s = await self._ports.limiter.message_allowed(sender.artist, sender.fan)
        began = self._ports.clock.monotonic()
        verdict = rules if not rules.allowed else await self._ports.moderator.check_input(sender.artist, incoming.text)
        moderated_s = self._ports.clock.monotonic() - began
        self._ports.observer.stage("moderate", moderated_s)
        if verdict.allowed and wait_s is None:
            self._ports.memory.expect(sender.artist, sender.fan, incoming.text)
        attempt = Attempt(
            artist=sender.artist,
            fan=sender.fan,
            client_message_id=incoming.client_message_id,
            body_hash=body_hash(incoming.text),
            text=incoming.text,
            transport=incoming.transport,
            verdict=verdict,
            fan_status=FAN_STATUS.get(verdict.action, "held"),
            limited=wait_s is not None,
            moderated_s=moderated_s,
        )
        began = self._ports.clock.monotonic()
        turn = await self._place(attempt, incoming.origin, wait_s)
        self._ports.observer.stage("admit", self._ports.clock.monotonic() - began)
        return turn

    async def _place(self, attempt: Attempt, origin: str, wait_s: int | None) -> UUID:
        began = self._ports.clock.monotonic()
        give_up_at = began + GIVE_WAY_S
        while self._ports.clock.monotonic() < give_up_at:
            self.refuse_if_closed(attempt.artist)
            admission = await self._ports.store.admit(attempt)
            if admission.gone:
                raise NotFound
            if admission.sanctioned:
                raise Sanctioned
            if admission.known is not None:
                if admission.known_body != attempt.body_hash:
                    raise IdempotencyMismatch
                return admission.known.turn
            if wait_s is not None:
                raise RateLimited(retry_after_s=wait_s)
            if admission.request is not None:
                admitted_s = self._ports.clock.monotonic() - began
                timings = {"moderate": attempt.moderated_s, "admit": admitted_s}
                self._registry.start(TurnControl(replace(admission.request, timings_s=timings), origin=origin))
                return admission.request.turn
            if admission.running is not None:
                await self._make_give_way(admission.running)
        raise Conflict(retry_after_s=1)

    async def _make_give_way(self, running: Snapshot) -> None:
        """The running turn is interrupted by a newer message; returns when it has ended here, or soon."""
        if running.lapsed:
            await self._take_over(running)
        await self._ask_to_stop(running)
        control = self._registry.get(running.turn)
        if control is not None:
            await control.finished.wait()
        else:
            await self._ports.sleep(LOOK_AGAIN_S)

    async def _ask_to_stop(self, snapshot: Snapshot) -> None:
        control = self._registry.get(snapshot.turn)
        if control is not None:
            control.interrupt(Interruption.CANCELLED)
        else:
            await self._ports.peers.cancel(snapshot.owner, snapshot.turn)

    # -- following and taking over -------------------------------------------------------------------------------

    async def _follow_here(self, turn: UUID, seen: int) -> AsyncIterator[TurnEvent]:
        """Events of a turn that runs in this process; those from before a takeover come from the log."""
        control = self._registry.get(turn)
        if control is None:
            return
        if control.request.next_seq > seen + 1:
            for event in _unbroken(await self._read(turn, seen), seen):
                if event.seq < control.request.next_seq:
                    seen = event.seq
                    yield event
        async for event in control.follow(seen):
            if event.seq == seen + 1 or event.is_ending:
                seen = event.seq
                yield event

    async def _rest(self, snapshot: Snapshot, seen: int) -> list[TurnEvent]:
        """What an ended turn still has to tell: the unbroken rest from the log, or the ending alone."""
        ending = parse_event(snapshot.ending or "")
        if seen >= ending.seq:
            return []
        events = [event for event in await self._read(snapshot.turn, seen) if not event.is_ending]
        rest = _unbroken(events, seen)
        whole = (rest[-1].seq if rest else seen) == ending.seq - 1
        return [*rest, ending] if whole else [ending]

    async def _read(self, turn: UUID, after: int) -> list[TurnEvent]:
        try:
            return list(await self._ports.log.read(turn, after))
        except LogAway:
            return []

    async def _wait_elsewhere(self, turn: UUID, seen: int) -> list[TurnEvent]:
        try:
            return list(await self._ports.log.wait(turn, seen, LOG_WAIT_S))
        except LogAway:
            await self._ports.sleep(LOG_WAIT_S)
            return []

    async def _snapshot(self, artist: UUID, fan: UUID, turn: UUID) -> Snapshot:
        try:
            snapshot = await self._ports.store.snapshot(artist, fan, turn)
        except StoreAway as away:
            raise Unavailable from away
        if snapshot is None:
            raise NotFound
        return snapshot

    async def _last_seq(self, snapshot: Snapshot) -> int | None:
        """None where nobody can tell: Redis is away, or lost the turn's events."""
        if snapshot.ending is not None:
            return parse_event(snapshot.ending).seq
        events = await self._read(snapshot.turn, 0)
        return events[-1].seq if events else None

    async def _take_over(self, snapshot: Snapshot) -> None:
        """Takes a lapsed turn: nothing shown, it runs anew; words shown, it ends as cancelled with these words.

        A log without its beginning was lost (`turn.started` is its first entry): what was shown is unknown, so nothing
        is generated anew and the ending says so. A Redis that is only away keeps it: the turn waits for that.
        """
        try:
            request = await self._ports.store.take_over(snapshot)
        except StoreAway as away:
            raise Unavailable from away
        if request is None:
            return
        try:
            await self._ports.log.fence(request.turn, request.epoch)
            events = list(await self._ports.log.read(request.turn, 0))
        except LogAway as away:
            await self._let_go(request)
            raise Unavailable from away
        except Fenced:
            return
        whole = bool(events) and len(_unbroken(events, 0)) == len(events)
        shown, emotion = shown_text(events) if whole else ("", None)
        next_seq = events[-1].seq + 1 if whole else LOST_LOG_SEQ
        verdict = await self._ports.moderator.check_input(request.artist, request.message.text)
        request = replace(request, next_seq=next_seq, started=True, verdict=verdict)
        control = TurnControl(request)
        if shown or not whole:
            await end_as_shown(control, self._ports, shown, emotion)
        else:
            self._registry.start(control)

    async def _let_go(self, request: TurnRequest) -> None:
        """Gives a lease up at once, so that the next who asks for the turn may take it."""
        with suppress(StoreAway):  # else it lapses by itself
            await self._ports.store.hand_over(request)

    # -- help ----------------------------------------------------------------------------------------------------

    def _help_for(self, sender: Sender, rules: Verdict) -> dict[str, Any]:
        if rules.action is not Action.CRISIS:
            return {}
        notice = self._ports.moderator.crisis_notice(sender.profile)
        return {"help": notice_fields("crisis", notice.text, title=notice.title, actions=notice.actions)}


def _unbroken(events: list[TurnEvent], seen: int) -> list[TurnEvent]:
    """The events that follow `seen` without a hole."""
    rest: list[TurnEvent] = []
    for event in events:
        if event.seq != seen + 1:
            break
        seen = event.seq
        rest.append(event)
    return rest
