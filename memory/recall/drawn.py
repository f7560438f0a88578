"""What of its prompt a reply speaks of. All of it may have shaped the reply; this can be seen in it."""

from collections.abc import Iterable, Sequence

from memory.contracts import RecalledMemory
from memory.words import content_words, names

# One word in common is chance ("a live show", "lives in Paris"), unless it is a name.
FEWEST_WORDS = 2
# A passage is long: of the reply's own words so large a share has to stand in it.
SHARE = 0.4


def drawn_on(
    reply: str, memories: Sequence[RecalledMemory], *, known: Iterable[str] = ()
) -> tuple[RecalledMemory, ...]:
    """Those whose name, or some words, stand in the reply, the best first. What `known` says anyway does not count:
    the message that is answered, the names of both."""
    brought = content_words(reply) - content_words(" ".join(known))
    return tuple(memory for memory in memories if _speaks_of(brought, memory.text))


def retells(reply: str, passage: str) -> bool:
    """Whether a reply says again what a passage of the corpus says."""
    said = content_words(reply)
    return len(said & content_words(passage)) >= max(FEWEST_WORDS, SHARE * len(said))


def _speaks_of(brought: frozenset[str], text: str) -> bool:
    words = content_words(text)
    return bool(brought & names(text)) or len(brought & words) >= min(FEWEST_WORDS, max(len(words), 1))
