"""Which of the memories in its prompt a reply speaks of. All of them may have shaped it; these can be seen in it."""

from collections.abc import Iterable, Sequence

from memory.contracts import RecalledMemory
from memory.words import content_words, names

# One word in common is chance ("a live show", "lives in Paris"), unless it is a name.
FEWEST_WORDS = 2


def drawn_on(
    reply: str, memories: Sequence[RecalledMemory], *, known: Iterable[str] = ()
) -> tuple[RecalledMemory, ...]:
    """Those whose name, or some words, stand in the reply, the best first. What `known` says anyway does not count:
    the message that is answered, the names of both."""
    brought = content_words(reply) - content_words(" ".join(known))
    return tuple(memory for memory in memories if _speaks_of(brought, memory.text))


def _speaks_of(brought: frozenset[str], text: str) -> bool:
    words = content_words(text)
    return bool(brought & names(text)) or len(brought & words) >= min(FEWEST_WORDS, max(len(words), 1))
