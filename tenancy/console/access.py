"""Who asks in the console, for which artist, and what that role may do there."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

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


@dataclass(frozen=True, slots=True)
class Access:
    """`chosen` is None for a person without any role: the console is closed to them."""

    user: UUID | None
    platform: bool
    chosen: Choice | None
    choices: tuple[Choice, ...]

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
    for choice in access_of(request).choices:
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
    return Access(user=user.id, platform=user.is_superuser, chosen=chosen, choices=choices)


def _own_choices(user: User) -> tuple[Choice, ...]:
    with person(user.id):
        roles = list(StaffRole.objects.select_related("artist").order_by("artist__name", "artist_id"))
    return tuple(_choice(assigned.artist, assigned.role) for assigned in roles)


def _platform_choices() -> tuple[Choice, ...]:
    artists = Artist.objects.order_by("name", "id")
    return tuple(_choice(artist, StaffRole.Role.OWNER) for artist in artists)


def _choice(artist: Artist, role: str) -> Choice:
    return Choice(artist=artist.id, slug=artist.slug, name=artist.name, accent_hue=artist.accent_hue, role=role)
