"""What surrounds the pages: the artists' menu, the sidebar by role, badges, the palette, and long lists."""

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from companion.console.templatetags.console import ago
from conversations.models import Report
from moderation.models import Case
from tenancy.console.access import SESSION_KEY
from tenancy.console.paging import CAP, CappedPaginator
from tenancy.context import tenant
from tenancy.models import Fan, StaffRole
from tests.console.teams import Team, make_user
from tests.factories import make_fan

SIDEBAR = re.compile(r'<nav id="nav-sidebar-inner".*?</nav>', re.DOTALL)
BADGE = re.compile(r"rounded-xs text-center[^>]*>\s*(.*?)\s*</span>", re.DOTALL)


def sidebar(team: Team, role: str) -> str:
    found = SIDEBAR.search(team.client(role).get("/console/").content.decode())
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("role", "has", "has_not"),
    [
        ("viewer", {"personas_persona", "kernel_auditentry"}, {"moderation_case", "conversations_turn"}),
        ("moderator", {"moderation_case", "conversations_turn"}, {"tenancy_killswitch", "tenancy_staffrole"}),
        ("owner", {"moderation_case", "tenancy_killswitch", "tenancy_staffrole"}, set()),
    ],
)
def test_the_sidebar_has_the_pages_of_the_role(team: Team, role: str, has: set[str], has_not: set[str]) -> None:
    text = sidebar(team, role)
    pages = {"moderation_case": "queue"}
    links = {name: f'"{reverse(f"admin:{name}_" + pages.get(name, "changelist"))}"' for name in has | has_not}
    assert {name for name, link in links.items() if link in text} == has


def test_a_badge_counts_what_is_open_and_is_not_drawn_empty(team: Team) -> None:
    assert BADGE.findall(sidebar(team, "moderator")) == ["1"]
    team.read(lambda: Case.objects.update(status=Case.Status.CLOSED))
    assert BADGE.findall(sidebar(team, "moderator")) == []


def test_who_has_two_artists_changes_between_them_and_strangers_do_not(team: Team, other_team: Team) -> None:
    client, user = team.client("owner"), team.members["owner"]
    stranger = f"{reverse('admin:choose_artist')}?enter={other_team.artist.id}"
    assert client.get(stranger)["Location"] == reverse("admin:choose_artist")
    assert client.session.get(SESSION_KEY) is None
    with tenant(other_team.artist.id):
        StaffRole.objects.create(artist=other_team.artist, user=user, role="viewer")
    assert stranger in client.get("/console/").content.decode()
    assert client.get(stranger)["Location"] == reverse("admin:index")
    assert client.session[SESSION_KEY] == str(other_team.artist.id)


@pytest.mark.parametrize(("role", "finds"), [("owner", True), ("editor", False)])
def test_the_palette_finds_own_rows_of_pages_that_the_role_may_open(team: Team, role: str, finds: bool) -> None:
    email = team.rows[Fan].user.email  # type: ignore[attr-defined]  # the team's fan
    found = team.client(role).get("/console/search/", {"s": email[:12].upper(), "extended": "1"}).content.decode()
    assert (email in found) == finds
    pages = team.client(role).get("/console/search/", {"s": "pause a surface", "extended": "1"}).content.decode()
    assert (reverse("admin:tenancy_killswitch_changelist") in pages) == finds


def test_the_palette_finds_nothing_of_another_artist(team: Team, other_team: Team) -> None:
    email = other_team.rows[Fan].user.email  # type: ignore[attr-defined]  # the other team's fan
    found = team.client("owner").get("/console/search/", {"s": email, "extended": "1"}).content.decode()
    assert "No results" in found


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label_lower)
def test_a_lists_queries_do_not_grow_with_its_length(
    team: Team, superuser_db: "psycopg.Connection[Any]", model: Any
) -> None:
    if model._meta.label_lower in ONE_ROW:
        pytest.skip(ONE_ROW[model._meta.label_lower])
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    client = team.client("owner")
    counts = []
    for wanted in (5, 55, 60):  # past a page, a list reads the page's keys first
        grow(superuser_db, team, model, wanted)
        client.get(address)  # what is read once a process is read
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert (counts[1], counts[1] - counts[0] <= 1) == (counts[2], True), [
        query["sql"][:120] for query in queries.captured_queries
    ]


ONE_ROW = {
    "tenancy.artist": "her own row alone",
    "personas.persona": "an artist has one",
    "kernel.auditentry": "rows are links of a chain and cannot be copied: tests/console/test_audit.py",
    "tenancy.killswitch": "a row for each thing that can be off, not a list",
}
# What tells a copy from its original, where a key wants it.
DISTINCT = {
    "tenancy.fan": {"user_id"},
    "tenancy.staffrole": {"user_id"},
    "billing.usagerecord": {"turn_id"},
    "personas.personaversion": {"number"},
    "memory.sessionmark": {"fan_id"},
    "moderation.rule": {"phrase"},
    "conversations.turn": {"client_message_id"},
}


def grow(connection: "psycopg.Connection[Any]", team: Team, model: Any, wanted: int) -> None:
    """Copies the team's row until there are so many, each with a person or a word of its own where a key wants it."""
    table, label = model._meta.db_table, model._meta.label_lower
    columns = [field.column for field in model._meta.concrete_fields]
    for n in range(wanted):
        values = dict.fromkeys(columns) | {"id": "gen_random_uuid()"}
        for column in DISTINCT.get(label, ()):
            values[column] = _own(column, n + wanted * 100, team)
        chosen = ", ".join(values[column] or f'"{column}"' for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        statement = f"insert into {table} ({names}) select {chosen} from {table} where id = %s"
        connection.execute(statement, [team.rows[model].pk])


def _own(column: str, n: int, team: Team) -> str:
    if column == "fan_id":
        return f"'{make_fan(team.artist).fan.pk}'"
    if column == "user_id":
        return f"'{make_user().pk}'"
    return str(n) if column == "number" else "gen_random_uuid()" if column == "turn_id" else f"'word {n}'"


def test_a_long_list_is_counted_to_its_cap_and_says_so(team: Team) -> None:
    short = CappedPaginator(list(range(70)), 50)
    assert (short.count, short.num_pages) == (70, 2)
    with tenant(team.artist.id):
        rows = Fan.objects.order_by("id")
        few = CappedPaginator(rows, 50)
        assert (str(few.count), few.num_pages) == ("1", 1)
        with CaptureQueriesContext(connection) as queries:
            assert CappedPaginator(rows, 50).count == 1
    assert f"LIMIT {CAP + 1}" in queries.captured_queries[0]["sql"]


def test_the_pages_ask_nothing_of_another_origin(team: Team) -> None:
    answer = team.client("owner").get("/console/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


HEADING = re.compile(r"<h1.*?</h1>", re.DOTALL)


def crumbs(body: str) -> list[str]:
    heading = HEADING.search(body)
    assert heading
    words = re.sub(r"<[^>]+>|chevron_right", "\n", heading[0])
    return [word.strip() for word in words.splitlines() if word.strip()]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("index", ["Today"]),
        ("personas_mood_timeline", ["Persona", "Mood and schedule"]),
        ("personas_mood_changelist", ["Persona", "Mood and schedule", "Moods"]),
        ("personas_scheduleentry_add", ["Persona", "Mood and schedule", "Schedule entries", "Add schedule entry"]),
        ("tenancy_killswitch_changelist", ["Control", "Kill switches"]),
        ("kernel_auditentry_changelist", ["Control", "Audit log"]),
        ("conversations_report_changelist", ["Safety", "Reports"]),
        ("moderation_case_queue", ["Safety", "Review queue"]),
        ("moderation_case_changelist", ["Safety", "Review queue", "Cases"]),
        ("two_step", ["Two-step log-in"]),
    ],
)
def test_a_page_says_where_it_stands_in_the_words_of_the_sidebar(team: Team, page: str, expected: list[str]) -> None:
    assert crumbs(team.client("owner").get(reverse(f"admin:{page}")).content.decode()) == expected


def test_every_page_stands_below_a_group_of_the_sidebar(team: Team) -> None:
    client = team.client("owner")
    for model in admin.site._registry:
        known, key = f"admin:{model._meta.app_label}_{model._meta.model_name}", [team.rows[model].pk]
        for address in (reverse(f"{known}_changelist"), reverse(f"{known}_change", args=key)):
            first = crumbs(client.get(address).content.decode())[0]
            assert first in {"Safety", "Persona", "Fans", "Control"}, address


def test_an_empty_list_says_so_and_a_filter_that_leaves_nothing_says_something_else(team: Team) -> None:
    client, reports = team.client("moderator"), reverse("admin:conversations_report_changelist")
    team.read(lambda: Report.objects.all().delete())
    text = client.get(reports).content.decode()
    assert "<p>No reports.</p>" in text
    rules = reverse("admin:moderation_rule_changelist")
    assert "No rules match what you look for." in client.get(rules, {"q": "no such phrase"}).content.decode()
    assert "plum" in client.get(rules).content.decode()


@pytest.mark.parametrize(("seconds", "words"), [(0, "just now"), (59, "just now"), (61, "1\xa0minute ago")])
def test_how_long_since_is_said_in_words(seconds: int, words: str) -> None:
    assert ago(timezone.now() - timedelta(seconds=seconds)) == words


def test_a_time_is_written_as_the_rest_of_the_product_writes_it(team: Team) -> None:
    text = team.client("owner").get(reverse("admin:moderation_rule_changelist")).content.decode()
    assert re.search(r">\s*\d{1,2} [A-Z][a-z]{2} 20\d\d, \d\d:\d\d\s*<", text)
    assert not re.search(r"[ap]\.m\.", text)
