"""The turn engine: from an admitted message to exactly one ending event, whatever happens on the way.

Stages: (admit and moderate have passed, service.py) → recall → compose → generate → filter → settle. The engine's task
is never cancelled from outside: who wants it to stop sets `control.interruption`, so that every await has one way out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import structlog

from companion.kernel.errors import CompanionError, Internal, Paused, Unavailable
from companion.providers.llm.base import LLMRequest
from companion.providers.llm.tokens import estimate_tokens
from conversations.turn.contracts import Ending, Interruption, Outcome, Settlement, SpokenMessage, Trace, Usage
from conversations.turn.control import TurnControl
from conversations.turn.emission import Emission
from conversations.turn.emotion import EmotionTags
from conversations.turn.errors import (
    CutShort,
    Fenced,
    HandedOver,
    Interrupted,
    LogLost,
    ProviderKilled,
    StoreAway,
    SwitchesUnknown,
    TextPaused,
)
from conversations.turn.filtering import FilterChain
from conversations.turn.generation import Upstream, reading
from conversations.turn.ports import TurnPorts
from conversations.turn.prompt import Prompt, compose, line_without_a_model, template_line
from memory.contracts import Recalled, RecalledMemory, Remark
from memory.recall.drawn import drawn_on
from memory.recall.trace import drawn_trace, recall_trace
from moderation.contracts import Action, Verdict
from personas.context import PersonaContext
from personas.honesty import SOURCE, HonestReply

# The first token leaves at once; later ones together, about this often: a quarter of the frames (stack.md).
COALESCE_S = 0.05
# The moments at which batches leave, the same for all turns: those that fall together share one trip to the log.
BEAT_S = 0.01
# How long a finished turn waits for Postgres before it leaves its ending to another process.
SETTLE_PATIENCE_S = 10.0
SETTLE_RETRY_S = 0.25

log = structlog.get_logger(__name__)
T = TypeVar("T")


async def run_turn(control: TurnControl, ports: TurnPorts) -> None:
    """Runs an admitted turn to its ending. When it returns, the turn has ended or another process may take it over."""
    turn = _Turn(control, ports)
    try:
        ending = await turn.reply()
        control.interruptible = False
        await turn.settle(ending)
    except Fenced:
        log.warning("turn.fenced", turn=str(control.request.turn), epoch=control.request.epoch)
    except HandedOver:
        await _hand_over(control, ports)
    finally:
        control.close()


async def _hand_over(control: TurnControl, ports: TurnPorts) -> None:
    try:
        await ports.store.hand_over(control.request)
    except StoreAway:
        log.warning("turn.hand_over_failed", turn=str(control.request.turn))  # the lease lapses by itself


async def end_as_shown(control: TurnControl, ports: TurnPorts, shown: str, emotion: str | None) -> None:
    """Ends a turn that another process began to show: cancelled, with what was shown, and charged for that."""
    turn = _Turn(control, ports)
    turn.out.shown, turn.emotion = shown, emotion
    control.interruptible = False
    try:
        await turn.settle(turn.cancelled())
    except (Fenced, HandedOver):
        log.warning("turn.not_ended", turn=str(control.request.turn))  # whoever fenced us ends it
    finally:
        control.close()


class _Turn:
    def __init__(self, control: TurnControl, ports: TurnPorts) -> None:
        self.control = control
        self.request = control.request
        self.ports = ports
        self.out = Emission(control, ports)
        self.trace = Trace(timings_ms={name: round(s * 1000, 2) for name, s in control.request.timings_s.items()})
        self.began = ports.clock.monotonic()
        self.prompt: Prompt | None = None
        self.upstream: Upstream | None = None
        self.tags = EmotionTags()
        self.emotion: str | None = None
        self.degraded = False
        self.filter_s = 0.0
        self.written: list[str] = []  # what the model wrote, shown or not: staff see what a hit kept back

    # -- from the message to an ending ---------------------------------------------------------------------------

    async def reply(self) -> Ending:
        """Everything up to the ending, which it names. Raises Fenced and HandedOver only."""
        try:
            return await self._answer()
        except Interrupted:
            return self._interrupted()
        except TextPaused:
            return self._failed(Paused())
        except (CutShort, LogLost, SwitchesUnknown, StoreAway, TimeoutError) as away:
            log.warning("turn.gave_up", turn=str(self.request.turn), error=type(away).__name__)
            return self._failed(Unavailable())
        except (Fenced, HandedOver):
            raise
        except Exception:
            log.exception("turn.crashed", turn=str(self.request.turn))
            return self._failed(Internal())

    async def _answer(self) -> Ending:
        action = self.request.verdict.action
        if action is Action.ALLOW:
            return await self._generated()
        await self._begin()
        if action is Action.CRISIS:
            notice = self.ports.moderator.crisis_notice(self.request.profile)
            await self.out.notice("crisis", notice.text, title=notice.title, actions=notice.actions)
            return Ending(Outcome.COMPLETED, None)
        context = await self.ports.context.read(self.request.artist, self.request.fan, None)
        self._note(context)
        await self.out.token(self._template(context.sheet.fallbacks, ()))
        return Ending(Outcome.COMPLETED, self._message("complete"))

    async def _generated(self) -> Ending:
        with self._stage("recall"):
            context, recalled, window = await self._begin_and_recall()
        with self._stage("compose"):
            self.prompt = compose(self.request, context, recalled, window, self.ports.clock.now())
        self._note(self.prompt.context)
        self.trace.context |= recall_trace(self.prompt.recalled)
        self.trace.prompt = [{"role": m.role, "content": m.content} for m in self.prompt.request.messages]
        self.trace.context["window"] = [str(remark.id) for remark in self.prompt.remarks]
        try:
            hit = await self._speak(self.prompt.request)
        except ProviderKilled:
            return await self._from_template(context, window)
        if hit is not None:
            return await self._withheld(hit, context, window)
        if not self.out.shown.strip():
            return await self._from_template(context, window)
        return Ending(Outcome.COMPLETED, self._message("complete"), usage=self._usage(), charged=True)

    async def _begin(self) -> None:
        await self.out.started()
        await self._tell_other_sockets(self.request.message)

    async def _begin_and_recall(self) -> tuple[PersonaContext, Recalled, Sequence[Remark]]:
        """Both at once: the model waits for nothing that it does not need."""
        recall = asyncio.create_task(self._recall())
        try:
            await self._begin()
        finally:
            await asyncio.wait([recall])
        return recall.result()

    async def _recall(self) -> tuple[PersonaContext, Recalled, Sequence[Remark]]:
        request, ports = self.request, self.ports
        return await asyncio.gather(
            self._timed(
                "recall.context", lambda: ports.context.read(request.artist, request.fan, request.message.text)
            ),
            self._timed("recall.memory", lambda: ports.memory.read(request, ports.clock.now())),
            self._timed(
                "recall.window", lambda: ports.window.read(request.artist, request.fan, request.previous_message)
            ),
        )

    async def _speak(self, request: LLMRequest) -> Verdict | None:
        """Streams the model's reply. The output verdict that stopped it, or None; nothing shown: no provider spoke."""
        grounding = request.grounding
        asked = " ".join(grounding.asked)
        honest = HonestReply(grounding.schedule, grounding.now, grounding.passages, asked=asked)
        guard = FilterChain(self.ports.moderator.output_filter(self.request.artist), honest)
        with self._stage("generate"):
            async with reading(request, self.control, self.ports) as upstream:
                self.upstream = upstream
                try:
                    await self._read(upstream, guard)
                except (Interrupted, CutShort, TimeoutError):
                    await honest.reread(self.ports.denies, cut=True)
                    if honest.hit is None:
                        raise
        self._stage_took("filter", self.filter_s)
        return guard.hit

    async def _read(self, upstream: Upstream, guard: FilterChain) -> None:
        while guard.hit is None:
            self._check_interruption()
            done = upstream.done
            await self._release(upstream.take(), guard, last=done)
            if done and guard.hit is None:
                upstream.check()
                break
            await self._next_batch()

    async def _release(self, text: str, guard: FilterChain, *, last: bool) -> None:
        """Lifts emotion tags out, asks the filter what may leave, and sends that."""
        plain = self.tags.feed(text) + (self.tags.finish() if last else "")
        self.written.append(plain)
        began = self.ports.clock.monotonic()
        if plain:
            self._starts("filter", began)
        free = await guard.release(plain, last=last, denies=self.ports.denies)
        self.filter_s += self.ports.clock.monotonic() - began
        if guard.hit is not None:
            return
        if not self.out.shown:
            free = free.lstrip()
        if free:
            await self._feel(self.tags.emotion)
            if not self.out.shown:
                self._first_token()
            await self.out.token(free)

    async def _feel(self, emotion: str | None) -> None:
        if emotion and emotion != self.emotion:
            self.emotion = emotion
            await self.out.emotion(emotion)

    async def _next_batch(self) -> None:
        now = self.ports.clock.monotonic()
        left = self.began + self.ports.turn_timeout_s - now
        if left <= 0:
            raise TimeoutError
        if self.out.shown:
            beat = COALESCE_S - (now + COALESCE_S) % BEAT_S
            await self.control.signal.wait(min(beat, left), only_urgent=True)
            left = max(left - beat, 0.001)
        await self.control.signal.wait(left)

    def _check_interruption(self) -> None:
        why = self.control.interruption
        if why is Interruption.HANDED_OVER:
            raise HandedOver
        if why is Interruption.PROVIDER_KILLED:
            raise ProviderKilled
        if why is not None:
            raise Interrupted

    # -- replies that are not the model's ------------------------------------------------------------------------

    async def _from_template(self, context: PersonaContext, window: Sequence[Remark]) -> Ending:
        """A line in the persona's voice where no provider spoke, or the one that spoke was switched off."""
        self.degraded = True
        await self.out.notice("degraded", "Short answers for now.")
        self._leave_the_model()
        line = line_without_a_model(context, window, self.request)
        await (self.out.retracted(line) if self.out.shown else self.out.token(line))
        return Ending(Outcome.COMPLETED, self._message("complete"))

    async def _withheld(self, hit: Verdict, context: PersonaContext, window: Sequence[Remark]) -> Ending:
        status = "held" if hit.action is Action.HOLD else "blocked"
        self.trace.context["withheld"] = {"text": "".join(self.written), "shown": len(self.out.shown)}
        lines = context.sheet.honesty if hit.source == SOURCE else context.sheet.fallbacks
        await self.out.retracted(self._template(lines, window))
        return Ending(Outcome.COMPLETED, self._message(status), usage=self._usage(), charged=True, output_verdict=hit)

    def _template(self, lines: Sequence[str], window: Sequence[Remark]) -> str:
        self._leave_the_model()
        return template_line(lines, window, self.request)

    def _leave_the_model(self) -> None:
        """From here on no provider speaks, and nothing recalled is used."""
        self.control.speaker, self.prompt = "", None

    # -- endings -------------------------------------------------------------------------------------------------

    def _interrupted(self) -> Ending:
        if self.control.interruption is Interruption.PAUSED:
            return self._failed(Paused())
        return self.cancelled()

    def cancelled(self) -> Ending:
        """With what was shown; a turn that showed nothing costs nothing."""
        shown = bool(self.out.shown)
        reply = self._message("cancelled") if shown else None
        usage = self._usage() if shown else Usage()
        return Ending(Outcome.CANCELLED, reply, usage=usage, charged=shown)

    def _failed(self, error: CompanionError) -> Ending:
        reply = self._message("failed") if self.out.shown else None
        return Ending(Outcome.FAILED, reply, error=error.problem())

    def _message(self, status: str) -> SpokenMessage:
        drawn = self._drawn_on()
        self.trace.context |= drawn_trace(drawn)
        return SpokenMessage(
            id=self.ports.new_id(),
            turn=self.request.turn,
            role="persona",
            text=self.out.shown,
            created_at=self.ports.clock.now(),
            status=status,
            emotion=self.emotion,
            degraded=self.degraded,
            remembered_from=drawn[0].said_at if drawn else None,
        )

    def _drawn_on(self) -> Sequence[RecalledMemory]:
        if self.prompt is None:
            return ()
        known = (self.request.message.text, self.request.profile.name, self.prompt.context.name)
        return drawn_on(self.out.shown, self.prompt.recalled.memories, known=known)

    def _usage(self) -> Usage:
        """The provider's figures; an estimate where it gave none, as when the fan stopped the reply."""
        if self.upstream is not None and self.upstream.usage is not None:
            return self.upstream.usage
        asked = sum(estimate_tokens(message["content"]) for message in self.trace.prompt)
        return Usage(asked, estimate_tokens(self.out.shown))

    # -- settling ------------------------------------------------------------------------------------------------

    async def settle(self, ending: Ending) -> None:
        """Postgres first, then short-term memory, then the log and the followers. Raises Fenced and HandedOver."""
        event = self.out.ending(ending)
        if self.upstream is not None:
            self.trace.provider, self.trace.model = self.upstream.provider, self.upstream.model
        settlement = Settlement(self.request, ending, self.trace, event.seq, event.frame, self.ports.clock.now())
        with self._stage("settle"):
            if not await self._settle_patiently(settlement):
                raise Fenced
        await self._keep_in_window(ending)
        await self.out.end(event)
        if ending.reply is not None:
            await self._tell_other_sockets(ending.reply)
        self.ports.observer.ended(self.request.transport, ending.outcome)

    async def _settle_patiently(self, settlement: Settlement) -> bool:
        give_up_at = self.ports.clock.monotonic() + SETTLE_PATIENCE_S
        while True:
            try:
                return await self.ports.store.settle(settlement)
            except StoreAway as away:
                if self.ports.clock.monotonic() >= give_up_at:
                    raise HandedOver from away
                await self.ports.sleep(SETTLE_RETRY_S)

    async def _keep_in_window(self, ending: Ending) -> None:
        if ending.outcome is Outcome.FAILED:
            return  # the next read sees that the window is behind, and rebuilds it without the failed message
        said = [self.request.message] if self.request.message.status == "complete" else []
        said += [ending.reply] if ending.reply else []
        remarks = [Remark(message.id, message.role, message.text, message.status == "cancelled") for message in said]
        request = self.request
        await self.ports.window.add(request.artist, request.fan, remarks, after=request.previous_message)

    async def _tell_other_sockets(self, message: SpokenMessage) -> None:
        await self.ports.peers.said(self.request.artist, self.request.fan, message, self.control.origin)

    # -- bookkeeping ---------------------------------------------------------------------------------------------

    def _first_token(self) -> None:
        seconds = self.ports.clock.monotonic() - self.began
        self.trace.timings_ms["first_token"] = round(seconds * 1000, 2)
        self.ports.observer.first_token(seconds)

    def _note(self, context: PersonaContext) -> None:
        self.trace.persona_version = context.version_id
        self.trace.context |= context.as_trace()

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        began = self.ports.clock.monotonic()
        self._starts(name, began)
        try:
            yield
        finally:
            self._stage_took(name, self.ports.clock.monotonic() - began)

    def _stage_took(self, name: str, seconds: float) -> None:
        self.trace.timings_ms[name] = round(seconds * 1000, 2)
        self.ports.observer.stage(name, seconds)

    async def _timed(self, name: str, step: Callable[[], Awaitable[T]]) -> T:
        """A part of a stage, for the trace alone."""
        began = self.ports.clock.monotonic()
        self._starts(name, began)
        result = await step()
        self.trace.timings_ms[name] = round((self.ports.clock.monotonic() - began) * 1000, 2)
        return result

    def _starts(self, name: str, moment: float) -> None:
        """The first start of a stage, counted from the engine's own."""
        self.trace.starts_ms.setdefault(name, round((moment - self.began) * 1000, 2))
