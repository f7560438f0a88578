"""All checks, in the order in which people read them."""

from itertools import islice

from personas.release.checks.answers import ANSWERS
from personas.release.checks.base import Check, Subject
from personas.release.checks.boundaries import BOUNDARIES
from personas.release.checks.honest import HONEST
from personas.release.checks.identity import IDENTITY
from personas.release.checks.languages import LANGUAGES
from personas.release.checks.moderated import MODERATED
from personas.release.checks.private import PRIVATE
from personas.release.checks.slots import SLOTS
from personas.release.checks.wording import WORDING
from personas.release.contracts import Finding, Verdict

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
    return tuple(_run(check, subject) for check in CHECKS)


def _run(check: Check, subject: Subject) -> Finding:
    idle = check.idle(subject)
    if idle:
        return Finding(check.key, check.title, check.why, Verdict.NOT_RUN, note=idle)
    evidence = tuple(islice(check.find(subject), MOST_EVIDENCE))
    verdict = Verdict.FAILED if evidence else Verdict.PASSED
    return Finding(check.key, check.title, check.why, verdict, evidence)
