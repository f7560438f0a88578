"""A case is one person's at a time, is decided once, and for a moment the decision can be taken back."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from companion.kernel.errors import CompanionError, Conflict, ValidationFailed
from moderation import queue, review, services
from moderation.models import Case
from tenancy.context import tenant
from tests.moderation.people import ACTOR, House, audited

ANN, BEN = f"staff:{uuid.uuid4()}", f"staff:{uuid.uuid4()}"


def opened(house: House, kind: str = Case.Kind.HELD) -> Case:
    with tenant(house.artist.id):
        return services.open_case(house.fan, kind, actor=ACTOR)


def stored(house: House, case: Case) -> Case:
    with tenant(house.artist.id):
        return Case.objects.get(pk=case.pk)


def backdate(house: House, case: Case, **times: object) -> None:
    with tenant(house.artist.id):
        Case.objects.filter(pk=case.pk).update(**times)


def test_a_decision_closes_the_case_with_who_what_and_why(house: House) -> None:
    case = opened(house)
    review.claim(case, actor=ANN)
    review.decide(case, Case.Outcome.ALLOWED, "  a lyric of hers ", actor=ANN)
    found = stored(house, case)
    assert (found.status, found.outcome, found.finding, found.decided_by) == (
        "closed",
        "allowed",
        "a lyric of hers",
        ANN,
    )
    assert (found.claimed_by, found.claimed_until) == ("", None)
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.claimed", "case.decided"]


@pytest.mark.parametrize(
    ("outcome", "finding", "error"),
    [("perhaps", "", ValidationFailed), ("", "", ValidationFailed), ("upheld", "x" * 2001, ValidationFailed)],
)
def test_what_is_no_decision_leaves_the_case_open(
    house: House, outcome: str, finding: str, error: type[CompanionError]
) -> None:
    case = opened(house)
    with pytest.raises(error):
        review.decide(case, outcome, finding, actor=ANN)
    assert stored(house, case).status == "open"
    assert audited(house.artist.id, case.pk) == ["case.opened"]


def test_the_second_to_decide_is_told_and_changes_nothing(house: House) -> None:
    case = opened(house)
    review.decide(case, Case.Outcome.UPHELD, "first", actor=ANN)
    with pytest.raises(Conflict, match="another decided this case first"):
        review.decide(case, Case.Outcome.ALLOWED, "second", actor=BEN)
    found = stored(house, case)
    assert (found.outcome, found.finding, found.decided_by) == ("upheld", "first", ANN)
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.decided"]


def test_of_many_who_decide_at_once_one_does(house: House) -> None:
    case = opened(house)

    def decide(actor: str) -> bool:
        try:
            review.decide(Case(pk=case.pk, artist_id=case.artist_id, fan_id=case.fan_id), "upheld", actor=actor)
        except Conflict:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as threads:
        won = list(threads.map(decide, [f"staff:{uuid.uuid4()}" for _ in range(6)]))
    assert won.count(True) == 1
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.decided"]


def test_what_another_has_taken_is_hers_until_it_is_given_back_taken_over_or_ten_minutes_have_passed(
    house: House,
) -> None:
    case = opened(house)
    review.claim(case, actor=ANN)
    with pytest.raises(Conflict, match="another has taken this case"):
        review.claim(case, actor=BEN)
    with pytest.raises(Conflict, match="another has taken this case"):
        review.decide(case, Case.Outcome.UPHELD, actor=BEN)
    review.give_back(case, actor=BEN)
    assert stored(house, case).claimed_by == ANN
    review.claim(case, actor=BEN, over=True)
    assert stored(house, case).claimed_by == BEN
    review.give_back(case, actor=BEN)
    assert stored(house, case).claimed_by == ""
    review.claim(case, actor=ANN)
    backdate(house, case, claimed_until=timezone.now() - timedelta(seconds=1))
    review.decide(case, Case.Outcome.UPHELD, actor=BEN)
    assert audited(house.artist.id, case.pk) == [
        "case.opened", "case.claimed", "case.claimed", "case.returned", "case.claimed", "case.decided",
    ]  # fmt: skip


def test_taking_it_again_takes_it_longer_without_an_entry(house: House) -> None:
    case = opened(house)
    review.claim(case, actor=ANN)
    soon = timezone.now() + timedelta(minutes=1)
    backdate(house, case, claimed_until=soon)
    review.claim(case, actor=ANN)
    until = stored(house, case).claimed_until
    assert until is not None
    assert until > soon
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.claimed"]


def test_a_decision_is_taken_back_for_a_moment_by_who_made_it_and_the_note_stays(house: House) -> None:
    case = opened(house)
    review.decide(case, Case.Outcome.UPHELD, "my words", actor=ANN)
    with pytest.raises(Conflict, match="too late"):
        review.undo(case, actor=BEN)
    review.undo(case, actor=ANN)
    found = stored(house, case)
    assert (found.status, found.outcome, found.closed_at, found.decided_by) == ("open", "", None, "")
    assert (found.claimed_by, found.finding) == (ANN, "my words")
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.decided", "case.reopened"]


def test_later_on_a_decision_stands(house: House) -> None:
    case = opened(house)
    review.decide(case, Case.Outcome.UPHELD, actor=ANN)
    backdate(house, case, closed_at=timezone.now() - review.UNDO_WITHIN)
    with pytest.raises(Conflict, match="too late"):
        review.undo(case, actor=ANN)
    assert stored(house, case).status == "closed"
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.decided"]


def test_the_queue_has_the_soonest_due_first_whatever_came_first(house: House) -> None:
    report, held, crisis = [opened(house, kind) for kind in (Case.Kind.REPORT, Case.Kind.HELD, Case.Kind.CRISIS)]
    old_report = opened(house, Case.Kind.REPORT)
    backdate(house, old_report, created_at=timezone.now() - timedelta(hours=23))
    now = timezone.now()

    def keys(**chosen: object) -> list[uuid.UUID]:
        with tenant(house.artist.id):
            return list(queue.waiting(now, **chosen).values_list("pk", flat=True))  # type: ignore[arg-type]  # whatever a test asks for

    assert keys() == [crisis.pk, old_report.pk, held.pk, report.pk]
    assert keys(kind=Case.Kind.REPORT) == [old_report.pk, report.pk]
    review.claim(held, actor=ANN)
    assert (keys(mine=ANN), keys(mine=BEN)) == ([held.pk], [])
    assert keys(free=True) == [crisis.pk, old_report.pk, report.pk]
    with tenant(house.artist.id):
        counted = queue.counts(ANN, now)
    assert (counted.every, counted.mine, counted.free, counted.kinds["report"]) == (4, 1, 3, 2)


def test_an_artists_cases_are_out_of_anothers_reach(house: House, other_house: House) -> None:
    case = opened(house)
    deeds: list[Callable[[Case], None]] = [
        lambda foreign: review.claim(foreign, actor=ANN),
        lambda foreign: review.decide(foreign, Case.Outcome.ALLOWED, actor=ANN),
    ]
    for deed in deeds:
        with pytest.raises((Case.DoesNotExist, Conflict)):
            deed(Case(pk=case.pk, artist_id=other_house.artist.id, fan_id=other_house.fan.id))
    assert stored(house, case).status == "open"
    assert audited(house.artist.id, case.pk) == ["case.opened"]
    assert audited(other_house.artist.id, case.pk) == []
