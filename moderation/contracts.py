"""What other layers see of moderation. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Action(StrEnum):
    """What a hit leads to; the turn's engine acts on it (contract.md, "A turn's events" and "Operations")."""

    ALLOW = "allow"
    DEFLECT = "deflect"
    BLOCK = "block"
    HOLD = "hold"
    CRISIS = "crisis"

    @property
    def severity(self) -> int:
        """Where several rules hit one text, the highest decides. Help for a person at risk goes before all else."""
        return _SEVERITY[self]


_SEVERITY = {Action.ALLOW: 0, Action.DEFLECT: 1, Action.HOLD: 2, Action.BLOCK: 3, Action.CRISIS: 4}


class CaseKind(StrEnum):
    """Why a person of the team has to look."""

    HELD = "held"
    CRISIS = "crisis"
    REPORT = "report"


class Side(StrEnum):
    """Which end of a turn a rule or a decision speaks about."""

    INPUT = "input"
    OUTPUT = "output"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule as the matcher needs it. `phrase` is as the team typed it; `*` at its end makes it a prefix.

    Action.ALLOW is a carve-out: a hit that lies inside its match does not count ("kill myself laughing").
    """

    id: str
    phrase: str
    action: Action
    side: Side = Side.BOTH
    category: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one text. `source` says who decided: `rules`, `hold_cap`, `filter_error`, or a classifier's name.

    `scores` are a classifier's, 0 to 1 by category; rules have none.
    """

    action: Action
    rule_ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    source: str = "rules"

    @property
    def allowed(self) -> bool:
        return self.action is Action.ALLOW


@dataclass(frozen=True, slots=True)
class HelpLink:
    """`href` is a tel:, sms: or https: address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class CrisisNotice:
    """The contract's notice of kind crisis, in the fan's language, with lines of the fan's country."""

    title: str
    text: str
    actions: tuple[HelpLink, ...]
