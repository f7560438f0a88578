"""An artist's rules, compiled: what the turn engine asks."""

from collections.abc import Iterable

import structlog

from moderation.contracts import Action, RuleSpec, Side, Verdict
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Matcher
from moderation.text.stream_filter import StreamFilter
from moderation.text.verdicts import FAILED, UNREADABLE, verdict_of

log = structlog.get_logger(__name__)


class Ruleset:
    """The artist's rules together with the global ones and the crisis floor. Immutable: a change makes a new one."""

    __slots__ = ("input", "output", "rules")
    input: Lexicon
    output: Lexicon
    rules: tuple[RuleSpec, ...]

    def __init__(self, rules: Iterable[RuleSpec], *, over: "Ruleset | None" = None, readable: bool = True) -> None:
        """Raises BadPhrase when a rule cannot be compiled. `over` another, whose rules hold too.

        `readable=False` stands for rules that could not be read or compiled: every text is a `block`, but for those
        that the given rules (the crisis floor) answer with help.
        """
        own = tuple(rules)
        self.rules = (*over.rules, *own) if over else own
        self.input = Lexicon((rule for rule in own if rule.side is not Side.OUTPUT), over=over.input if over else None)
        # A carve-out would have to be waited for while the phrase that it spares leaves: there are none on output.
        self.output = Lexicon(
            (rule for rule in own if rule.side is not Side.INPUT and rule.action is not Action.ALLOW),
            over=over.output if over else None,
            readable=readable and (over is None or over.output.readable),
        )

    def check_input(self, text: str) -> Verdict:
        """All rules that hit the fan's text; the severest action decides. An error inside is a `block`."""
        try:
            matcher = Matcher(self.input)
            matcher.feed(text)
            matcher.finish()
            verdict = verdict_of(matcher.matches)
        except Exception as error:
            # The type alone: a message may quote the fan.
            log.error("moderation.input_check_failed", error=type(error).__name__)  # noqa: TRY400 -- see above
            return FAILED
        if self.output.readable or verdict.action is Action.CRISIS:
            return verdict
        return UNREADABLE

    def stream_filter(self) -> StreamFilter:
        """A filter for one reply. Rules that change meanwhile: `StreamFilter.use(ruleset.output)`."""
        return StreamFilter(self.output)
