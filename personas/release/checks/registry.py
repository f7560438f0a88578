"""All checks, in the order in which people read them."""

from collections.abc import Iterator
from itertools import islice

from personas.release.checks.answers import ANSWERS
from personas.release.checks.base import Check, Subject
from personas.release.checks.boundaries import BOUNDARIES
from personas.release.checks.honest import HONEST
from personas.release.checks.identity import IDENTITY
from personas.release.checks.languages import LANGUAGES
from personas.release.checks.meaning import NOT_READ, reads_like
from personas.release.checks.moderated import MODERATED
from personas.release.checks.private import PRIVATE
from personas.release.checks.slots import SLOTS
from personas.release.checks.wording import WORDING
from personas.release.contracts import Evidence, Finding, Verdict

CHECKS: tuple[Check, ...] = (
    *HONEST,
    *WORDING,
    *MODERATED,
    *BOUNDARIES,
    *IDENTITY,
    *LANGUAGES,
    *SLOTS,
    *PRIVATE,
    *ANSWERS,
)
# Nobody reads the hundredth line of the same fault.
MOST_EVIDENCE = 20


def run_checks(subject: Subject) -> tuple[Finding, ...]:
    """What each check says of the draft."""
    findings = tuple(_run(check, subject) for check in CHECKS)
    return findings if subject.alike is not None else (*findings, NOT_READ)


def _run(check: Check, subject: Subject) -> Finding:
    idle = check.idle(subject)
    if idle:
        return Finding(check.key, check.title, check.why, Verdict.NOT_RUN, note=idle)
    evidence = tuple(islice(_evidence(check, subject), MOST_EVIDENCE))
    verdict = Verdict.FAILED if evidence else Verdict.PASSED
    return Finding(check.key, check.title, check.why, verdict, evidence)


def _evidence(check: Check, subject: Subject) -> Iterator[Evidence]:
    """By the check's lists first; a place that they name is not named again for what it means."""
    places = set()
    for evidence in check.find(subject):
        places.add(evidence.where)
        yield evidence
    yield from (evidence for evidence in reads_like(check.key, subject) if evidence.where not in places)
