"""Every check also reads for meaning: what a draft says anew is held against examples of what the check stops."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from companion.providers.embeddings import configured
from personas.likeness import Alike, Likeness
from personas.release.checks.base import Kind, Subject, Text, texts_of_sheet
from personas.release.checks.examples import RULE, SAID, examples
from personas.release.contracts import Evidence, Finding, Verdict

NOT_READ = Finding(
    "meaning",
    "Read for meaning",
    "New lines are compared with examples of what each check stops, so that other words for the same are found.",
    Verdict.NOT_RUN,
    note="all-MiniLM-L6-v2 is not installed (requirements-models.txt): the checks went by their lists alone.",
)
# Chosen on lines that nobody had seen: of harmless ones about one in fifty is stopped, of those written as near misses
# one in twenty (tests/release/test_likeness.py).
STOPPED = 0.3
# The identity is a page; a wrong sentence would drown in it.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Meanings:
    """What is said and what is ordered are judged each by examples of its own."""

    said: Likeness
    rules: Likeness

    async def read(self, subject: Subject) -> Mapping[Text, Alike]:
        """The texts that are like what a check stops. What the live version has as well has been released."""
        released = {text.text for text in texts_of_sheet(subject.live)} if subject.live else set()
        anew = [text for text in texts_of_sheet(subject.sheet) if not text.is_name and text.text not in released]
        rules = [sentence for text in anew if text.kind is Kind.RULE for sentence in _sentences(text)]
        said = [text for text in anew if text.kind is Kind.SPOKEN]
        alike = {RULE: await self.rules.alike(rule.text for rule in rules)}
        alike[SAID] = await self.said.alike(line.text for line in said)
        return {
            text: alike[kind][text.text]
            for kind, texts in ((RULE, rules), (SAID, said))
            for text in texts
            if text.text in alike[kind]
        }


@cache
def meanings() -> Meanings | None:
    """This process's; None where MiniLM is not installed. Learnt at the first use: some ten seconds, once on a data
    directory.

    By the local model whatever the settings choose: the examples and their limit were measured with it. Call it outside
    an event loop. Raises minilm.ModelDamaged.
    """
    minilm = configured.minilm()
    if minilm is None:
        return None
    said, rules = (
        Likeness(minilm, examples(kind), stopped=STOPPED, folder=configured.models_folder()) for kind in (SAID, RULE)
    )
    return Meanings(said, rules)


def reads_like(key: str, subject: Subject) -> Iterator[Evidence]:
    """The evidence of one check."""
    for text, alike in (subject.alike or {}).items():
        if alike.check == key:
            yield text.evidence(f"reads like “{alike.example}”")


def _sentences(rule: Text) -> Iterator[Text]:
    return (replace(rule, text=sentence) for sentence in _SENTENCE_END.split(rule.text))
