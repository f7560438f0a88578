"""A fan's conversation opens for a reason and for a while; it shows why each reply is what it is."""

import hashlib
import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.console import waterfall
from conversations.models import Message, ReadingGrant, Report, Turn, TurnTrace
from moderation.models import Case, Rule
from tenancy.context import tenant
from tenancy.models import Fan
from tests.console.teams import Team, entries

SAID, REPLY = "What is new?", "A song."
CONTENT = (SAID, REPLY, "the exact prompt")
REASON = {"reason": "Case 4819"}


def address(team: Team, **query: object) -> str:
    where = reverse("admin:conversations_turn_fan", args=[team.rows[Fan].pk])
    return where + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


def page(client: Client, where: str) -> str:
    return client.get(where).content.decode()


def opened(team: Team, role: str = "moderator") -> Client:
    client = team.client(role)
    assert client.post(address(team), REASON).status_code == 302
    return client


def all_grants(team: Team) -> list[ReadingGrant]:
    return list(team.read(lambda: list(ReadingGrant.objects.order_by("opened_at"))))


def add_turn(team: Team, text: str, reply: str, **trace: Any) -> Turn:
    """A turn after those that stand."""
    now = datetime.now(UTC)
    mine: dict[str, Any] = {"artist": team.artist, "fan": team.rows[Fan]}
    with tenant(team.artist.id):
        turn = Turn.objects.create(
            **mine,
            client_message_id=uuid.uuid4().hex,
            body_hash=bytes(32),
            transport="sse",
            status="completed",
            owner="test",
            lease_until=now,
            ended_at=now,
        )
        told = {"turn": turn, "status": "complete", "created_at": now}
        Message.objects.create(**mine, **told, role="fan", text=text)
        Message.objects.create(**mine, **told | {"status": trace.pop("status", "complete")}, role="persona", text=reply)
        if trace:
            kept = {"prompt": [], "context": {}, "usage": {}, "timings_ms": {}, "verdicts": []} | trace
            TurnTrace.objects.create(**mine, turn=turn, **kept)
    return turn


def test_without_a_reason_only_counts_are_served(team: Team) -> None:
    client = team.client("owner")
    turn = team.rows[Turn].pk
    addresses = [
        address(team),
        address(team, turn=turn),
        reverse("admin:conversations_turn_changelist"),
        reverse("admin:conversations_turn_change", args=[turn]),
        reverse("admin:conversations_report_changelist"),
        reverse("admin:conversations_report_change", args=[team.rows[Report].pk]),
    ]
    for where in addresses:
        served = page(client, where)
        assert not [words for words in CONTENT if words in served], where
    assert "Without a reason" in page(client, address(team))


@pytest.mark.parametrize("reason", ["", "   ", "why", "x" * 301])
def test_a_reason_that_says_nothing_opens_nothing(team: Team, reason: str) -> None:
    client = team.client("moderator")
    before = len(entries(team))
    answer = client.post(address(team), {"reason": reason})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert SAID not in page(client, address(team))
    assert all_grants(team) == []
    assert len(entries(team)) == before


def test_a_reason_opens_the_conversation_and_stands_in_the_audit_log(team: Team) -> None:
    client = opened(team)
    served = page(client, address(team))
    assert all(words in served for words in CONTENT)
    assert served.index(SAID) < served.index(REPLY)
    assert "Case 4819" in served
    assert "30 min" in served
    entry = entries(team)[-1]
    assert (entry.action, entry.object_id) == ("conversation.opened", str(team.rows[Fan].pk))
    assert entry.actor == f"staff:{team.members['moderator'].pk}"


def test_reading_on_makes_no_second_entry(team: Team) -> None:
    client = opened(team)
    before = len(entries(team))
    page(client, address(team))
    page(client, address(team, turn=team.rows[Turn].pk))
    assert len(entries(team)) == before


def test_the_access_is_ones_own_and_for_this_fan(team: Team) -> None:
    opened(team)
    assert SAID not in page(team.client("owner"), address(team))
    with tenant(team.artist.id):
        other = Fan.objects.create(artist=team.artist, user=team.members["viewer"])
    where = reverse("admin:conversations_turn_fan", args=[other.pk])
    assert "Why do you open" in page(team.client("moderator"), where)


def test_the_access_ends(team: Team) -> None:
    client = opened(team)
    with tenant(team.artist.id):
        ReadingGrant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert SAID not in page(client, address(team))


def test_it_lasts_half_an_hour(team: Team) -> None:
    opened(team)
    (grant,) = all_grants(team)
    assert grant.expires_at - grant.opened_at == timedelta(minutes=30)


def test_closing_takes_it_away_at_once_and_is_noted(team: Team) -> None:
    client = opened(team)
    client.post(address(team), {"action": "close"})
    assert SAID not in page(client, address(team))
    assert [entry.action for entry in entries(team)][-1] == "conversation.closed"
    before = len(entries(team))
    client.post(address(team), {"action": "close"})
    assert len(entries(team)) == before


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_read_cannot_open_it(team: Team, role: str) -> None:
    client = team.client(role)
    assert client.get(address(team)).status_code == 403
    assert client.post(address(team), REASON).status_code == 403
    assert all_grants(team) == []


def test_a_grant_of_another_artist_opens_nothing_here(team: Team, other_team: Team) -> None:
    stranger = other_team.client("owner")
    assert stranger.post(address(team), REASON).status_code == 302
    assert all_grants(team) == []
    assert all_grants(other_team) == []
    assert SAID not in stranger.get(address(team), follow=True).content.decode()


def test_a_role_that_was_taken_away_ends_the_access(team: Team) -> None:
    client = opened(team)
    with tenant(team.artist.id):
        team.members["moderator"].staff_roles.all().delete()
    assert client.get(address(team)).status_code == 302


def test_an_open_case_is_a_reason_at_hand(team: Team) -> None:
    assert f"Case {team.rows[Case].pk}" in page(team.client("moderator"), address(team))


def test_a_report_leads_to_its_turn(team: Team) -> None:
    served = page(team.client("moderator"), reverse("admin:conversations_report_change", args=[team.rows[Report].pk]))
    found = re.search(r'href="([^"]+)">What led to it', served)
    assert found
    assert f"turn={team.rows[Turn].pk}" in found.group(1)


# -- the talk --------------------------------------------------------------------------------------------------------


def test_a_deep_link_opens_at_its_turn_and_explains_it(team: Team) -> None:
    first = team.rows[Turn]
    for number in range(30):
        add_turn(team, f"later {number}.", "Yes.", provider="offline", usage={"input_tokens": 1, "output_tokens": 1})
    served = page(opened(team), address(team, turn=first.pk))
    assert SAID in served
    assert "7 + 3" in served
    assert "later 3." in served
    assert "later 4." not in served


def test_pages_go_back_to_the_beginning_and_forth_to_the_end(team: Team) -> None:
    for number in range(45):
        add_turn(team, f"remark {number}.", "Yes.")
    client = opened(team)
    seen: list[str] = []
    where: str | None = address(team)
    for _ in range(3):
        assert where
        served = page(client, where)
        seen = re.findall(r"remark \d+\.", served) + seen
        older = re.search(r'href="(\?upto=[^"]+)">\s*<span[^>]*>arrow_upward', served)
        where = address(team) + older.group(1) if older else None
    assert where is None
    assert seen == [f"remark {number}." for number in range(45)]
    newer = re.search(r'href="(\?upto=[^"]+)">\s*<span[^>]*>arrow_downward', served)
    assert newer
    assert "remark 24." in page(client, address(team) + newer.group(1))


def test_a_page_takes_as_many_queries_for_many_turns_as_for_few(team: Team, django_assert_max_num_queries: Any) -> None:
    client = opened(team)
    counted = []
    for _ in range(2):
        with django_assert_max_num_queries(60) as queries:
            client.get(address(team))
        counted.append(len(queries))
        for number in range(15):
            add_turn(team, f"more {number}.", "Yes.", provider="offline", timings_ms={"generate": 3})
    assert counted[0] == counted[1]


def test_words_are_shown_as_text(team: Team) -> None:
    add_turn(team, "<script>alert(1)</script>", "<b>bold</b>")
    served = page(opened(team), address(team))
    assert "<script>alert(1)" not in served
    assert "&lt;b&gt;bold" in served


# -- why -------------------------------------------------------------------------------------------------------------

TIMINGS = {
    "moderate": 9.0,
    "admit": 3.0,
    "recall": 38.0,
    "recall.window": 2.0,
    "compose": 4.0,
    "generate": 1830.0,
    "filter": 12.0,
    "first_token": 292.0,
    "starts": {
        "recall": 0.0,
        "recall.window": 0.5,
        "compose": 38.0,
        "generate": 42.0,
        "filter": 291.0,
        "settle": 1875.0,
    },
}


def test_the_reply_is_explained_by_its_trace(team: Team) -> None:
    with tenant(team.artist.id):
        remark = Message.objects.filter(role="persona").latest("pk")
    rule = team.rows[Rule]
    prompt = [{"role": "system", "content": "You are her.\n\nVoice:\n- warm"}, {"role": "user", "content": "Why?"}]
    add_turn(
        team,
        "Why?",
        "I would rather not say.",
        status="held",
        provider="offline",
        model="authored-lines-1",
        prompt=prompt,
        context={
            "persona_version": 13,
            "mood": ["warm", "Soft today"],
            "schedule": ["Rehearsal"],
            "passages": [{"id": "1", "title": "An interview", "text": "I write in the kitchen"}],
            "window": [str(remark.pk)],
            "withheld": {"text": "Between us: on 6 March.", "shown": 7},
        },
        usage={"input_tokens": 1912, "output_tokens": 23},
        timings_ms=TIMINGS,
        verdicts=[
            {"side": "input", "action": "allow", "provider": "offline", "scores": {"hate": 0.03}},
            {"side": "output", "action": "hold", "rule_ids": [str(rule.pk)], "provider": "rules"},
        ],
    )
    served = page(opened(team), address(team))
    digest = hashlib.sha256(json.dumps(prompt, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    for told in (
        "304 ms",
        "1887 ms",
        "1,912 + 23",
        "v13",
        "Soft today",
        "Rehearsal",
        "An interview",
        "I write in the kitchen",
        "1 message before this one",
        "rule “plum”",
        "hate 3 of 100",
        "Between us: on 6 March.",
        "“Between”",
        "[Voice]",
        digest,
    ):
        assert told in served, told


def test_the_chart_gives_three_fifths_to_what_came_before_the_first_token() -> None:
    chart = waterfall.of(TIMINGS)
    assert chart
    assert chart.first_token_ms == 304.0
    assert chart.first_css == "60.00%"
    bars = {bar.stage: bar for bar in chart.bars}
    assert list(bars) == ["moderate", "admit", "recall", "recall.window", "compose", "generate", "filter", "settle"]
    assert [round(bars[name].start_ms) for name in ("moderate", "admit", "recall", "generate", "settle")] == [
        0,
        9,
        12,
        54,
        1887,
    ]
    assert bars["recall"].left == pytest.approx(60 * 12 / 304)
    assert bars["generate"].left + bars["generate"].width == pytest.approx(60 + 40 * (1884 - 304) / (1887 - 304))
    assert bars["settle"].ms is None
    assert all(bar.left >= 0 and bar.left + bar.width <= 100.01 for bar in chart.bars)


def test_a_turn_without_a_token_has_one_scale() -> None:
    chart = waterfall.of({"moderate": 10.0, "admit": 10.0, "starts": {"settle": 80.0}})
    assert chart
    assert chart.first_token_ms is None
    assert chart.whole_ms == 100.0
    assert {bar.stage: bar.left for bar in chart.bars} == {"moderate": 0.0, "admit": 10.0, "settle": 99.4}


def test_a_trace_from_before_starts_were_kept_is_laid_in_order() -> None:
    chart = waterfall.of({"moderate": 1, "admit": 2, "recall": 3, "compose": 4, "generate": 50, "first_token": 20})
    assert chart
    assert [(bar.stage, bar.start_ms) for bar in chart.bars] == [
        ("moderate", 0),
        ("admit", 1),
        ("recall", 3),
        ("compose", 6),
        ("generate", 10),
    ]
    assert waterfall.of({}) is None
    assert waterfall.of({"first_token": 3}) is None


def test_a_turn_without_a_trace_says_so(team: Team) -> None:
    with tenant(team.artist.id):
        turn = add_turn(team, "Hello?", "Hi.")
    served = page(opened(team), address(team, turn=turn.pk))
    assert "There is no trace of this turn" in served
