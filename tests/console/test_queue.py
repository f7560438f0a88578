"""The review queue: what waits, why, and, for a reason, the talk around it; who decides first has decided."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.console import reading
from conversations.models import Message, ReadingGrant, Report, Turn, TurnTrace
from moderation.models import Case, Decision, Rule
from tenancy.context import tenant
from tenancy.models import Fan
from tests.console.teams import Team, entries

QUEUE = reverse("admin:moderation_case_queue")
SAID, WITHHELD, INSTEAD = "When is it out?", "Between us: the plum album, in March.", "You will hear it first."
WORDS = (SAID, "plum album", INSTEAD)
DECIDE = {"action": "decide", "outcome": "upheld", "finding": "as agreed"}
Superuser = psycopg.Connection[Any]


def address(case: Case, query: str = "") -> str:
    return reverse("admin:moderation_case_review", args=[case.pk]) + query


def case_of(team: Team) -> Case:
    return team.read(lambda: Case.objects.get(pk=team.rows[Case].pk))  # type: ignore[no-any-return]  # Team.read tells no type


@pytest.fixture
def held(team: Team) -> Case:
    """The team's case: a reply that a rule kept back."""
    case = case_of(team)
    of_turn: dict[str, Any] = {"artist": team.artist, "fan": fan_of(team), "turn_id": turn_of(team)}
    with tenant(team.artist.id):
        Message.objects.filter(turn_id=turn_of(team), role="fan").update(text=SAID)
        Message.objects.filter(turn_id=turn_of(team), role="persona").update(text=INSTEAD, status="held")
        TurnTrace.objects.filter(turn_id=turn_of(team)).update(context={"withheld": {"text": WITHHELD, "shown": 7}})
        Decision.objects.create(**of_turn, side="input", action="allow", provider="offline", scores={"hate": 0.01})
        Decision.objects.create(
            **of_turn,
            side="output",
            action="hold",
            provider="rules",
            rule_ids=[str(team.rows[Rule].pk)],
            scores={"off_brand": 0.86},
        )
    return case


def another(team: Team, kind: str = "report", **fields: Any) -> Case:
    with tenant(team.artist.id):
        return Case.objects.create(artist=team.artist, fan=fan_of(team), kind=kind, **fields)


def fan_of(team: Team) -> Fan:
    return team.read(Fan.objects.get)  # type: ignore[no-any-return]  # Team.read tells no type


def turn_of(team: Team) -> uuid.UUID:
    return uuid.UUID(str(team.rows[Turn].pk))


def page(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status
    return answer.content.decode()


def revealed(team: Team, case: Case, role: str = "moderator") -> Client:
    client = team.client(role)
    assert client.post(address(case), {"action": "reveal"}).status_code == 302
    return client


# -- reading ---------------------------------------------------------------------------------------------------------


def test_without_a_reason_it_tells_why_and_not_what(team: Team, held: Case) -> None:
    served = page(team.client("owner"), address(held))
    assert not [words for words in WORDS if words in served]
    for told in (
        f"Case {held.pk.hex[-6:]}",
        "What the persona said",
        "hold",
        ">plum</a>",
        "86 of 100",
        "Reveal",
        "Adult",
    ):
        assert told in served, told


def test_revealing_opens_the_talk_for_the_cases_sake_takes_the_case_and_stands_in_the_log(
    team: Team, held: Case
) -> None:
    before = len(entries(team))
    served = page(revealed(team, held), address(held))
    assert all(words in served for words in (SAID, INSTEAD))
    assert "the <mark>plum</mark> album" in served
    assert "held, not shown to the fan" in served
    assert "Between</q>" in served, "what the fan saw of it"
    assert "Yours for another 9 min" in served
    new = entries(team)[before:]
    assert [entry.action for entry in new] == ["conversation.opened", "case.claimed"]
    assert team.read(lambda: ReadingGrant.objects.get().reason) == f"Case {held.pk} (held)"


def test_revealing_again_and_reading_on_write_nothing(team: Team, held: Case) -> None:
    client = revealed(team, held)
    before = len(entries(team))
    client.post(address(held), {"action": "reveal"})
    page(client, address(held))
    assert len(entries(team)) == before


def test_closing_the_access_takes_the_words_away(team: Team, held: Case) -> None:
    client = revealed(team, held)
    client.post(address(held), {"action": "close"})
    assert SAID not in page(client, address(held))
    assert entries(team)[-1].action == "conversation.closed"


def test_a_held_message_of_the_fan_is_marked_where_the_rule_matches(team: Team, held: Case) -> None:
    with tenant(team.artist.id):
        Message.objects.filter(turn_id=turn_of(team), role="fan").update(text="a <b>plum</b> for you", status="held")
        TurnTrace.objects.filter(turn_id=turn_of(team)).update(context={})
        Decision.objects.create(
            artist=team.artist, fan=fan_of(team), turn_id=turn_of(team), side="input", action="hold",
            provider="rules", rule_ids=[str(team.rows[Rule].pk)],
        )  # fmt: skip
    served = page(revealed(team, held), address(held))
    assert "a &lt;b&gt;<mark>plum</mark>&lt;/b&gt; for you" in served
    assert "What the fan wrote" in served


def test_a_crisis_names_the_built_in_rule_and_marks_it(team: Team, superuser_db: Superuser) -> None:
    with tenant(team.artist.id):
        case = Case.objects.create(artist=team.artist, fan=fan_of(team), turn_id=turn_of(team), kind="crisis")
        Message.objects.filter(turn_id=turn_of(team), role="fan").update(text="I want to kill myself.")
        Decision.objects.create(
            artist=team.artist, fan=fan_of(team), turn_id=turn_of(team), side="input", action="crisis",
            provider="rules", rule_ids=["crisis:en:0", "crisis:en:99999"],
        )  # fmt: skip
    verdicts = json.dumps([{"side": "input", "action": "crisis", "rule_ids": ["crisis:en:0"]}])
    superuser_db.execute(
        "update conversations_turntrace set verdicts = %s where turn_id = %s", [verdicts, turn_of(team)]
    )
    client = revealed(team, case)
    served = page(client, address(case))
    assert "built in" in served
    assert "a rule that is gone" in served
    assert "False alarm" in served
    assert page(client, reverse("admin:conversations_turn_fan", args=[case.fan_id]))


def test_a_report_shows_what_the_fan_wrote_only_with_the_talk(team: Team) -> None:
    case = another(team, turn_id=turn_of(team), note="rude\nshe was mean to me")
    assert "mean to me" not in page(team.client("owner"), address(case))
    assert "mean to me" not in page(team.client("owner"), reverse("admin:moderation_case_change", args=[case.pk]))
    served = page(revealed(team, case), address(case))
    assert "mean to me" in served
    assert team.read(Report.objects.count) == 1
    assert "<b>reported</b>" in served


def test_a_talk_that_cannot_be_read_leaves_the_rest_of_the_page(
    team: Team, held: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = revealed(team, held)

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("the table is away")

    monkeypatch.setattr(reading, "around", broken)
    served = page(client, address(held))
    assert "What was said could not be read" in served
    assert "Why it is here" in served


# -- the list --------------------------------------------------------------------------------------------------------


def test_the_list_has_the_soonest_due_first_and_the_page_its_first_case(team: Team, held: Case) -> None:
    report, crisis = another(team), another(team, "crisis")
    served = page(team.client("moderator"), QUEUE)
    at = [served.index(f'id="case-{case.pk}"') for case in (crisis, held, report)]
    assert at == sorted(at)
    assert f"Case {crisis.pk.hex[-6:]}" in served


def test_a_report_tells_the_reason_that_the_fan_chose_and_none_of_her_words(team: Team, held: Case) -> None:
    case = another(team, turn_id=turn_of(team), note="untrue\nShe never said that.")
    served = page(team.client("moderator"), QUEUE)
    assert "reported: not true" in served
    assert "She never said that." not in served
    assert "not true\nShe never said that." in page(revealed(team, case), address(case))


def test_tabs_count_and_filter(team: Team, held: Case) -> None:
    crisis = another(team, "crisis")
    client = team.client("moderator")
    client.post(address(held), {"action": "claim"})
    for query, shown, hidden in (("who=mine", held, crisis), ("who=free", crisis, held), ("kind=crisis", crisis, held)):
        served = page(client, f"{QUEUE}?{query}")
        assert f'id="case-{shown.pk}"' in served
        assert f'id="case-{hidden.pk}"' not in served
    served = page(client, f"{QUEUE}?kind=nonsense&who=nobody")
    assert 'All <span class="count">2</span>' in served
    assert 'Mine <span class="count">1</span>' in served


def test_a_filter_is_kept_under_a_name_and_only_in_the_queue(team: Team) -> None:
    client = team.client("moderator")
    fields = {"filter_action": "save", "name": "Mine alone", "query": "who=mine"}
    assert client.post(address(case_of(team)), fields).status_code == 302
    assert 'href="?who=mine"' in page(client, QUEUE)
    assert "Mine alone" not in page(client, reverse("admin:moderation_case_changelist"))


def test_an_empty_queue_says_so(team: Team) -> None:
    team.read(lambda: Case.objects.update(status="closed", closed_at=timezone.now(), outcome="upheld"))
    served = page(team.client("moderator"), QUEUE)
    assert "Nothing waits for you" in served
    assert "1 case decided today" in served
    assert "queue-decide" not in served


def test_an_empty_filter_says_what_waits_elsewhere(team: Team) -> None:
    assert "One case waits under another filter" in page(team.client("moderator"), f"{QUEUE}?kind=crisis")


def test_the_first_page_leads_into_the_queue(team: Team) -> None:
    assert address(case_of(team)) in page(team.client("moderator"), reverse("admin:index"))


def test_the_queues_queries_do_not_grow_with_its_length(team: Team, held: Case, superuser_db: Superuser) -> None:
    client = revealed(team, held)
    counts = []
    for _ in range(2):
        for where in (QUEUE, address(held), address(held, "?part=list")):
            client.get(where)  # what is read once a process is read
            with CaptureQueriesContext(connection) as queries:
                page(client, where)
            counts.append(len(queries))
        superuser_db.execute(
            "insert into moderation_case (id, artist_id, fan_id, turn_id, kind, status, note, created_at) "
            "select gen_random_uuid(), artist_id, fan_id, turn_id, kind, 'open', '', now() "
            "from moderation_case, generate_series(1, 70) where id = %s",
            [held.pk],
        )
    assert counts[:3] == counts[3:]
    assert page(client, QUEUE).count('class="queue-card ') == 50


# -- deciding --------------------------------------------------------------------------------------------------------


def test_a_decision_leads_on_to_the_next_case_and_can_be_taken_back(team: Team, held: Case) -> None:
    report = another(team)
    client = team.client("moderator")
    answer = client.post(address(held, "?kind=held"), DECIDE)
    assert answer["Location"] == f"{QUEUE}?kind=held&decided={held.pk}"
    client.post(address(held), {"action": "undo"})
    answer = client.post(address(held), DECIDE)
    assert answer["Location"] == address(report, f"?decided={held.pk}")
    assert 'id="queue-undo"' in page(client, answer["Location"])
    assert 'id="queue-undo"' not in page(team.client("owner"), answer["Location"]), "it is not hers to take back"
    assert client.post(address(held), {"action": "undo"})["Location"] == address(held)
    assert (case_of(team).status, case_of(team).finding) == ("open", "as agreed")


def test_the_undo_is_offered_for_a_moment(team: Team, held: Case) -> None:
    client = team.client("moderator")
    where = client.post(address(held), DECIDE)["Location"]
    team.read(lambda: Case.objects.update(closed_at=timezone.now() - timedelta(seconds=11)))
    assert 'id="queue-undo"' not in page(client, where)
    answer = client.post(address(held), {"action": "undo"})
    assert (answer.status_code, case_of(team).status) == (409, "closed")


def test_who_comes_second_sees_who_decided_and_keeps_what_was_typed(team: Team, held: Case) -> None:
    first, second = team.client("moderator"), team.client("manager")
    page(second, address(held))
    first.post(address(held), DECIDE)
    before = len(entries(team))
    answer = second.post(address(held), DECIDE | {"outcome": "allowed", "finding": "my own long note"})
    served = answer.content.decode()
    assert answer.status_code == 409
    assert f"{team.members['moderator'].email.capitalize()} decided this case" in served
    assert "Yours was not saved" in served
    assert "my own long note" in served
    assert (case_of(team).outcome, case_of(team).finding) == ("upheld", "as agreed")
    assert len(entries(team)) == before


def test_a_case_that_another_has_taken_is_hers_until_it_is_taken_over(team: Team, held: Case) -> None:
    first, second = team.client("moderator"), team.client("manager")
    first.post(address(held), {"action": "claim"})
    assert f"{team.members['moderator'].email.capitalize()} has taken this case" in page(second, address(held))
    assert second.post(address(held), DECIDE).status_code == 409
    assert second.post(address(held), {"action": "claim"}).status_code == 409
    assert case_of(team).status == "open"
    assert second.post(address(held), {"action": "claim", "over": "yes"}).status_code == 302
    assert second.post(address(held), DECIDE).status_code == 302
    assert case_of(team).decided_by == f"staff:{team.members['manager'].pk}"


def test_the_refresh_says_that_another_was_first(team: Team, held: Case) -> None:
    team.client("moderator").post(address(held), DECIDE)
    served = page(team.client("manager"), address(held, "?part=list"))
    assert 'data-standing="decided"' in served
    assert "<html" not in served


@pytest.mark.parametrize("fields", [{"outcome": "perhaps"}, {"finding": "x" * 2001}])
def test_what_is_refused_changes_nothing_and_says_so(team: Team, held: Case, fields: dict[str, str]) -> None:
    before = len(entries(team))
    assert team.client("moderator").post(address(held), DECIDE | fields).status_code == 422
    assert case_of(team).status == "open"
    assert len(entries(team)) == before


def test_a_step_that_there_is_not(team: Team, held: Case) -> None:
    assert team.client("moderator").post(address(held), {"action": "send"}).status_code == 404
    assert case_of(team).status == "open"


# -- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_does_not_moderate_sees_nothing_and_is_refused(team: Team, held: Case, role: str) -> None:
    client = team.client(role)
    for where in (QUEUE, address(held), address(held, "?part=list")):
        assert client.get(where).status_code == 403
    for fields in ({"action": "reveal"}, {"action": "claim"}, DECIDE, {"filter_action": "save", "name": "x"}):
        assert client.post(address(held), fields).status_code == 403
    assert (case_of(team).status, case_of(team).claimed_by) == ("open", "")
    assert team.read(ReadingGrant.objects.count) == 0
    assert QUEUE not in page(client, reverse("admin:index"))


def test_a_moderator_does_not_sanction_and_a_manager_does(team: Team, held: Case) -> None:
    mute = {"action": "sanction", "sanction": "mute-day", "reason": "third time"}
    moderator, manager = team.client("moderator"), team.client("manager")
    assert "sanction-dialog" not in page(moderator, address(held))
    assert moderator.post(address(held), mute).status_code == 403
    assert team.read(lambda: Fan.objects.get().sanction) == "none"
    assert manager.post(address(held), mute | {"reason": " "}).status_code == 422
    assert manager.post(address(held), mute | {"sanction": "exile"}).status_code == 404
    assert team.read(lambda: Fan.objects.get().sanction) == "none"
    assert manager.post(address(held), mute).status_code == 302
    fan = team.read(Fan.objects.get)
    assert fan.sanction == "muted"
    assert timedelta(hours=23) < fan.sanction_until - datetime.now(UTC) < timedelta(hours=25)
    assert entries(team)[-1].action == "fan.changed"
    assert case_of(team).status == "open"


def test_a_form_that_was_opened_for_another_artist_is_refused(team: Team, other_team: Team, held: Case) -> None:
    answer = team.client("moderator").post(address(held), DECIDE | {"console_artist": str(other_team.artist.id)})
    assert answer["Location"] == reverse("admin:index")
    assert case_of(team).status == "open"


def test_a_case_that_never_was_leads_away(team: Team) -> None:
    assert team.client("moderator").get(reverse("admin:moderation_case_review", args=[uuid.uuid4()])).status_code == 302
