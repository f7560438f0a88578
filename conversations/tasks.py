"""RQ jobs of conversations: ids only, idempotent, safe to run twice and in any order."""

from uuid import UUID

from conversations import forgetting, reembedding, remembering
from conversations.rehearsal.checking import check_release
from conversations.rehearsal.scripts import own_scripts


def archive_turn(artist: str, turn: str, fan: str, outcome: str) -> int:
    """A turn has ended: its lines go into the fan's archive. Raises provider errors (RQ retries)."""
    return remembering.archive_turn(UUID(artist), UUID(turn))


def extract_session(artist_id: str, fan_id: str) -> int:
    """A session has ended: what the fan said is read once. Raises provider errors (RQ retries)."""
    return remembering.extract(UUID(artist_id), UUID(fan_id))


def run_release_checks(artist_id: str, run_id: str) -> bool:
    """A version of the persona waits at the gate: it is checked once, whoever delivers the request how often."""
    return check_release(UUID(artist_id), UUID(run_id), own_scripts())


def scrub_traces(artist_id: str, fan_id: str) -> int:
    """A fan has had something forgotten: it leaves the traces of her turns."""
    return forgetting.scrub(UUID(artist_id), UUID(fan_id))


def reembed(artist_id: str) -> int:
    """Rows of an artist have vectors of another model. Raises provider errors (RQ retries)."""
    return reembedding.work(UUID(artist_id))
