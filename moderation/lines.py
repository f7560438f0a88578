"""What the rules would stop in a line that is not said yet. Inside `tenant(…)`."""

from collections.abc import Callable

from moderation.contracts import Action, RuleSpec, Side
from moderation.selectors import rules_in_force
from moderation.text.automaton import Lexicon
from moderation.text.matcher import Matcher


def stopped_words() -> Callable[[str], str | None]:
    """A function from a text to the words for which a rule in force would keep it from fans; None: it may be said."""
    rows = rules_in_force().exclude(side=Side.INPUT).exclude(action=Action.ALLOW).values_list("pk", "phrase", "action")
    lexicon = Lexicon(RuleSpec(str(key), phrase, Action(action)) for key, phrase, action in rows)

    def stopped(text: str) -> str | None:
        matcher = Matcher(lexicon)
        matcher.feed(text)
        matcher.finish()
        return text[matcher.matches[0].start : matcher.matches[0].end] if matcher.matches else None

    return stopped
