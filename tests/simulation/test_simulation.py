"""A fixed set of seeds has no violation; and with any one safeguard of the engine taken out, some seed has one."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from conversations.turn import service
from conversations.turn.contracts import TurnEvent, make_event
from conversations.turn.emission import Emission
from conversations.turn.registry import TurnRegistry
from tests.simulation.faults import Fault, Mix
from tests.simulation.mixes import KILLS, LOST_LOGS, MIXES, RETURNING_PROCESSES
from tests.simulation.postgres import Postgres
from tests.simulation.redis import Redis
from tests.simulation.run import Run, simulate
from tests.simulation.upstream import KINDS

SEEDS = 3000
SEEDS_OF_A_MIX = 600


@dataclass
class Summary:
    failed: list[str] = field(default_factory=list)
    struck: Counter[Fault] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, run: Run) -> None:
        if run.violations:
            self.failed.append(run.report())
        self.struck += run.world.struck
        self.happened += run.world.happened
        for row in run.world.postgres.turns.values():
            self.outcomes[row.status] += 1
            self.outcomes[f"epoch {min(row.epoch, 2)}"] += 1
        for message in run.world.postgres.messages:
            self.outcomes[f"{message.role} {message.status}"] += 1


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> Iterator[None]:
    """Thousands of turns that fail on purpose have much to say."""
    with capture_logs():
        yield


@pytest.fixture(scope="module")
def summary(_quiet: None) -> Summary:
    told = Summary()
    for seed in range(SEEDS):
        told.add(simulate(seed))
    return told


def test_no_seed_of_the_fixed_set_breaks_a_promise(summary: Summary) -> None:
    assert not summary.failed, summary.failed[0]


def test_every_fault_struck_in_the_fixed_set(summary: Summary) -> None:
    assert {fault: summary.struck[fault] for fault in Fault if summary.struck[fault] < 50} == {}


def test_every_way_of_an_upstream_and_of_an_ending_was_seen(summary: Summary) -> None:
    seen = summary.happened | summary.outcomes
    expected = [
        *(f"upstream {kind}" for kind in KINDS),
        *("completed", "cancelled", "failed", "epoch 2"),
        *("fan complete", "fan blocked", "fan held", "fan failed"),
        *("persona complete", "persona cancelled", "persona failed", "persona blocked", "persona held"),
        *("refused paused", "refused unavailable", "refused idempotency_mismatch", "gave up waiting"),
    ]
    assert {name: seen[name] for name in expected if seen[name] < 20} == {}


@pytest.mark.parametrize("mix", MIXES.values(), ids=lambda mix: mix.name or "usual")
def test_no_promise_breaks_where_faults_come_thick(mix: Mix) -> None:
    summary = Summary()
    for seed in range(SEEDS, SEEDS + SEEDS_OF_A_MIX):
        summary.add(simulate(seed, mix))
    assert not summary.failed, summary.failed[0]


def test_a_seed_gives_the_same_run_again() -> None:
    assert [simulate(seed).report() for seed in range(30)] == [simulate(seed).report() for seed in range(30)]


# -- the checks notice when a safeguard is missing ----------------------------------------------------------------


def violations_of(runs: Iterable[Run]) -> tuple[str, ...]:
    """Those of the first run that has any."""
    return next((run.violations for run in runs if run.violations), ())


def under(mix: Mix | None, **servers: Callable[[], Any]) -> tuple[str, ...]:
    made = ({name: make() for name, make in servers.items()} for _ in range(SEEDS))
    return violations_of(simulate(seed, mix, **each) for seed, each in enumerate(made))


def test_a_log_that_does_not_fence_old_epochs_is_noticed() -> None:
    assert under(RETURNING_PROCESSES, redis=lambda: Redis(fenced=False))


def test_a_settlement_under_any_epoch_is_noticed() -> None:
    assert under(None, postgres=lambda: Postgres(conditional_settle=False))


def test_an_event_that_is_shown_before_it_is_kept_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def publish_first(self: Emission, event_type: str, /, **fields: Any) -> None:
        event = make_event(self._control.request.turn, self._control.seq + 1, event_type, **fields)
        self._control.seq = event.seq
        self._control.publish(event)
        await self._append(event)

    monkeypatch.setattr(Emission, "_send", publish_first)
    assert under(None)


def test_words_that_pass_no_gate_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_gate(_self: Emission) -> None:
        """Lets everything through."""

    monkeypatch.setattr(Emission, "_pass_gate", open_gate)
    assert any("kill" in violation for violation in under(KILLS))


def test_a_gate_that_is_not_passed_again_after_a_wait_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_gate(_self: Emission) -> None:
        """Lets everything through."""

    monkeypatch.setattr(Emission, "_pass_gate_again", open_gate)
    assert any("kill" in violation for violation in under(KILLS))


def test_a_hole_in_the_log_that_is_overlooked_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(events: list[TurnEvent], _seen: int) -> list[TurnEvent]:
        return events

    monkeypatch.setattr(service, "_unbroken", all_of_them)
    assert under(LOST_LOGS)


def test_a_lost_lease_that_is_not_renewed_in_time_costs_only_the_turns_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without renewals every long turn is taken over while it runs: the epochs alone keep the promises."""

    async def never(_self: TurnRegistry, _control: object) -> None:
        """Renews nothing."""

    monkeypatch.setattr(TurnRegistry, "_renew", never)
    runs = [simulate(seed) for seed in range(300)]
    assert violations_of(runs) == ()
    assert sum(row.epoch > 1 for run in runs for row in run.world.postgres.turns.values()) > 0
