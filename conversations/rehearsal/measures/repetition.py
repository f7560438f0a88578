"""Repetition: within one talk, a reply that says what an earlier one said."""

from collections.abc import Iterator, Sequence

from conversations.rehearsal.measures.base import Score, share, shown
from conversations.rehearsal.measures.words import sentences, unquoted, words
from conversations.rehearsal.talks import Talk

# Sentences of fewer words ("Fair enough.") come again in anybody's talk.
SHORTEST = 4
# Two sentences are the same when so much of their words is; one word in five may differ.
SAME = 0.8
# Two replies are the same when so much of the shorter one's runs of four words stands in the other.
RUN, SHARED = 4, 0.5
# An opening of so many words, heard within so many replies, sounds like a form.
OPENING, SINCE = 3, 4


def repetition(talks: Sequence[Talk]) -> Score:
    """The share of replies that repeat an earlier one of their talk: a sentence, half the words, or the opening."""
    found = [sentence for talk in talks for sentence in _repeats(talk)]
    return Score(share(len(found), sum(len(talk.exchanges) for talk in talks)), shown(found))


def _repeats(talk: Talk) -> Iterator[str]:
    for number, exchange in enumerate(talk.exchanges):
        again = exchange.line.again
        for before, earlier in enumerate(talk.exchanges[:number]):
            said, known = (_own(reply, talk.remembered) for reply in (exchange.reply, earlier.reply))
            repeated = _repeated(said, known, asked_again=again == before + 1)
            if not repeated and number - before <= SINCE:
                repeated = _same_opening(exchange.reply, earlier.reply)
            if repeated:
                yield f"{talk.script.name}, replies {before + 1} and {number + 1}: “{repeated}”"
                break


def _own(reply: str, remembered: Sequence[str]) -> str:
    """Without what is told of the fan: in quotation marks, or in the words of a memory. That may be said again."""
    for memory in remembered:
        reply = reply.replace(memory, " ")
    return unquoted(reply)


def _repeated(reply: str, earlier: str, *, asked_again: bool) -> str:
    """What was said again. To the same question the same facts belong, so there only the very same sentence counts."""
    known = [words(sentence) for sentence in sentences(earlier)]
    for sentence in sentences(reply):
        said = words(sentence)
        if len(said) >= SHORTEST and any(said == one or (not asked_again and _alike(said, one)) for one in known):
            return sentence
    return "" if asked_again or not _shares_runs(words(reply), words(earlier)) else reply


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    both, either = set(one) & set(other), set(one) | set(other)
    return len(other) >= SHORTEST and len(both) >= SAME * len(either)


def _shares_runs(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((_runs(one), _runs(other)), key=len)
    return len(shorter) > 1 and len(shorter & longer) >= SHARED * len(shorter)


def _runs(said: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1)}


def _same_opening(reply: str, earlier: str) -> str:
    opening = words(reply)[:OPENING]
    return " ".join(opening) if len(opening) == OPENING and opening == words(earlier)[:OPENING] else ""
