"""RQ jobs of memory alone: ids only, idempotent. Those that read messages are in conversations/tasks.py."""

from typing import Any
from uuid import UUID

from companion.providers.embeddings.base import Embedder, embed_now, to_halfvec1024
from memory import services
from memory.configured import configured_embedder
from memory.models import Memory
from tenancy.context import tenant


def embed_memory(artist_id: str, memory_id: str) -> bool:
    """Embeds a memory whose wording changed; answers whether a vector was stored."""
    artist, embedder = UUID(artist_id), configured_embedder()
    with tenant(artist):
        memory = Memory.objects.filter(id=UUID(memory_id)).first()
    if memory is None or memory.embedding_model == embedder.model:
        return False
    (vector,) = embed_all(embedder, [memory.text])
    return services.set_embedding(memory.id, memory.text, vector, embedder.model, artist=artist)


def embed_all(embedder: Embedder, texts: list[str]) -> list[Any]:
    """The texts' vectors as the database stores them."""
    return [to_halfvec1024(vector) for vector in embed_now(embedder, texts)]
