"""An artist with one fan, for tests that need rows."""

import uuid
from dataclasses import dataclass

from companion.kernel import audit
from companion.kernel.models import AuditEntry
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Artist, Fan, User

ACTOR = "command:test"


@dataclass
class House:
    artist: Artist
    fan: Fan


def make_house() -> House:
    slug = f"moderation-{uuid.uuid4().hex[:10]}"
    artist = services.create_artist(slug, {"name": slug.upper()}, actor=ACTOR)
    user = User.objects.create(email=f"fan@{slug}.example")
    with tenant(artist.id):
        fan = Fan.objects.create(artist=artist, user=user)
    return House(artist, fan)


def audited(artist: uuid.UUID | None, object_id: object) -> list[str]:
    """The actions that the chain has about an object, oldest first, with all notes appended."""
    while audit.append_pending():
        continue
    entries = AuditEntry.objects.using("system").filter(artist_id=artist, object_id=str(object_id)).order_by("seq")
    return [entry.action for entry in entries]
