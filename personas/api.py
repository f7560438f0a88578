"""Artists over REST, as fans see them."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from companion.kernel.paging import Page
from personas import public
from personas.schemas import ArtistOut, ArtistPage
from tenancy.accounts import login_if_any, optional_bearer

router = Router(tags=["artists"], auth=optional_bearer)


@router.get("/artists", operation_id="list_artists", response=ArtistPage, exclude_unset=True)
def list_artists(request: HttpRequest, page: Page) -> Any:
    """The artists whose persona can be met here."""
    items, cursor = public.artist_cards(login_if_any(request), before=page.before(), limit=page.limit)
    return {"items": items, "next_cursor": cursor}


@router.get("/artists/{slug}", operation_id="get_artist", response=ArtistOut, exclude_unset=True)
def get_artist(request: HttpRequest, slug: str) -> Any:
    """One of them."""
    return public.artist_card(slug, login_if_any(request))
