"""The steps of the gate: who may take which, in what order, and that a refused one leaves nothing behind."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections
from django.utils import timezone

from companion.kernel.errors import CompanionError, Conflict, Forbidden, NotFound, ValidationFailed
from companion.kernel.models import OutboxEvent
from personas import services as personas
from personas.models import CheckRun, Persona, PersonaRelease, PersonaVersion, ReleaseApproval
from personas.release import runs, services
from personas.release.contracts import State
from personas.release.models import LOST_AFTER
from tenancy.context import tenant
from tests.console.teams import SHEET, Team, entries, make_team
from tests.gate import FAILED, PASSED, approved, checked, live_number, put_live, somebody

AUTHOR = f"staff:{uuid4()}"


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def draft(team: Team) -> PersonaVersion:
    return personas.create_version(team.artist.id, SHEET, "a try", actor=AUTHOR)


def state_of(team: Team, version: PersonaVersion) -> str:
    return str(team.read(lambda: PersonaRelease.objects.get(version=version).state))


def actions(team: Team) -> list[str]:
    return [entry.action for entry in entries(team)]


def refused(team: Team, error: type[CompanionError], step: Callable[[], object], match: str | None = None) -> None:
    """The step is refused, and neither the audit log, nor the release, nor who speaks tells of it."""

    def everything() -> object:
        return team.read(
            lambda: (
                list(Persona.objects.values_list("live_version", "canary_version", "canary_share")),
                list(PersonaRelease.objects.order_by("pk").values_list("version", "state", "reason")),
                list(CheckRun.objects.values_list("pk", "state")),
                ReleaseApproval.objects.count(),
            )
        ), len(entries(team))

    before = everything()
    with pytest.raises(error, match=match):
        step()
    assert everything() == before


def test_a_version_goes_the_whole_way_and_every_step_is_audited(team: Team, draft: PersonaVersion) -> None:
    artist, before = team.artist.id, len(entries(team))
    run = checked(artist, draft.pk)
    assert state_of(team, draft) == State.IN_REVIEW
    for _ in range(2):
        services.approve(artist, draft.pk, actor=somebody(), run=run, seen=1)
    assert state_of(team, draft) == State.APPROVED
    services.try_out(artist, draft.pk, 5, actor=somebody(), seen=1)
    services.try_out(artist, draft.pk, 25, actor=somebody(), seen=1)
    assert live_number(artist) == 1
    services.go_live(artist, draft.pk, actor=somebody(), seen=1)
    assert live_number(artist) == 2
    assert team.read(lambda: Persona.objects.get().canary_share) == 0
    assert actions(team)[before:] == [
        "checkrun.requested",
        "checkrun.passed",
        "personarelease.approved",
        "personarelease.approved",
        "personarelease.tried_out",
        "personarelease.tried_out",
        "persona.went_live",
    ]


def test_the_request_for_checks_is_announced_with_ids_alone(team: Team, draft: PersonaVersion) -> None:
    run = services.request_checks(team.artist.id, draft.pk, actor=AUTHOR)
    event = team.read(lambda: OutboxEvent.objects.get(topic=services.CHECKS_REQUESTED))
    assert event.payload == {"artist_id": str(team.artist.id), "run_id": str(run.pk)}


def test_what_failed_its_checks_can_be_neither_approved_nor_tried_nor_put_live(
    team: Team, draft: PersonaVersion
) -> None:
    artist = team.artist.id
    run = checked(artist, draft.pk, FAILED)
    assert state_of(team, draft) == State.DRAFT
    refused(team, Conflict, lambda: services.approve(artist, draft.pk, actor=somebody(), run=run, seen=1))
    refused(team, Conflict, lambda: services.try_out(artist, draft.pk, 5, actor=somebody(), seen=1))
    refused(team, Conflict, lambda: services.go_live(artist, draft.pk, actor=somebody(), seen=1))
    refused(team, Conflict, lambda: services.roll_back(artist, draft.pk, actor=somebody(), seen=1))


def test_the_author_cannot_approve_and_nobody_counts_twice(team: Team, draft: PersonaVersion) -> None:
    artist, one = team.artist.id, somebody()
    run = checked(artist, draft.pk)
    refused(team, Forbidden, lambda: services.approve(artist, draft.pk, actor=AUTHOR, run=run, seen=1), "author")
    services.approve(artist, draft.pk, actor=one, run=run, seen=1)
    refused(team, Conflict, lambda: services.approve(artist, draft.pk, actor=one, run=run, seen=1), "already")
    assert state_of(team, draft) == State.IN_REVIEW
    refused(team, Conflict, lambda: services.try_out(artist, draft.pk, 5, actor=one, seen=1), "two people")


@pytest.mark.parametrize(
    ("author", "approver"),
    [(AUTHOR, AUTHOR), ("staff:nobody", AUTHOR), (AUTHOR, "command:demo")],
    ids=["the author", "of another author", "a command"],
)
def test_the_database_itself_refuses_an_approval_by_the_author(
    team: Team, draft: PersonaVersion, author: str, approver: str
) -> None:
    """Under her own name, under a false author's, and by something that is no person."""
    run = checked(team.artist.id, draft.pk)
    with pytest.raises(IntegrityError), tenant(team.artist.id):
        ReleaseApproval.objects.create(artist=team.artist, run_id=run, version=draft, author=author, approver=approver)
    assert team.read(ReleaseApproval.objects.count) == 0


def test_an_approval_is_of_a_run_of_that_very_version(team: Team, draft: PersonaVersion) -> None:
    other = personas.create_version(team.artist.id, SHEET, "another", actor=AUTHOR)
    run = checked(team.artist.id, other.pk)
    with pytest.raises(IntegrityError), tenant(team.artist.id):
        ReleaseApproval.objects.create(
            artist=team.artist, run_id=run, version=draft, author=AUTHOR, approver=somebody()
        )
    assert team.read(ReleaseApproval.objects.count) == 0


def test_a_new_run_asks_for_new_approvals(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    old = checked(artist, draft.pk)
    services.approve(artist, draft.pk, actor=somebody(), run=old, seen=1)
    new = checked(artist, draft.pk)
    refused(team, Conflict, lambda: services.approve(artist, draft.pk, actor=somebody(), run=old, seen=1), "again")
    assert services.approve(artist, draft.pk, actor=somebody(), run=new, seen=1) is State.IN_REVIEW
    assert services.approve(artist, draft.pk, actor=somebody(), run=new, seen=1) is State.APPROVED


def test_checks_against_what_spoke_before_count_no_more(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    approved(artist, draft.pk)
    other = personas.create_version(artist, SHEET, "another", actor=AUTHOR)
    put_live(artist, other.pk)
    refused(team, Conflict, lambda: services.try_out(artist, draft.pk, 5, actor=somebody(), seen=1), "compare again")
    refused(team, Conflict, lambda: services.try_out(artist, draft.pk, 5, actor=somebody(), seen=3), "run them again")
    assert state_of(team, draft) == State.APPROVED


def test_nothing_goes_live_without_a_trial_and_only_one_is_on_trial(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    other = personas.create_version(artist, SHEET, "another", actor=AUTHOR)
    approved(artist, draft.pk)
    approved(artist, other.pk)
    refused(team, Conflict, lambda: services.go_live(artist, draft.pk, actor=somebody(), seen=1), "Try it out")
    services.try_out(artist, draft.pk, 5, actor=somebody(), seen=1)
    refused(team, Conflict, lambda: services.try_out(artist, other.pk, 5, actor=somebody(), seen=1), "on trial")
    refused(team, Conflict, lambda: services.go_live(artist, other.pk, actor=somebody(), seen=1), "Try it out")
    refused(team, Conflict, lambda: services.reject(artist, draft.pk, actor=somebody(), reason="no"), "stop the trial")
    refused(team, Conflict, lambda: services.request_checks(artist, draft.pk, actor=somebody()), "stop the trial")
    services.stop_trial(artist, draft.pk, actor=somebody())
    services.try_out(artist, other.pk, 5, actor=somebody(), seen=1)
    assert actions(team)[-2:] == ["personarelease.trial_stopped", "personarelease.tried_out"]


@pytest.mark.parametrize("share", [-1, 0, 100, 101])
def test_a_trial_takes_one_to_99_percent(team: Team, draft: PersonaVersion, share: int) -> None:
    artist = team.artist.id
    approved(artist, draft.pk)
    refused(team, ValidationFailed, lambda: services.try_out(artist, draft.pk, share, actor=somebody(), seen=1))
    assert team.read(lambda: Persona.objects.get().canary_share) == 0


def test_one_step_leads_back_and_what_was_taken_back_needs_the_whole_gate_again(
    team: Team, draft: PersonaVersion
) -> None:
    artist, first = team.artist.id, team.rows[PersonaVersion].pk
    put_live(artist, draft.pk)
    third = personas.create_version(artist, SHEET, "a third", actor=AUTHOR)
    approved(artist, third.pk)
    services.try_out(artist, third.pk, 5, actor=somebody(), seen=2)
    services.roll_back(artist, first, actor=somebody(), seen=2)
    assert live_number(artist) == 1
    assert team.read(lambda: Persona.objects.get().canary_version_id) is None
    assert state_of(team, draft) == State.WITHDRAWN
    assert actions(team)[-1] == "persona.rolled_back"
    refused(team, Conflict, lambda: services.roll_back(artist, draft.pk, actor=somebody(), seen=1), "withdrawn")
    refused(team, Conflict, lambda: services.roll_back(artist, first, actor=somebody(), seen=1), "already")
    put_live(artist, draft.pk)
    assert live_number(artist) == 2


def test_a_rejected_version_goes_no_further(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    run = checked(artist, draft.pk)
    refused(team, ValidationFailed, lambda: services.reject(artist, draft.pk, actor=somebody(), reason=" "))
    services.reject(artist, draft.pk, actor=somebody(), reason="not her tone")
    refused(team, Conflict, lambda: services.request_checks(artist, draft.pk, actor=AUTHOR), "rejected")
    refused(team, Conflict, lambda: services.approve(artist, draft.pk, actor=somebody(), run=run, seen=1), "rejected")


def test_another_artists_version_takes_no_step(team: Team, draft: PersonaVersion) -> None:
    artist = make_team().artist.id
    steps: list[Callable[[UUID], object]] = [
        lambda key: services.request_checks(artist, key, actor=AUTHOR),
        lambda key: services.approve(artist, key, actor=AUTHOR, run=key, seen=1),
        lambda key: services.reject(artist, key, actor=AUTHOR, reason="no"),
        lambda key: services.try_out(artist, key, 5, actor=AUTHOR, seen=1),
        lambda key: services.stop_trial(artist, key, actor=AUTHOR),
        lambda key: services.go_live(artist, key, actor=AUTHOR, seen=1),
        lambda key: services.roll_back(artist, key, actor=AUTHOR, seen=1),
        lambda key: services.install_first(artist, key, actor="command:test"),
    ]
    for step in steps:
        refused(team, NotFound, partial(step, draft.pk))
    assert live_number(artist) == 1


def test_only_a_command_installs_and_only_a_first_version(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    refused(team, Forbidden, lambda: services.install_first(artist, draft.pk, actor=AUTHOR))
    refused(team, Conflict, lambda: services.install_first(artist, draft.pk, actor="command:demo"))
    assert actions(team).count("persona.installed") == 1


def at_once(*steps: Callable[[], object]) -> list[BaseException | None]:
    """What each step ended with, all of them begun together."""
    ready, ended = threading.Barrier(len(steps)), [None] * len(steps)

    def take(place: int, step: Callable[[], object]) -> None:
        ready.wait()
        try:
            step()
        except CompanionError as error:
            ended[place] = error  # type: ignore[call-overload]  # None until then
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(ended)


def test_one_person_who_approves_twice_at_once_is_one_approval(team: Team, draft: PersonaVersion) -> None:
    artist, one = team.artist.id, somebody()
    run = checked(artist, draft.pk)
    ended = at_once(*[lambda: services.approve(artist, draft.pk, actor=one, run=run, seen=1)] * 4)
    assert sum(error is None for error in ended) == 1
    assert team.read(ReleaseApproval.objects.count) == 1
    assert state_of(team, draft) == State.IN_REVIEW


def test_two_people_who_approve_at_once_are_two_approvals(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    run = checked(artist, draft.pk)
    ended = at_once(*[partial(services.approve, artist, draft.pk, actor=somebody(), run=run, seen=1) for _ in range(2)])
    assert ended == [None, None]
    assert state_of(team, draft) == State.APPROVED


def test_of_trial_and_rejection_at_once_only_one_happens(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    approved(artist, draft.pk)
    ended = at_once(
        lambda: services.try_out(artist, draft.pk, 5, actor=somebody(), seen=1),
        lambda: services.reject(artist, draft.pk, actor=somebody(), reason="no"),
    )
    assert sum(error is None for error in ended) == 1
    on_trial = team.read(lambda: Persona.objects.get().canary_version_id) == draft.pk
    assert on_trial == (state_of(team, draft) == State.APPROVED)


def test_requests_for_checks_at_once_are_one_run(team: Team, draft: PersonaVersion) -> None:
    at_once(*[lambda: services.request_checks(team.artist.id, draft.pk, actor=AUTHOR)] * 4)
    assert team.read(CheckRun.objects.count) == 1


def test_a_run_belongs_to_one_worker_and_ends_once(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    run = services.request_checks(artist, draft.pk, actor=AUTHOR).pk
    first = runs.begin(artist, run)
    assert first is not None
    assert runs.begin(artist, run) is None
    team.read(lambda: CheckRun.objects.filter(pk=run).update(lease_until=timezone.now() - timedelta(seconds=1)))
    second = runs.begin(artist, run)
    assert second is not None
    until = team.read(lambda: CheckRun.objects.get(pk=run).lease_until)
    runs.renew(artist, run, first)
    assert team.read(lambda: CheckRun.objects.get(pk=run).lease_until) == until
    runs.renew(artist, run, second)
    assert team.read(lambda: CheckRun.objects.get(pk=run).lease_until) > until
    assert not runs.finish(artist, run, first, PASSED)
    assert not runs.give_up(artist, run, first, "late")
    assert state_of(team, draft) == State.DRAFT
    assert runs.finish(artist, run, second, FAILED)
    assert not runs.finish(artist, run, second, PASSED)
    assert state_of(team, draft) == State.DRAFT
    assert runs.begin(artist, run) is None


def test_a_run_whose_worker_was_lost_makes_room_for_another(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    lost = services.request_checks(artist, draft.pk, actor=AUTHOR)
    assert services.request_checks(artist, draft.pk, actor=AUTHOR).pk == lost.pk
    team.read(lambda: CheckRun.objects.update(lease_until=timezone.now() - LOST_AFTER))
    assert services.request_checks(artist, draft.pk, actor=AUTHOR).pk != lost.pk
    assert team.read(lambda: CheckRun.objects.get(pk=lost.pk).state) == "broken"


def test_a_run_that_passes_after_the_version_was_rejected_brings_it_nothing(team: Team, draft: PersonaVersion) -> None:
    artist = team.artist.id
    run = services.request_checks(artist, draft.pk, actor=AUTHOR).pk
    epoch = runs.begin(artist, run)
    assert epoch is not None
    services.reject(artist, draft.pk, actor=somebody(), reason="no")
    assert runs.finish(artist, run, epoch, PASSED)
    assert state_of(team, draft) == State.REJECTED
