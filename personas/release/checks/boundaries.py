"""What she refuses: no boundary of the live version is dropped, and every line of one refuses."""

from collections import Counter
from collections.abc import Iterator

from companion.providers.llm.offline.words import terms
from personas.contracts import PersonaSheet
from personas.release.checks.base import Check, Subject
from personas.release.checks.phrases import says
from personas.release.contracts import Evidence

# This share of a boundary's own words has to be left in the boundaries of the draft, wherever they stand now.
KEPT = 0.5


def boundaries(subject: Subject) -> Iterator[Evidence]:
    draft = subject.sheet
    if subject.live is not None:
        yield from _dropped(subject.live, draft)
    for boundary in draft.boundaries:
        for number, line in enumerate(boundary.lines, 1):
            if says(line, "yes") and not says(line, "refusing"):
                where = f"boundaries, “{boundary.name}”, line {number}"
                yield Evidence(where, line, "agrees instead of refusing")
    names = {frozenset(terms(boundary.name)): boundary.name for boundary in draft.boundaries}
    for topic in (*draft.topics, *draft.pet_peeves):
        refused = names.get(frozenset(terms(topic.name)))
        if refused is not None:
            yield Evidence(f"topics, “{topic.name}”", topic.name, f"she refuses “{refused}” and has lines about it")


def _dropped(live: PersonaSheet, draft: PersonaSheet) -> Iterator[Evidence]:
    left = {stem for boundary in draft.boundaries for stem in terms(boundary.name)}
    used = Counter(stem for boundary in live.boundaries for stem in set(terms(boundary.name)))
    for boundary in live.boundaries:
        every = set(terms(boundary.name))
        # "advice" tells nothing where three boundaries are called so.
        words = {stem for stem in every if used[stem] == 1} or every
        if len(words & left) < KEPT * len(words):
            yield Evidence(f"boundaries, “{boundary.name}”", boundary.name, "in the live version, not in this one")


BOUNDARIES = (
    Check(
        "boundaries",
        "Boundaries hold",
        "What the live version refuses, this one refuses too, and a boundary's lines refuse.",
        boundaries,
    ),
)
