"""What waits for a person, the most pressing first, and only what this role can do something about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from moderation.models import Case
from moderation.queue import LOOK_WITHIN
from personas.models import Mood, Persona, PersonaVersion
from personas.recurrence import merged
from personas.selectors import alive
from tenancy.console.access import access_of
from tenancy.roles import Capability

LOOKS = {
    Case.Kind.CRISIS: ("crisis_alert", "Crisis", "A fan may be in danger"),
    Case.Kind.HELD: ("gavel", "Held reply", "A reply waits; the fan got a fallback line"),
    Case.Kind.REPORT: ("flag", "Reported message", "A fan reported what the persona said"),
}
CASES = 5
AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Need:
    """`due` None: no hurry."""

    key: str
    icon: str
    title: str
    detail: str
    due: datetime | None
    button: str
    address: str
    grave: bool = False


def needs(request: HttpRequest, now: datetime) -> list[Need]:
    """Within the artist's transaction."""
    access = access_of(request)
    found: list[Need] = []
    if access.allows(Capability.MODERATE):
        found += _cases()
    if access.allows(Capability.EDIT_PERSONA):
        found += [*_drafts(), *_mood_gap(now)]
    return sorted(found, key=lambda need: (need.due is None, need.due or now))


def _cases() -> Iterator[Need]:
    """The oldest of each kind."""
    waiting = Case.objects.filter(status=Case.Status.OPEN)
    for kind, within in LOOK_WITHIN.items():
        icon, title, detail = LOOKS[kind]
        oldest = list(waiting.filter(kind=kind).order_by("created_at")[:CASES])
        for case in oldest:
            address = reverse("admin:moderation_case_review", args=[case.pk])
            due = case.created_at + within
            yield Need(f"case-{case.pk}", icon, title, detail, due, "Review", address, kind == Case.Kind.CRISIS)


def _drafts() -> Iterator[Need]:
    """Versions written after the one that is live: somebody means to release them."""
    persona = Persona.objects.select_related("live_version").first()
    live = persona.live_version.number if persona and persona.live_version else 0
    newest = PersonaVersion.objects.filter(number__gt=live).order_by("-number").first()
    if newest is not None:
        address = reverse("admin:personas_personaversion_compare", args=[newest.pk])
        detail = newest.note or "No note on what changed"
        title = f"Version {newest.number} is not live"
        yield Need("draft", "deployed_code_history", title, detail, None, "Look", address)


def _mood_gap(now: datetime) -> Iterator[Need]:
    """The first stretch of the coming week that no mood covers."""
    covered = now
    moods = alive(Mood.objects.filter(starts_at__lt=now + AHEAD), now)
    for _, one in merged(((mood, mood.rule) for mood in moods), now):
        if one.starts_at > covered or covered >= now + AHEAD:
            break
        covered = max(covered, one.ends_at)
    if covered < now + AHEAD:
        title = "No mood now" if covered == now else f"No mood from {covered:%a %d %b, %H:%M} UTC"
        address, detail = reverse("admin:personas_mood_add"), "Replies have no mood to go by until one is set"
        yield Need("mood", "mood", title, detail, covered, "Fill gap", address)
