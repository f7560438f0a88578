"""A version led through the release gate without its checks being made: for tests that need another version live."""

from uuid import UUID, uuid4

from personas import selectors
from personas.release import runs, services
from personas.release.contracts import Finding, Results, Verdict
from tests.factories import anywhere

SHARE = 50
PASSED = Results((Finding("honesty", "Honest about being an AI", "", Verdict.PASSED),))
FAILED = Results((Finding("honesty", "Honest about being an AI", "", Verdict.FAILED),))


def somebody() -> str:
    """An actor of the team."""
    return f"staff:{uuid4()}"


def live_number(artist: UUID) -> int | None:
    """What speaks now, as a page would show it."""
    live = selectors.live_version(artist=artist)
    return live.number if live else None


@anywhere
def checked(artist: UUID, version: UUID, results: Results = PASSED) -> UUID:
    """A run of the checks that ended so."""
    run = services.request_checks(artist, version, actor=somebody())
    epoch = runs.begin(artist, run.pk)
    assert epoch is not None
    assert runs.finish(artist, run.pk, epoch, results)
    return run.pk


@anywhere
def approved(artist: UUID, version: UUID) -> None:
    """Checked, and approved by two people."""
    run = checked(artist, version)
    for _ in range(2):
        services.approve(artist, version, actor=somebody(), run=run, seen=live_number(artist))


@anywhere
def put_live(artist: UUID, version: UUID) -> None:
    """The whole way."""
    approved(artist, version)
    seen, actor = live_number(artist), somebody()
    if seen is not None:
        services.try_out(artist, version, SHARE, actor=actor, seen=seen)
    services.go_live(artist, version, actor=actor, seen=seen)
