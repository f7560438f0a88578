"""From a classifier's scores to an action. The rules decide for themselves; this is for what no rule names."""

from collections.abc import Mapping

from companion.providers.moderation.base import Category
from moderation.contracts import Action

# (category, from this score on, action). A cry for help is answered earlier than the rest: a notice too many costs
# little, one too few everything. Where several apply, the severest action counts.
POLICY: tuple[tuple[Category, float, Action], ...] = (
    (Category.SELF_HARM, 0.6, Action.CRISIS),
    (Category.SEXUAL_MINORS, 0.5, Action.BLOCK),
    (Category.HATE, 0.8, Action.BLOCK),
    (Category.VIOLENCE, 0.8, Action.DEFLECT),
    (Category.HARASSMENT, 0.8, Action.DEFLECT),
    (Category.SEXUAL, 0.8, Action.DEFLECT),
    (Category.JAILBREAK, 0.8, Action.DEFLECT),
)


def decide(scores: Mapping[str, float]) -> tuple[Action, tuple[str, ...]]:
    """The action and the categories that led to it."""
    reached = [(category, action) for category, least, action in POLICY if scores.get(category, 0.0) >= least]
    action = max((action for _, action in reached), key=lambda action: action.severity, default=Action.ALLOW)
    return action, tuple(str(category) for category, _ in reached)
