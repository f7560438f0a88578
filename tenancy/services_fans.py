"""What a person writes about herself: joining an artist, acknowledging, her profile."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from companion.kernel import audit
from companion.kernel.errors import AcknowledgementRequired, FieldError, Underage, ValidationFailed
from tenancy import disclosures, surfaces
from tenancy.access import access_artist, access_person, joined_fan
from tenancy.context import tenant
from tenancy.contracts import Login
from tenancy.models import Artist, Fan, User, UserSession


def join(login: Login, slug: str, acknowledged: Sequence[str]) -> None:
    """Makes the person a fan of the artist and keeps what she acknowledges; again and again the same.

    Raises NotFound, Paused, Underage, ValidationFailed for an id that is not shown to her, and AcknowledgementRequired
    while something that she must acknowledge is missing. Then nothing is written.
    """
    artist = access_artist(slug)
    who = access_person(login.user)
    fan = joined_fan(login.user, artist.id)
    if fan is None:
        surfaces.check_artist_open(artist.id)
    age = who.age_on(datetime.now(UTC).date())
    if age is not None and age < artist.minimum_age:
        raise Underage(gettext("You have to be {age} to chat here.").format(age=artist.minimum_age))
    _check_known(acknowledged, {notice.id for notice in disclosures.applicable(who.country, age)})
    missing = set(disclosures.required(who)) - set(acknowledged)
    if fan is not None and missing:
        with tenant(artist.id, fan=fan.id):
            missing &= set(disclosures.due(who, fan.id))
    if missing:
        raise AcknowledgementRequired(extra={"required": sorted(missing)})
    _write(login, artist, acknowledged)


def change_profile(login: Login, changes: Mapping[str, Any]) -> None:
    """Changes the person's own fields. A new country or age may make further disclosures due."""
    if changes:
        User.objects.filter(id=login.user).update(**changes)


def end_sessions(login: Login) -> int:
    """Ends every login of the person, this one too, and answers how many there were.

    Their tokens are refused at the next use, and their sockets close through the change feed (topic `sessions`).
    """
    with transaction.atomic():
        ended, _ = UserSession.objects.filter(user_id=login.user).delete()
        audit.record(
            "sessions.ended",
            actor=f"user:{login.user}",
            artist=None,
            object_type="user",
            object_id=login.user,
            subject=login.user,
            content={"sessions": ended},
        )
    return ended


def _write(login: Login, artist: Artist, acknowledged: Sequence[str]) -> None:
    with tenant(artist.id):
        # Two joins at once meet in the unique key; the loser reads the winner's row.
        Fan.objects.bulk_create([Fan(artist_id=artist.id, user_id=login.user)], ignore_conflicts=True)
        fan = Fan.objects.get(user_id=login.user)
        disclosures.acknowledge(artist.id, fan.id, acknowledged)


def _check_known(acknowledged: Sequence[str], known: set[str]) -> None:
    unknown = sorted(set(acknowledged) - known)
    if unknown:
        raise ValidationFailed(
            errors=tuple(
                FieldError("acknowledge", "unknown", gettext("There is no disclosure {id} for you.").format(id=id))
                for id in unknown
            )
        )
