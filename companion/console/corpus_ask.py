"""The page that asks the corpus a question: what a turn would be given, what of that fits into its prompt, and why.

It stands here because it names the turn's prompt, which lies above the corpus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from companion.kernel.ids import new_id
from companion.providers.llm.base import Passage
from conversations.turn.contracts import FanProfile, SpokenMessage, Transport, TurnRequest
from conversations.turn.prompt import compose
from memory.contracts import Recalled
from moderation.contracts import Action, Verdict
from personas import selectors
from personas.context import PersonaContext
from personas.contracts import LOWEST_TIER
from personas.corpus import asking
from personas.corpus.asking import Found
from personas.models import Document
from tenancy.console.access import access_of
from tenancy.roles import Capability

LONGEST = 500
NO_ROOM = "no room in the prompt, even of a conversation that begins"


@dataclass(frozen=True, slots=True)
class Told:
    """A chunk and whether the model would read it; `reason` says why not."""

    found: Found
    reason: str

    @property
    def kind(self) -> str:
        return str(Document.Kind(self.found.kind).label).lower()


def ask(request: HttpRequest) -> HttpResponse:
    """GET with `q` asks; nothing is stored."""
    access = access_of(request)
    if not access.allows(Capability.READ_PERSONA):
        raise PermissionDenied
    question, tier = request.GET.get("q", "").strip()[:LONGEST], _tier(request)
    context = admin.site.each_context(request) | {
        "title": "Ask the corpus",
        "opts": Document._meta,  # the path at the top leads through the corpus
        "question": question,
        "tier": tier,
        "longest": LONGEST,
    }
    if question:
        now = datetime.now(UTC)
        answer = asking.ask(access.artist, question, tier=tier, at=now)
        context |= {"told": _told(access.artist, question, answer.found, now), "by_meaning": answer.by_meaning}
    return TemplateResponse(request, "console/corpus_ask.html", context)


def _tier(request: HttpRequest) -> int:
    try:
        return min(max(int(request.GET.get("tier", LOWEST_TIER)), LOWEST_TIER), 99)
    except ValueError:
        return LOWEST_TIER


def _told(artist: UUID, question: str, found: Sequence[Found], now: datetime) -> list[Told]:
    given = [each for each in found if not each.left_out]
    fits = _fitting(artist, question, given, now)
    return [Told(each, each.reason or ("" if str(each.id) in fits else NO_ROOM)) for each in found]


def _fitting(artist: UUID, question: str, given: Sequence[Found], now: datetime) -> set[str]:
    """The ids of those that find room, by the turn's own budget; all while no version speaks."""
    passages = tuple(Passage(str(each.id), each.kind, each.title, each.text) for each in given)
    live = selectors.live_version(artist=artist)
    if live is None:
        return {passage.id for passage in passages}
    context = PersonaContext(
        name="",
        pronoun="",
        version_id=live.id,
        version_number=live.number,
        sheet=live.sheet,
        mood=selectors.current_mood(artist=artist),
        schedule=(),
        passages=passages,
    )
    prompt = compose(_request(artist, question, now), context, Recalled(), (), now)
    return {passage.id for passage in prompt.context.passages}


def _request(artist: UUID, question: str, now: datetime) -> TurnRequest:
    """Of a fan who has not said anything yet."""
    turn, fan = new_id(), new_id()
    return TurnRequest(
        artist=artist,
        fan=fan,
        turn=turn,
        epoch=1,
        client_message_id="",
        transport=Transport.JSON,
        message=SpokenMessage(new_id(), turn, "fan", question, now, "complete"),
        profile=FanProfile("", "", "en", "UTC"),
        verdict=Verdict(Action.ALLOW),
        previous_message=None,
    )
