"""What an artist is open for just now, read from the switches themselves: for answers that must be right, not fast.

The turn's path does not ask here but its process's snapshot (switches.py).
"""

from uuid import UUID

from django.db.models import Q

from companion.kernel.errors import Paused
from tenancy.context import tenant
from tenancy.models import Artist, KillSwitch

BUILT = ("text",)  # voice and calls come with later issues
ALL = ("text", "voice", "calls")


def surfaces(artist: Artist) -> dict[str, bool]:
    """`{text, voice, calls}`: true where a fan can begin something now."""
    off = _off(artist.id)
    everything = artist.status == Artist.Status.SUSPENDED or "" in off
    return {name: name in BUILT and not everything and name not in off for name in ALL}


def check_open(artist: UUID, surface: str) -> None:
    """Raises Paused while the surface, the artist or everything is switched off, or the artist is suspended."""
    off = _off(artist)
    if "" in off or surface in off or _suspended(artist):
        raise Paused


def check_artist_open(artist: UUID) -> None:
    """Raises Paused while the artist or everything is switched off, or the artist is suspended."""
    if "" in _off(artist) or _suspended(artist):
        raise Paused


def _off(artist: UUID) -> set[str]:
    """The surfaces that are switched off; the empty string stands for all of them."""
    with tenant(artist):
        whole = Q(scope=KillSwitch.Scope.GLOBAL) | Q(scope=KillSwitch.Scope.ARTIST, artist_id=artist)
        on = KillSwitch.objects.filter(whole | Q(scope=KillSwitch.Scope.SURFACE), on=True)
        return set(on.values_list("surface", flat=True))


def _suspended(artist: UUID) -> bool:
    return Artist.objects.filter(id=artist, status=Artist.Status.SUSPENDED).exists()
