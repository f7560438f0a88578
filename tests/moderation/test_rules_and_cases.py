"""What is written about rules and cases: checked, walled, audited."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection

from companion.kernel.errors import Conflict, ValidationFailed
from moderation import review, selectors, services
from moderation.console.verdicts import of_trace
from moderation.models import Case, Decision, Rule
from personas.honesty import HonestReply
from tenancy.context import Unscoped, tenant
from tests.moderation.people import ACTOR, House, audited


def in_force(house: House) -> set[str]:
    with tenant(house.artist.id):
        return {rule.phrase for rule in selectors.rules_in_force() if rule.artist_id == house.artist.id}


def test_a_rule_is_added_audited_and_seen_by_its_artist_alone(house: House, other_house: House) -> None:
    rule = services.add_rule(
        house.artist.id, "  purple   pizza* ", "block", side="output", category="food", actor=ACTOR
    )
    assert (rule.phrase, rule.side, rule.category) == ("purple pizza*", "output", "food")
    assert in_force(house) == {"purple pizza*"}
    assert in_force(other_house) == set()
    assert audited(house.artist.id, rule.pk) == ["rule.created"]


@pytest.mark.parametrize("phrase", ["", "   ", "*", "!!!", "a*b", "\u200b", "x" * 101])
def test_a_phrase_that_could_match_nothing_is_refused_in_words(house: House, phrase: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        services.add_rule(house.artist.id, phrase, "block", actor=ACTOR)
    assert refusal.value.detail.startswith("A ")
    assert in_force(house) == set()


@pytest.mark.parametrize(
    ("action", "side"), [("crisis", "both"), ("allow", "input"), ("shout", "both"), ("block", "up")]
)
def test_an_unknown_action_or_side_is_refused(house: House, action: str, side: str) -> None:
    with pytest.raises(ValidationFailed, match="one of"):
        services.add_rule(house.artist.id, "pizza", action, side=side, actor=ACTOR)
    assert in_force(house) == set()


def test_the_same_rule_twice_is_a_conflict_until_the_first_is_retired(house: House) -> None:
    rule = services.add_rule(house.artist.id, "pizza", "block", actor=ACTOR)
    with pytest.raises(Conflict, match="already"):
        services.add_rule(house.artist.id, "pizza", "hold", actor=ACTOR)
    services.retire_rule(rule, actor=ACTOR)
    services.retire_rule(rule, actor=ACTOR)
    assert in_force(house) == set()
    assert audited(house.artist.id, rule.pk) == ["rule.created", "rule.retired"]
    services.add_rule(house.artist.id, "pizza", "hold", actor=ACTOR)
    assert in_force(house) == {"pizza"}


def test_a_global_rule_is_read_by_every_artist_and_written_by_none(house: House) -> None:
    rule = services.add_rule(None, f"everybodys {uuid.uuid4().hex}", "block", actor=ACTOR)
    with tenant(house.artist.id):
        assert selectors.rules_in_force().filter(pk=rule.pk).exists()
        shared = Rule.objects.filter(pk=rule.pk)
        assert shared.update(phrase="changed") == 0
        assert shared.update(artist=house.artist) == 0, "made it her own"
        assert shared.delete()[0] == 0
    stored = selectors.any_rule(rule.pk)
    assert stored is not None
    assert stored.phrase == rule.phrase
    assert audited(None, rule.pk) == ["rule.created"]
    services.retire_rule(rule, actor=ACTOR)
    assert audited(None, rule.pk) == ["rule.created", "rule.retired"]


def test_an_artist_cannot_write_a_rule_for_everybody_or_for_another(house: House, other_house: House) -> None:
    for owner in (None, other_house.artist.id):
        with pytest.raises(ProgrammingError, match="row-level security"), tenant(house.artist.id):
            Rule(artist_id=owner, phrase="pizza", action="block", created_by=ACTOR).save(force_insert=True)
    assert in_force(other_house) == set()


def test_rules_are_not_read_without_a_tenant() -> None:
    with pytest.raises(Unscoped):
        selectors.rules_in_force()


def test_a_case_opens_and_is_decided_with_an_audit_entry_each_and_without_the_fans_words(house: House) -> None:
    with tenant(house.artist.id, fan=house.fan.id):
        case = services.open_case(
            house.fan, Case.Kind.REPORT, note="she said something odd", actor=f"fan:{house.fan.id}"
        )
    with tenant(house.artist.id):
        assert [open_case.pk for open_case in selectors.open_cases()] == [case.pk]
    review.decide(case, Case.Outcome.UPHELD, "she did say it", actor=ACTOR)
    with tenant(house.artist.id):
        assert not selectors.open_cases().exists()
        assert Case.objects.get().closed_at is not None
    assert audited(house.artist.id, case.pk) == ["case.opened", "case.decided"]


def test_a_note_that_is_too_long_opens_no_case(house: House) -> None:
    with pytest.raises(ValidationFailed), tenant(house.artist.id):
        services.open_case(house.fan, Case.Kind.REPORT, note="x" * 2001, actor=ACTOR)
    with tenant(house.artist.id):
        assert not Case.objects.exists()


def test_cases_and_decisions_of_one_fan_are_out_of_another_fans_reach(house: House, other_house: House) -> None:
    turn = uuid.uuid4()
    with tenant(house.artist.id):
        services.open_case(house.fan, Case.Kind.HELD, turn=turn, actor=ACTOR)
        Decision.objects.create(
            artist=house.artist, fan=house.fan, turn_id=turn, side="input", action="hold", provider="rules"
        )
        assert len(selectors.decisions_of(turn)) == 1
    with tenant(house.artist.id, fan=uuid.uuid4()):
        assert not Case.objects.exists()
        assert selectors.decisions_of(turn) == []
    with tenant(other_house.artist.id):
        assert not Case.objects.exists()
        assert selectors.decisions_of(turn) == []


def test_a_decision_cannot_be_changed_or_deleted_by_the_application(house: House) -> None:
    with tenant(house.artist.id):
        Decision.objects.create(
            artist=house.artist, fan=house.fan, turn_id=uuid.uuid4(), side="input", action="allow", provider="offline"
        )
    for statement in ("update moderation_decision set action = 'block'", "delete from moderation_decision"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            tenant(house.artist.id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with tenant(house.artist.id):
        assert Decision.objects.get().action == "allow"


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("I'm a real person. ", "Denies being an AI"),
        ("I'm backstage right now. ", "Says where she is, though no date of hers does"),
    ],
)
def test_the_console_says_what_the_guard_of_honesty_found(house: House, reply: str, told: str) -> None:
    guard = HonestReply((), datetime.now(UTC))
    guard.feed(reply)
    guard.finish()
    assert guard.hit is not None
    with tenant(house.artist.id):
        verdict = of_trace([{"side": "output", "action": "block", "rule_ids": list(guard.hit.rule_ids)}])[0]
    assert [(rule.phrase, rule.note) for rule in verdict.rules] == [(told, "guard of honesty")]
