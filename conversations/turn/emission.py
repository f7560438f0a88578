"""What leaves a turn, and in which order: gate, sequence number, log, then the followers.

An event is appended to the Redis log before anybody sees it, with the id `seq-0` under the turn's epoch, so that a
process that was taken for dead can add nothing. While Redis does not answer, the turn waits LOG_PATIENCE_S.
"""

from typing import Any

from conversations.turn.contracts import Ending, Interruption, TurnEvent, make_event, notice_fields
from conversations.turn.control import TurnControl
from conversations.turn.errors import LogAway, LogLost, ProviderKilled, SwitchesUnknown, TextPaused
from conversations.turn.ports import TurnPorts
from moderation.contracts import HelpLink

LOG_PATIENCE_S = 2.0
LOG_RETRY_S = 0.1


class Emission:
    """Numbers and sends the events of one turn."""

    def __init__(self, control: TurnControl, ports: TurnPorts) -> None:
        self._control = control
        self._ports = ports
        self.shown = ""
        self._notices: list[dict[str, Any]] = []

    async def started(self) -> None:
        request = self._control.request
        if not request.started:
            message = request.message.as_json()
            await self._send("turn.started", client_message_id=request.client_message_id, fan_message=message)

    async def notice(self, kind: str, text: str, *, title: str = "", actions: tuple[HelpLink, ...] = ()) -> None:
        fields = notice_fields(kind, text, title=title, actions=actions)
        self._notices.append(fields)
        await self._send("turn.notice", **fields)

    async def token(self, text: str) -> None:
        await self._pass_gate()
        await self._send("turn.token", text=text)
        self.shown += text

    async def emotion(self, emotion: str) -> None:
        await self._send("turn.emotion", emotion=emotion)

    async def retracted(self, text: str) -> None:
        await self._pass_gate()
        await self._send("turn.retracted", text=text)
        self.shown = text

    def ending(self, ending: Ending) -> TurnEvent:
        """The ending event with the next seq. It goes out by `end`, after the transaction."""
        reply = ending.reply.as_json() if ending.reply else None
        fields: dict[str, Any] = {"message": reply}
        if self._notices:
            fields["notices"] = self._notices  # for who gets the ending alone
        if ending.error is not None:
            fields["error"] = dict(ending.error)
        if ending.outcome == "completed":
            usage, used = ending.usage, self._control.request.quota_used + ending.charged
            fields["usage"] = {
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "quotas": list(self._ports.quotas(used)),
            }
        return make_event(self._control.request.turn, self._control.seq + 1, f"turn.{ending.outcome}", **fields)

    async def end(self, event: TurnEvent) -> None:
        """Sends the ending event. The row keeps it as well, so a Redis that stays away costs nothing but the replay."""
        try:
            await self._append(event)
        except LogLost:
            self._ports.observer.log_lost()
        self._control.seq = event.seq
        self._control.publish(event)

    async def _pass_gate(self) -> None:
        """Raises TextPaused, ProviderKilled or SwitchesUnknown; otherwise the switches were read within 500 ms."""
        switches = self._ports.switches
        while not switches.fresh():
            if not await switches.wait_until_fresh():
                raise SwitchesUnknown
        if switches.text_paused(self._control.request.artist):
            raise TextPaused
        if self._control.interruption is Interruption.PAUSED:
            raise TextPaused
        if self._control.speaker and switches.provider_killed(self._control.speaker):
            raise ProviderKilled

    async def _pass_gate_again(self) -> None:
        """After a wait for the log. What a killed provider said may lie there, so no other line can take its seq."""
        try:
            await self._pass_gate()
        except ProviderKilled as killed:
            raise LogLost from killed

    async def _send(self, event_type: str, /, **fields: Any) -> None:
        event = make_event(self._control.request.turn, self._control.seq + 1, event_type, **fields)
        try:
            await self._append(event)
        except (LogLost, TextPaused, SwitchesUnknown):
            # The event may lie in the log all the same. Its seq is spent, and the hole that follows it sends whoever
            # reads it there to the message of the ending.
            self._control.seq = event.seq + 1
            raise
        self._control.seq = event.seq
        self._control.publish(event)

    async def _append(self, event: TurnEvent) -> None:
        request, clock = self._control.request, self._ports.clock
        give_up_at = clock.monotonic() + LOG_PATIENCE_S
        while True:
            try:
                await self._ports.log.append(request.turn, request.epoch, event)
            except LogAway as away:
                if clock.monotonic() >= give_up_at:
                    raise LogLost from away
                await self._ports.sleep(LOG_RETRY_S)
                if event.carries_words:
                    await self._pass_gate_again()
            else:
                return
