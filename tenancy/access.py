"""Who may reach what: every request for something of an artist passes one of these functions."""

import re
from datetime import UTC, datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.utils.translation import gettext

from companion.kernel.errors import Forbidden, NotFound, Sanctioned, Unauthenticated
from tenancy import context, disclosures, surfaces
from tenancy.contracts import FanAccess, Login, Person
from tenancy.models import EVALUATION, Artist, Fan, User

SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)


def met_artists() -> QuerySet[Artist]:
    """Those whom fans can meet, and whom the others are told from."""
    return Artist.objects.exclude(status=EVALUATION)


def access_artist(slug: str) -> Artist:
    """The artist by the slug of an address. Raises NotFound."""
    artist = met_artists().filter(slug=slug).first() if SLUG.fullmatch(slug) else None
    if artist is None:
        raise NotFound(gettext("There is no such artist."))
    return artist


def access_person(user: UUID) -> Person:
    """The person behind a login. Raises Unauthenticated when the account is gone."""
    row = User.objects.filter(id=user, is_active=True).first()
    if row is None:
        raise Unauthenticated
    return describe(row)


def describe(user: User) -> Person:
    return Person(user.id, user.name, user.birth_date, user.country, user.language, user.time_zone)


def access_fan(login: Login, slug: str) -> FanAccess:
    """The login as a fan of this artist, for reading what is hers. Raises NotFound, Forbidden before she has joined."""
    artist = access_artist(slug)
    person = access_person(login.user)
    fan = joined_fan(login.user, artist.id)
    if fan is None:
        raise Forbidden(gettext("Join this artist first."))
    with context.tenant(artist.id, fan=fan.id):
        due = disclosures.due(person, fan.id)
    return FanAccess(artist.id, artist.slug, fan.id, person, is_sanctioned(fan), due)


def access_writer(login: Login, slug: str) -> FanAccess:
    """The same for writing. Raises also Sanctioned."""
    access = access_fan(login, slug)
    if access.sanctioned:
        raise Sanctioned
    return access


def access_socket(login: Login, slug: str) -> FanAccess:
    """The same for opening a socket. Raises also Paused while text is off; what is due is asked for with a message."""
    access = access_fan(login, slug)
    surfaces.check_open(access.artist, "text")
    if access.sanctioned:
        raise Sanctioned
    return access


def joined_fan(user: UUID, artist: UUID) -> Fan | None:
    """The person's own Fan row with the artist, if she has joined."""
    with context.person(user):
        return Fan.objects.filter(artist_id=artist).first()


def is_sanctioned(fan: Fan) -> bool:
    """Whether she may not write now: muted or banned, for good or until a moment that has not come."""
    if fan.sanction == Fan.Sanction.NONE:
        return False
    return fan.sanction_until is None or fan.sanction_until > datetime.now(UTC)


access_fan_async = sync_to_async(access_fan)
