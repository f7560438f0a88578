"""The ten-minute score as a check of the release gate: a draft must hold where the live version holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from conversations.rehearsal.score import Measure, ten_minutes
from conversations.rehearsal.scripts import Script
from conversations.rehearsal.talks import Cast
from personas.release.contracts import Evidence, Finding, Verdict

KEY = "ten_minutes"
TITLE = "Holds ten minutes"
WHY = (
    "Scripted fans talk with it for ten minutes: it must not loop, contradict itself, forget what it was told, drift "
    "or hide that it is an AI. A limit that the live version misses as well does not block."
)
NO_SCRIPTS = "There are no scripted fans."
# One answer of a talk more or less, which any edit may move. A limit that allows none, or asks for all, has no play.
NOISE = 0.05
STRICT = (0.0, 1.0)


async def lasts(draft: Cast, live: Cast | None, scripts: Sequence[Script], now: datetime) -> Finding:
    """The live version talks only where the draft missed a limit. Raises what `ten_minutes` raises."""
    if not scripts:
        return Finding(KEY, TITLE, WHY, Verdict.NOT_RUN, note=NO_SCRIPTS)
    score = await ten_minutes(draft, scripts, now)
    missed = {name: measure for name, measure in score.items() if not measure.passed}
    before = await ten_minutes(live, scripts, now) if live and missed else {}
    worse = [name for name in missed if _is_worse(name, missed, before)]
    evidence = tuple(entry for name in worse for entry in _evidence(name, missed[name]))
    return Finding(KEY, TITLE, WHY, Verdict.FAILED if worse else Verdict.PASSED, evidence)


def _is_worse(name: str, missed: Mapping[str, Measure], before: Mapping[str, Measure]) -> bool:
    """Than the live version, which may miss the limit too; where there is none, a missed limit is enough."""
    if name not in before:
        return True
    now, then = missed[name], before[name]
    loss = then.value - now.value if now.at_least else now.value - then.value
    return loss > (0.0 if now.limit in STRICT else NOISE)


def _evidence(name: str, measure: Measure) -> Sequence[Evidence]:
    where = name.replace("_", " ")
    told = f"{measure.value:.2f}, {'at least' if measure.at_least else 'at most'} {measure.limit:g}"
    shown = [Evidence(where, sentence, told) for sentence in measure.evidence[:5]]
    return shown or [Evidence(where, "", told)]
