"""After a change of the embedding model: which artist's rows wait, and the batches that make their vectors anew."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from companion.kernel import leases
from companion.kernel.heartbeats import LEASE
from companion.kernel.outbox import emit
from companion.providers.embeddings import configured
from conversations.models import Message
from memory import reembedding
from tenancy.context import tenant

STALE = "memory.stale"
# A job takes so many batches and hands on to the next, so that it ends well within RQ's five minutes.
BATCHES = 30


def sweep() -> int:
    """Asks for new vectors where rows have another model's; answers for how many artists."""
    artists = reembedding.waiting(configured.model())
    for artist in artists:
        _ask(artist)
    return len(artists)


def work(artist: UUID) -> int:
    """Some batches of one artist, and asks for the next; answers how many rows were taken. 0 while another is at it."""
    name, holder = f"reembed:{artist.hex}", uuid4().hex
    embedder, taken = configured.embedder(), 0
    try:
        for _ in range(BATCHES):
            if leases.take(name, holder, LEASE.total_seconds()) is None:
                return taken
            rows = reembedding.reembed(embedder, _said, artist=artist)
            taken += rows
            if not rows:
                return taken
    finally:
        leases.give_up(name, holder)
    _ask(artist)
    return taken


def _ask(artist: UUID) -> None:
    with tenant(artist):
        emit(STALE, {"artist_id": str(artist)}, artist=artist)


def _said(fan: UUID, messages: Sequence[UUID]) -> Sequence[str]:
    """Within the tenant's scope."""
    return list(Message.objects.filter(fan_id=fan, id__in=messages).order_by("id").values_list("text", flat=True))
