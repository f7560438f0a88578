"""What is written about artists, fans, staff and switches: check, do, audit. Each names its actor.

`actor` is "staff:<user id>" or "command:<name>", as in companion.kernel.audit.record.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from companion.kernel import audit
from companion.kernel.errors import Conflict, NotFound, ValidationFailed
from companion.providers.embeddings.registry import VENDORS
from tenancy import audited
from tenancy.context import tenant
from tenancy.models import Artist, Fan, KillSwitch, StaffRole, User

SYSTEM = "system"
# The vendors that we ship, and what this process's settings name besides; other processes may run with other settings.
PROVIDERS = tuple(sorted({*VENDORS, *settings.LLM_FALLBACK, *(own["name"] for own in settings.PROVIDERS.values())}))


def create_artist(slug: str, fields: Mapping[str, Any], *, actor: str) -> Artist:
    """A new tenant, as the system role. Raises Conflict when the slug is taken, ValidationFailed for a bad field."""
    artist = Artist(slug=slug, **fields)
    try:
        artist.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ValidationFailed(" ".join(error.messages)) from error
    with transaction.atomic(using=SYSTEM):
        if Artist.objects.using(SYSTEM).filter(slug=slug).exists():
            raise Conflict(f"There is an artist with the slug {slug} already.")
        artist.save(using=SYSTEM, force_insert=True)
        audit.record(
            "artist.created",
            actor=actor,
            artist=artist.id,
            object_type="artist",
            object_id=artist.id,
            content={"after": audited.snapshot(artist)},
            using=SYSTEM,
        )
    return Artist.objects.get(pk=artist.pk)


def change_artist(artist: Artist, *, actor: str) -> None:
    """Saves an artist's public face. Raises ValidationFailed when her minimum age is below the platform's."""
    if artist.minimum_age < settings.MINIMUM_AGE:
        raise ValidationFailed(f"The minimum age is at least the platform's, {settings.MINIMUM_AGE}.")
    with tenant(artist.id):
        audited.write(artist, actor=actor)


def change_sanction(fan: Fan, sanction: str, until: datetime | None, *, reason: str, actor: str) -> None:
    """Mutes, bans or frees a fan; her sockets close through the change feed (topic `fans`). A reason is required."""
    if not reason.strip():
        raise ValidationFailed("Say why: a sanction needs a reason.")
    if until is not None and until <= timezone.now():
        raise ValidationFailed("A sanction ends in the future, or has no end.")
    with tenant(fan.artist_id):
        fan.sanction = sanction
        fan.sanction_until = until if sanction != Fan.Sanction.NONE else None
        audited.write(fan, actor=actor, subject=fan.user_id, reason=reason)


def grant_role(artist: UUID, email: str, role: str, *, actor: str, password: str = "") -> StaffRole:
    """Gives a person a role with an artist. An unknown e-mail becomes a new login, which needs a first password."""
    with tenant(artist):
        user = _staff_login(email.strip().lower(), password)
        if StaffRole.objects.filter(user=user).exists():
            raise Conflict(f"{user.email} is in the team already: change that role.")
        assigned = StaffRole(user=user, role=role)
        audited.write(assigned, actor=actor, subject=user.id)
        return assigned


def change_role(assigned: StaffRole, role: str, *, actor: str) -> None:
    """Changes what a member of the team may do, from the next request on. The last owner stays one."""
    with tenant(assigned.artist_id):
        if role != StaffRole.Role.OWNER:
            _keep_an_owner(assigned)
        assigned.role = role
        audited.write(assigned, actor=actor, subject=assigned.user_id)


def revoke_role(assigned: StaffRole, *, actor: str) -> None:
    """Takes a person out of the team, from the next request on. The last owner stays."""
    with tenant(assigned.artist_id):
        _keep_an_owner(assigned)
        audited.remove(assigned, actor=actor, subject=assigned.user_id)


def set_switch(
    *,
    on: bool,
    scope: str,
    artist: UUID | None = None,
    surface: str = "",
    provider: str = "",
    reason: str,
    actor: str,
) -> UUID:
    """Turns a kill switch on or off; every process knows through the change feed. Without an artist it holds for all.

    The bound of one second counts from the commit: a caller that returns to someone closes its transaction first.
    """
    _check_switch(scope, artist, surface, provider, reason)
    switch = KillSwitch(
        artist_id=artist, scope=scope, surface=surface, provider=provider, on=on, reason=reason, changed_by=actor
    )
    if artist is not None:
        with tenant(artist):
            return _upsert(switch, using="default")
    with transaction.atomic(using=SYSTEM):
        return _upsert(switch, using=SYSTEM)


def _upsert(switch: KillSwitch, *, using: str) -> UUID:
    """Writes the switch's row and its entry; answers the row's id."""
    rows = KillSwitch.objects.across_tenants() if using == SYSTEM else KillSwitch.objects.get_queryset()
    where = {
        "scope": switch.scope,
        "artist_id": switch.artist_id,
        "surface": switch.surface,
        "provider": switch.provider,
    }
    known = rows.filter(**{k: v for k, v in where.items() if v is not None})
    if switch.artist_id is None:
        known = known.filter(artist_id__isnull=True)
    before = known.values("id", "on", "reason").first()
    rows.bulk_create(  # one statement: two people at the same switch never collide
        [switch],
        update_conflicts=True,
        unique_fields=["scope", "artist", "surface", "provider"],
        update_fields=["on", "reason", "changed_by", "changed_at"],
    )
    switch_id: UUID = before["id"] if before else switch.id
    audit.record(
        f"killswitch.{'on' if switch.on else 'off'}",
        actor=switch.changed_by,
        artist=switch.artist_id,
        object_type="killswitch",
        object_id=switch_id,
        content={
            "before": before["on"] if before else None,
            "after": switch.on,
            "switch": str(switch),
            "reason": switch.reason,
        },
        using=using,
    )
    return switch_id


def _check_switch(scope: str, artist: UUID | None, surface: str, provider: str, reason: str) -> None:
    """Raises ValidationFailed unless scope and target fit each other."""
    if scope not in KillSwitch.Scope.values:
        raise ValidationFailed(f"A switch's scope is one of {', '.join(KillSwitch.Scope.values)}.")
    if not reason.strip():
        raise ValidationFailed("Say why: a switch needs a reason.")
    if (scope == KillSwitch.Scope.GLOBAL) and artist is not None:
        raise ValidationFailed("A global switch has no artist: it holds for all.")
    if scope == KillSwitch.Scope.ARTIST and artist is None:
        raise ValidationFailed("Name the artist whose persona is to stop.")
    if (scope == KillSwitch.Scope.SURFACE) != bool(surface):
        raise ValidationFailed("A surface belongs to a switch of scope surface, and only there.")
    if surface and surface not in KillSwitch.Surface.values:
        raise ValidationFailed(f"A surface is one of {', '.join(KillSwitch.Surface.values)}.")
    if (scope == KillSwitch.Scope.PROVIDER) != bool(provider):
        raise ValidationFailed("A provider belongs to a switch of scope provider, and only there.")
    if provider and artist is not None:
        raise ValidationFailed("A provider serves every artist, so its switch has no artist.")
    if provider and provider not in PROVIDERS:
        raise ValidationFailed(f"A provider is one of {', '.join(PROVIDERS)}.")


def _staff_login(email: str, password: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        return _new_staff_login(email, password)
    if password:
        raise ValidationFailed(f"{email} has a login already: leave the first password empty.")
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    return user


def _new_staff_login(email: str, password: str) -> User:
    if not password:
        raise ValidationFailed(f"There is no login {email} yet: give it a first password.")
    user = User(email=email, is_staff=True)
    try:
        user.set_password(password)
        user.full_clean()
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationFailed(" ".join(error.messages)) from error
    user.save(force_insert=True)
    return user


def _keep_an_owner(assigned: StaffRole) -> None:
    """Locks the artist's owners, so that two of them cannot remove each other at once."""
    owners = StaffRole.objects.select_for_update().filter(role=StaffRole.Role.OWNER).order_by("id")
    if [owner.pk for owner in owners] == [assigned.pk]:
        raise Conflict("This is the artist's only owner: name another one first.")


def known_artist(slug: str) -> Artist:
    """The artist by slug, for commands. Raises NotFound with a sentence."""
    artist = Artist.objects.filter(slug=slug).first()
    if artist is None:
        raise NotFound(f"There is no artist with the slug {slug}.")
    return artist
