"""Who asks in the console, for which artist, and what that role may do there."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from tenancy.console.second_step import Gate, gate_of
from tenancy.context import person
from tenancy.models import Artist, StaffRole, User
from tenancy.roles import Capability, allows

SESSION_KEY = "console_artist"
_ATTRIBUTE = "console_access"


@dataclass(frozen=True, slots=True)
class Choice:
    """An artist whom this person may enter, and as what."""

    artist: UUID
    slug: str
    name: str
    accent_hue: int
    role: str
    totp_required: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """`chosen` is None for a person without any role, and behind a gate: the console is closed to them.

    `wanted` is the artist whose console opens once the gate is passed, `ungated` are those that open without it.
    """

    user: UUID | None
    platform: bool
    chosen: Choice | None
    choices: tuple[Choice, ...]
    gate: Gate | None = None
    wanted: Choice | None = None
    ungated: tuple[Choice, ...] = ()

    def allows(self, capability: Capability) -> bool:
        return self.chosen is not None and allows(self.chosen.role, capability)

    @property
    def artist(self) -> UUID:
        """The artist whose console this is. Only behind ConsoleSite.has_permission, which refuses without one."""
        if self.chosen is None:
            raise LookupError("no artist is chosen: the console's permission check was passed by")
        return self.chosen.artist

    @property
    def actor(self) -> str:
        """As companion.kernel.audit.record wants it."""
        return f"staff:{self.user}"


NOBODY = Access(user=None, platform=False, chosen=None, choices=())


def access_of(request: HttpRequest) -> Access:
    """Read once a request from the roles themselves, so that a role or login taken away counts at once."""
    known = getattr(request, _ATTRIBUTE, None)
    if isinstance(known, Access):
        return known
    access = _resolve(request)
    setattr(request, _ATTRIBUTE, access)
    return access


def choose(request: HttpRequest, artist: str) -> Choice | None:
    """Keeps the artist in the session when this person may enter her console; else answers None."""
    access = access_of(request)
    for choice in access.choices + access.ungated:
        if str(choice.artist) == artist:
            request.session[SESSION_KEY] = artist
            return choice
    return None


def _resolve(request: HttpRequest) -> Access:
    user = request.user
    if not isinstance(user, User) or not user.is_active or not (user.is_staff or user.is_superuser):
        return NOBODY
    choices = _platform_choices() if user.is_superuser else _own_choices(user)
    wanted = request.session.get(SESSION_KEY)
    chosen = next((c for c in choices if str(c.artist) == wanted), choices[0] if choices else None)
    gate = gate_of(request, user, required=chosen is not None and chosen.totp_required)
    if gate is not None:
        return _gated(user, gate, chosen, choices)
    return Access(user=user.id, platform=user.is_superuser, chosen=chosen, choices=choices, wanted=chosen)


def _gated(user: User, gate: Gate, wanted: Choice | None, choices: tuple[Choice, ...]) -> Access:
    """Whoever has to set the second step up may turn to an artist who does not ask for it."""
    open_to = tuple(choice for choice in choices if not choice.totp_required) if gate is Gate.SET_UP else ()
    return Access(user.id, user.is_superuser, chosen=None, choices=(), gate=gate, wanted=wanted, ungated=open_to)


def _own_choices(user: User) -> tuple[Choice, ...]:
    with person(user.id):
        roles = list(StaffRole.objects.select_related("artist").order_by("artist__name", "artist_id"))
    return tuple(_choice(assigned.artist, assigned.role) for assigned in roles)


def _platform_choices() -> tuple[Choice, ...]:
    artists = Artist.objects.order_by("name", "id")
    return tuple(_choice(artist, StaffRole.Role.OWNER) for artist in artists)


def _choice(artist: Artist, role: str) -> Choice:
    return Choice(artist.id, artist.slug, artist.name, artist.accent_hue, role, artist.staff_totp_required)
