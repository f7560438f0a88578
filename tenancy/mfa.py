"""The second step of a staff log-in: a code from an authenticator app (TOTP, RFC 6238), or a recovery code.

django-allauth keeps the rows and asks for the code in its own log-in flows (the API). What sets it up, checks it in the
console and takes it away is here, audited. Secrets are sealed under MFA_KEY.
"""

import base64
import hmac
import secrets
import time
from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from companion.kernel import audit
from companion.kernel.errors import Conflict, NotFound, Unavailable, ValidationFailed
from companion.kernel.limits import Rule, check
from tenancy import audited
from tenancy.context import person, tenant
from tenancy.models import Artist, StaffRole, User

PERIOD_S = 30
DRIFT = 1  # steps that a phone's clock may be off, either way
ISSUER = "Voice Companion"
# Six digits: at this rate a guess succeeds once in years.
CODES = Rule("console-code", ((5, 60), (20, 3600)))
log = structlog.get_logger(__name__)
BOTH = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class Method(StrEnum):
    """What a code turned out to be."""

    TOTP = "totp"
    RECOVERY = "recovery_code"


def _vault() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(settings.MFA_KEY.encode(), b"mfa", "sha256")))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps allauth's secrets sealed."""

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unavailable for what was sealed under another key."""
        try:
            return _vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            log.critical("mfa.key_changed", advice="restore COMPANION_MFA_KEY, or use manage.py reset_totp")
            raise Unavailable("Two-step log-in cannot be checked just now", retry_after_s=None) from error

    def get_totp_issuer(self) -> str:
        return ISSUER


def new_secret() -> str:
    """160 bits in base 32, as authenticator apps take them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def setup_url(user: User, secret: str) -> str:
    """What the QR code holds (otpauth://totp/…)."""
    return str(MFAAdapter().build_totp_url(user, secret))


def totp_of(user: UUID) -> Authenticator | None:
    """The person's authenticator; None for who has not set one up."""
    found: Authenticator | None = Authenticator.objects.filter(user_id=user, type=Authenticator.Type.TOTP).first()
    return found


def activate(user: User, secret: str, code: str, *, artist: UUID) -> tuple[Authenticator, list[str]]:
    """Sets it up, proven by a code of the new secret; answers the recovery codes, which are shown this once.

    Raises ValidationFailed for a wrong code, Conflict where there is one already, RateLimited.
    """
    check(CODES, str(user.pk))
    counter = _counter_of(secret, code)
    if counter is None:
        raise ValidationFailed("That code does not fit. Enter the newest one that the app shows.")
    with tenant(artist):
        _lock(user)
        if totp_of(user.pk):
            raise Conflict("Two-step log-in is set up already.")
        authenticator: Authenticator = TOTP.activate(user, secret).instance
        _use(authenticator, counter)
        codes = _fresh_codes(user)
        _note("login.totp_set_up", user, artist, actor=f"staff:{user.pk}")
    return authenticator, codes


def verify(user: User, code: str) -> Method | None:
    """Whether the code is the app's current one, or a recovery code that was not used yet. Each counts once.

    Raises RateLimited; every try counts, and a right one too.
    """
    check(CODES, str(user.pk))
    with transaction.atomic():
        _lock(user)
        authenticator = totp_of(user.pk)
        if authenticator is None:
            return None
        if _fits(authenticator, code):
            return Method.TOTP
        return Method.RECOVERY if _takes_recovery_code(user, code) else None


def new_codes(user: User, *, artist: UUID) -> list[str]:
    """Recovery codes in place of those before, which are void. Raises Conflict without an authenticator."""
    with tenant(artist):
        _lock(user)
        if totp_of(user.pk) is None:
            raise Conflict("Set up two-step log-in first.")
        codes = _fresh_codes(user)
        _note("login.recovery_codes_made", user, artist, actor=f"staff:{user.pk}")
    return codes


def codes_left(user: UUID) -> int:
    found = Authenticator.objects.filter(user_id=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(found).get_unused_codes()) if found else 0


def deactivate(user: User, *, artist: UUID) -> None:
    """Takes one's own away; whoever calls has asked for password and code."""
    with tenant(artist):
        Authenticator.objects.filter(user=user, type__in=BOTH).delete()
        _note("login.totp_removed", user, artist, actor=f"staff:{user.pk}")


def recovered(user: User) -> None:
    """Notes in the log of each of her artists that a recovery code opened the console: an owner should know of each."""
    with person(user.pk):
        artists = list(StaffRole.objects.values_list("artist_id", flat=True))
    for artist in artists:
        with tenant(artist):
            _note("login.recovery_code_used", user, artist, actor=f"staff:{user.pk}")


def reset_member(assigned: StaffRole, *, actor: str) -> None:
    """A member of the team lost phone and codes: an owner takes the second step away, to be set up anew.

    Only where the login belongs to this team alone; of others, the platform decides. Raises Conflict.
    """
    with tenant(assigned.artist_id):
        elsewhere = StaffRole.objects.across_tenants().filter(user=assigned.user_id).exclude(pk=assigned.pk).exists()
        if assigned.user.is_superuser or elsewhere:
            raise Conflict("Only the platform's staff can reset this login.")
        if not Authenticator.objects.filter(user=assigned.user, type__in=BOTH).delete()[0]:
            raise Conflict("There is nothing to reset.")
        _note("login.totp_reset", assigned.user, assigned.artist_id, actor=actor)


def reset_login(email: str, *, actor: str) -> None:
    """The same by the platform, for any login. Raises NotFound, Conflict."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise NotFound(f"There is no login {email}.")
    with transaction.atomic():
        if not Authenticator.objects.filter(user=user, type__in=BOTH).delete()[0]:
            raise Conflict(f"{user.email} has no two-step log-in.")
        _note("login.totp_reset", user, None, actor=actor)


def require_for_team(artist: Artist, required: bool, *, owner: User) -> None:
    """Whether the artist's team needs the second step. Raises Conflict while the owner has none herself."""
    if required and totp_of(owner.pk) is None:
        raise Conflict("Set up your own two-step log-in first: otherwise this would shut you out.")
    with tenant(artist.pk):
        current = Artist.objects.get(pk=artist.pk)
        current.staff_totp_required = required
        audited.write(current, actor=f"staff:{owner.pk}")


def _lock(user: User) -> None:
    """Held by whatever reads and then writes a person's authenticators."""
    User.objects.select_for_update().get(pk=user.pk)


def _fits(authenticator: Authenticator, code: str) -> bool:
    counter = _counter_of(MFAAdapter().decrypt(authenticator.data["secret"]), code)
    if counter is None or counter <= authenticator.data.get("counter", 0):
        return False
    _use(authenticator, counter)
    # allauth's own mark, so that the API does not take the same code once more
    return bool(cache.add(TOTP(authenticator)._get_used_cache_key(code), "y", timeout=PERIOD_S))


def _use(authenticator: Authenticator, counter: int) -> None:
    """A code works once, and no older one after it (RFC 6238, section 5.2)."""
    authenticator.data["counter"] = counter
    authenticator.save(update_fields=["data"])
    authenticator.record_usage()


def _takes_recovery_code(user: User, code: str) -> bool:
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if found is None or not RecoveryCodes(found).validate_code(code.replace("-", "").replace(" ", "")):
        return False
    found.record_usage()
    return True


def _fresh_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def _counter_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, among those that count now."""
    given = "".join(code.split())
    for counter in _current():
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)).encode(), given.encode()):
            return counter
    return None


def _current() -> Iterator[int]:
    now = int(time.time()) // PERIOD_S
    yield from range(now - DRIFT, now + DRIFT + 1)


def _note(action: str, user: User, artist: UUID | None, *, actor: str) -> None:
    audit.record(
        action,
        actor=actor,
        artist=artist,
        object_type="login",
        object_id=user.pk,
        content={"email": user.email},
        subject=user.pk,
    )
