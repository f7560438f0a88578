"""RQ jobs of memory alone: ids only, idempotent. Those that read messages are in conversations/tasks.py."""

from uuid import UUID

from companion.providers.embeddings import configured
from companion.providers.embeddings.base import stored_vectors
from memory import services
from memory.models import Memory
from tenancy.context import tenant


def embed_memory(artist_id: str, memory_id: str) -> bool:
    """Embeds a memory whose wording changed; answers whether a vector was stored."""
    artist, embedder = UUID(artist_id), configured.embedder()
    with tenant(artist):
        memory = Memory.objects.filter(id=UUID(memory_id)).first()
    if memory is None or memory.embedding_model == embedder.model:
        return False
    (vector,) = stored_vectors(embedder, [memory.text])
    return services.set_embedding(memory.id, memory.text, vector, embedder.model, artist=artist)
