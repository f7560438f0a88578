"""What a rule in the making, and the rules in force, would do to a text that somebody types into the editor.

Nothing is stored and nothing of the text is logged.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from companion.kernel.errors import ValidationFailed
from moderation import selectors, services
from moderation.console.spans import Piece, matches, pieces
from moderation.contracts import Action, RuleSpec, Side, Verdict
from moderation.models import Rule
from moderation.rulebook import compiled
from moderation.text.normalise import phrase_key
from moderation.text.ruleset import Ruleset
from moderation.text.stream_filter import StreamFilter
from moderation.text.verdicts import UNREADABLE, verdict_of
from tenancy.console.access import access_of
from tenancy.console.admin import ARTIST_FIELD

TEXT_LIMIT = 4000
# Characters; about what a language model sends at a time.
TOKEN = 4
DIRECTIONS = {
    Side.INPUT.value: "what fans write",
    Side.OUTPUT.value: "what the persona says",
    Side.BOTH.value: "both directions",
}
THIS_ARTIST, EVERY_ARTIST, BUILT_IN = "this artist", "every artist", "built in"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the rule in the form finds. `action` is "" while none is chosen."""

    pieces: tuple[Piece, ...]
    hits: int
    action: str
    direction: str


@dataclass(frozen=True, slots=True)
class Named:
    """A live rule that matches, as people name it."""

    phrase: str
    action: str
    reach: str


@dataclass(frozen=True, slots=True)
class Live:
    """One direction under the rules in force. `unreadable`: they do not compile, so everything is blocked."""

    title: str
    verdict: Verdict
    rules: tuple[Named, ...]

    @property
    def unreadable(self) -> bool:
        return self.verdict.source != "rules"


@dataclass(frozen=True, slots=True)
class Streamed:
    """The same text as a reply that arrives token by token. `shown` left before the filter stopped."""

    action: str
    shown: str
    same: bool


def answer(request: HttpRequest) -> HttpResponse:
    """The fragment below the box; 422 with a sentence where there is nothing to try."""
    try:
        context = _tried(request)
        status = 200
    except ValidationFailed as refusal:
        context, status = {"refusal": refusal.detail}, 422
    return render(request, "console/rule_try_result.html", context, status=status)


def _tried(request: HttpRequest) -> dict[str, object]:
    sent, text = request.POST, request.POST.get("text", "")
    if sent.get(ARTIST_FIELD, "") != str(access_of(request).artist):
        raise ValidationFailed("Another artist was chosen since this page was opened. Load it again.")
    if len(text) > TEXT_LIMIT:
        raise ValidationFailed(f"A text to try is at most {TEXT_LIMIT:,} characters long; this one has {len(text):,}.")
    draft = _draft(text, " ".join(sent.get("phrase", "").split()), sent.get("action", ""), sent.get("side", ""))
    if not text.strip():
        return {}
    live, streamed = _live(text)
    return {"read_as": phrase_key(text), "draft": draft, "live": live, "streamed": streamed, "tried": True}


def _draft(text: str, phrase: str, action: str, side: str) -> Draft:
    """The draft alone. Which action it has changes nothing about where it matches, so none need be chosen yet."""
    services.check_rule(phrase, action or Rule.Action.HOLD, side)
    spec = RuleSpec("draft", phrase, Action(action or Rule.Action.HOLD), Side(side))
    found = pieces([spec], text)
    return Draft(found, sum(piece.hit for piece in found), action, DIRECTIONS[side])


def _live(text: str) -> tuple[tuple[Live, Live], Streamed]:
    """Both directions under the rules of the artist in scope, those of every artist, and the crisis floor."""
    columns = ("id", "artist_id", "phrase", "action", "side", "category")
    rows = list(selectors.rules_in_force().order_by("created_at", "id").values_list(*columns))
    reach = {str(row[0]): THIS_ARTIST if row[1] else EVERY_ARTIST for row in rows}
    ruleset = compiled(rows)
    whole = verdict_of(matches(ruleset.output, text)) if ruleset.output.readable else UNREADABLE
    sides = (
        _told(DIRECTIONS[Side.INPUT], ruleset.check_input(text), ruleset, reach),
        _told(DIRECTIONS[Side.OUTPUT], whole, ruleset, reach),
    )
    return sides, _streamed(text, ruleset.stream_filter(), whole)


def _told(title: str, verdict: Verdict, ruleset: Ruleset, reach: dict[str, str]) -> Live:
    rules = {rule.id: rule for rule in ruleset.rules}
    named = [Named(rules[key].phrase, rules[key].action, reach.get(key, BUILT_IN)) for key in verdict.rule_ids]
    return Live(title, verdict, tuple(named))


def _streamed(text: str, reply: StreamFilter, whole: Verdict) -> Streamed:
    shown = [reply.feed(text[at : at + TOKEN]) for at in range(0, len(text), TOKEN)]
    shown.append(reply.finish())
    action = reply.hit.action if reply.hit else Action.ALLOW
    return Streamed(action, "".join(shown), same=action is whole.action)
