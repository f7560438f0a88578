"""People over REST: themselves, joining, disclosures, tickets for sockets."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StringConstraints

from companion.kernel import limits
from companion.kernel.errors import FieldError, ValidationFailed
from tenancy import disclosures, selectors, services_fans
from tenancy.access import access_artist, access_person
from tenancy.accounts import bearer, login_if_any, login_of, optional_bearer
from tenancy.contracts import Login
from tenancy.models import Artist
from tenancy.schemas import DisclosureList, JoinIn, JoinOut, MeIn, MeOut, SessionList, SessionsEnded

SESSIONS_SHOWN = 100

router = Router(tags=["people"], auth=bearer)

Country = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$")]


@router.get("/disclosures", operation_id="list_disclosures", response=DisclosureList, auth=optional_bearer)
def list_disclosures(
    request: HttpRequest,
    artist: Annotated[str | None, Query(), Field(max_length=60)] = None,
    country: Annotated[Country | None, Query()] = None,
) -> Any:
    """What you must be told before you chat. Without a login `country` says where you are."""
    login = login_if_any(request)
    if login is None and country is None:
        raise ValidationFailed(errors=(FieldError("country", "missing", gettext("Say where you are, or log in.")),))
    known = access_artist(artist) if artist is not None else None
    return {"items": [asdict(item) for item in _told(known, login, country)]}


def _told(artist: Artist | None, login: Login | None, country: str | None) -> Any:
    if login is None:
        return disclosures.told(artist, country or "", None)
    person = access_person(login.user)
    return disclosures.told(artist, person.country or country or "", person.age_on(datetime.now(UTC).date()))


@router.post("/artists/{slug}/join", operation_id="join_artist", response=JoinOut)
def join_artist(request: HttpRequest, slug: str, body: JoinIn) -> Any:
    """Joins an artist, or acknowledges what has fallen due since."""
    login = login_of(request)
    limits.check(limits.WRITES, str(login.user))
    services_fans.join(login, slug, body.acknowledge)
    return {"joined": True}


@router.get("/me", operation_id="get_me", response=MeOut)
def get_me(request: HttpRequest) -> Any:
    """What the platform knows of you as a person."""
    return _me(login_of(request))


@router.patch("/me", operation_id="update_me", response=MeOut)
def update_me(request: HttpRequest, body: MeIn) -> Any:
    """Changes it. A birth date cannot be changed."""
    login = login_of(request)
    limits.check(limits.WRITES, str(login.user))
    services_fans.change_profile(login, body.changes())
    return _me(login)


@router.get("/me/sessions", operation_id="list_sessions", response=SessionList)
def list_sessions(request: HttpRequest) -> Any:
    """Where you are logged in."""
    items, count = selectors.login_sessions(login_of(request), SESSIONS_SHOWN)
    return {"items": [asdict(item) for item in items], "count": count}


@router.delete("/me/sessions", operation_id="end_sessions", response=SessionsEnded)
def end_sessions(request: HttpRequest) -> Any:
    """Logs you out everywhere, here too."""
    login = login_of(request)
    limits.check(limits.WRITES, str(login.user))
    return {"ended": services_fans.end_sessions(login)}


def _me(login: Login) -> dict[str, Any]:
    person, email, joined = selectors.profile(login)
    return asdict(person) | {"id": str(person.id), "email": email, "joined": joined}
