"""The face of an artist that anyone may see."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from personas.selectors import coming_schedule, current_mood
from tenancy.access import access_artist, met_artists
from tenancy.context import person, tenant
from tenancy.contracts import Login
from tenancy.models import Artist, Fan
from tenancy.surfaces import surfaces

SCHEDULE_SHOWN = 10


def artist_card(slug: str, login: Login | None) -> dict[str, Any]:
    """One artist as contract.md, `GET /artists/{slug}`. Raises NotFound."""
    artist = access_artist(slug)
    return _card(artist, joined=artist.id in _joined(login))


def artist_cards(login: Login | None, *, before: UUID | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A page of artists, newest first, and the cursor of the next page."""
    rows = met_artists().order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    shown, joined = found[:limit], _joined(login)
    cursor = str(shown[-1].id) if len(found) > limit else None
    return [_card(artist, joined=artist.id in joined) for artist in shown], cursor


def provider_names() -> Mapping[str, str]:
    """Which provider serves each pipeline."""
    return {pipeline.lower(): str(settings.PROVIDERS[pipeline]["name"]) for pipeline in settings.PIPELINES}


def _joined(login: Login | None) -> set[UUID]:
    if login is None:
        return set()
    with person(login.user):
        return set(Fan.objects.values_list("artist_id", flat=True))


def _card(artist: Artist, *, joined: bool) -> dict[str, Any]:
    with tenant(artist.id):
        mood = current_mood(artist=artist.id)
        schedule = coming_schedule(artist=artist.id, limit=SCHEDULE_SHOWN)
        open_surfaces = surfaces(artist)
    card: dict[str, Any] = {
        "slug": artist.slug,
        "name": artist.name,
        "tagline": artist.tagline,
        "pronoun": artist.pronoun,
        "ai_persona": True,
        "licensed_by": artist.licensed_by,
        "minimum_age": artist.minimum_age,
        "accent_hue": artist.accent_hue,
        "schedule": [{"title": title, "starts_at": start, "ends_at": end} for title, start, end in schedule],
        "surfaces": open_surfaces,
        "providers": provider_names(),
        "joined": joined,
    }
    if mood:
        card["mood"] = {"label": mood[0], "line": mood[1]}
    if artist.portrait_url:
        card["portrait_url"] = artist.portrait_url
    return card
