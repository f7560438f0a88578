"""Rules compiled into one automaton: a trie (pyahocorasick) that the matcher walks from each start of a word."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from moderation.contracts import RuleSpec
from moderation.text.normalise import phrase_key

# Half of the hold-back cap: a phrase spelled out letter by letter still fits below it.
PHRASE_LIMIT = 100
# pyahocorasick aborts the process when an empty trie is walked; no text ever reads as this.
_NEVER = "\x02"


class BadPhrase(ValueError):
    """A phrase that no text could match, or that is too long to be held back; the message is a sentence."""


@lru_cache(maxsize=1 << 16)  # both sides, and every reload, compile the same phrases again
def check_phrase(phrase: str) -> str:
    """The phrase's key: its words as they are read, parted by single spaces. Raises BadPhrase."""
    stem = phrase.strip().removesuffix("*")
    key = phrase_key(stem)
    if not key:
        raise BadPhrase("A phrase needs at least one letter or digit.")
    if "*" in stem:
        raise BadPhrase("A star may stand only at the end of a phrase, where it takes every longer last word too.")
    if len(phrase) > PHRASE_LIMIT:
        raise BadPhrase(f"A phrase is at most {PHRASE_LIMIT} characters long; this one has {len(phrase)}.")
    return key


@dataclass(frozen=True, slots=True)
class Entry:
    """The rules whose key ends at one node: those for whole words only, and those for every longer word too."""

    whole: tuple[RuleSpec, ...]
    prefix: tuple[RuleSpec, ...]
    has_letter: bool


class Lexicon:
    """The compiled rules of one side. Read-only once built, so any number of filters and threads may walk it.

    `readable` is False for one that stands for rules which could not be read: filters let nothing pass.

    `reach(symbols)`: how many leading symbols lie on a path of the trie; all of them: they can still become a phrase.
    `entry(symbols, None)`: the Entry at exactly this key. `prefix_sizes`: lengths of the keys that have a star.
    `shortest_prefix` is the least of them, or more than any text has.
    """

    __slots__ = ("entry", "prefix_sizes", "reach", "readable", "shortest_prefix")
    entry: Callable[[str, None], Entry | None]
    prefix_sizes: tuple[int, ...]
    reach: Callable[[str], int]
    shortest_prefix: int

    def __init__(self, rules: Iterable[RuleSpec], *, over: "Lexicon | None" = None, readable: bool = True) -> None:
        """Raises BadPhrase: rules that cannot be compiled must not be served as if they did not exist.

        `over` another lexicon, whose rules hold too: those of everyone are compiled once and not for each artist.
        """
        self.readable = readable
        grouped: dict[str, tuple[list[RuleSpec], list[RuleSpec]]] = {}
        for rule in rules:
            whole, prefix = grouped.setdefault(check_phrase(rule.phrase), ([], []))
            (prefix if rule.phrase.strip().endswith("*") else whole).append(rule)
        trie = ahocorasick.Automaton()
        trie.add_word(_NEVER, None)
        for key, (whole, prefix) in grouped.items():
            trie.add_word(key, Entry(tuple(whole), tuple(prefix), any(symbol.isalpha() for symbol in key)))
        sizes = {len(key) for key, (_, prefix) in grouped.items() if prefix}
        if over is None:
            self.reach, self.entry = trie.longest_prefix, trie.get
        else:
            self.reach, self.entry = _reach_of_both(over, trie), _entry_of_both(over, trie)
            sizes.update(over.prefix_sizes)
        self.prefix_sizes = tuple(sorted(sizes))
        self.shortest_prefix = self.prefix_sizes[0] if self.prefix_sizes else sys.maxsize


def _reach_of_both(below: Lexicon, own: ahocorasick.Automaton) -> Callable[[str], int]:
    theirs, ours = below.reach, own.longest_prefix
    return lambda symbols: max(theirs(symbols), ours(symbols))


def _entry_of_both(below: Lexicon, own: ahocorasick.Automaton) -> Callable[[str, None], Entry | None]:
    theirs = below.entry
    ours: Callable[[str, None], Entry | None] = own.get

    def entry(symbols: str, _none: None) -> Entry | None:
        first, second = theirs(symbols, None), ours(symbols, None)
        if first is None or second is None:
            return first or second
        return Entry(first.whole + second.whole, first.prefix + second.prefix, first.has_letter)

    return entry
