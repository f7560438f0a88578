"""What the gate is made of, as its checks, its job and its pages see it. No Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# How many people other than the author have to approve one run of the checks.
APPROVALS = 2
# Percent of the fans that a version on trial may speak to; all of them is live.
SMALLEST_SHARE, LARGEST_SHARE = 1, 99


class State(StrEnum):
    """How far a version has come. Which one speaks, and which is on trial, stands on the Persona's row."""

    DRAFT = "draft"  # written; its checks have not been passed yet
    IN_REVIEW = "in_review"  # the last run of the checks was passed; people decide
    APPROVED = "approved"  # by two people; may be tried out and go live
    RELEASED = "released"  # speaks, or spoke until another one took its place: may come back in one step
    WITHDRAWN = "withdrawn"  # was taken back while it spoke: comes back through the whole gate
    REJECTED = "rejected"  # by a person, with a reason: a new version is the way on


# A version in one of these states may be checked, and rejected: it does not speak, and its way is not over.
CHECKABLE = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.WITHDRAWN)


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"  # a check failed
    BROKEN = "broken"  # the checks could not be made: no model answered, the worker died


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a check failed: where it stands ("greetings, line 3", "asked: are you real?"), the text, what matched."""

    where: str
    text: str
    matched: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of a draft. `key` is its name; `note` explains a check that was not run."""

    key: str
    title: str
    why: str
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        evidence = [{"where": e.where, "text": e.text, "matched": e.matched} for e in self.evidence]
        body = {"key": self.key, "title": self.title, "why": self.why, "verdict": str(self.verdict), "note": self.note}
        return {**body, "evidence": evidence}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Finding":
        evidence = tuple(Evidence(**entry) for entry in body["evidence"])
        return cls(**{**body, "verdict": Verdict(body["verdict"]), "evidence": evidence})


@dataclass(frozen=True, slots=True)
class Answered:
    """What a version said to a golden prompt, and which model said it."""

    text: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden prompt: `asked` after `talk` (fan and persona in turns, the fan first).

    `expects` names what the answer must do beside passing every check of lines: "says_ai". `about` is its family.
    """

    key: str
    about: str
    asked: str
    talk: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A golden prompt with both versions' answers; `live` is None where nothing is live yet."""

    golden: Golden
    draft: Answered
    live: Answered | None = None

    @property
    def changed(self) -> bool:
        return self.live is not None and self.live.text != self.draft.text

    def as_json(self) -> dict[str, Any]:
        golden, live = self.golden, self.live.text if self.live else None
        asked = {"key": golden.key, "about": golden.about, "asked": golden.asked, "talk": list(golden.talk)}
        return {**asked, "draft": self.draft.text, "live": live, "changed": self.changed}


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run of the checks found."""

    findings: tuple[Finding, ...]
    exchanges: tuple[Exchange, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Nothing failed, and something was looked at."""
        looked = [finding for finding in self.findings if finding.verdict is not Verdict.NOT_RUN]
        return bool(looked) and all(finding.verdict is Verdict.PASSED for finding in looked)


def failed_keys(findings: Sequence[Finding]) -> list[str]:
    """The names of the checks that failed."""
    return [finding.key for finding in findings if finding.verdict is Verdict.FAILED]
