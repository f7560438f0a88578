"""A list's query kept under a name: one's own or the team's, on the list it was made for, and nobody else's."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from tenancy import saved_filters
from tenancy.context import tenant
from tenancy.models import SavedFilter
from tests.console.teams import Team, entries

LIST = reverse("admin:moderation_rule_changelist")
QUERY = "action=block&q=plum"


def send(client: Client, action: str, **fields: object) -> Any:
    return client.post(LIST, {"filter_action": action, **fields}, follow=True)


def save(team: Team, role: str, name: str, *, shared: bool = False, query: str = QUERY) -> Any:
    return send(team.client(role), "save", name=name, query=query, **({"team": "on"} if shared else {}))


def chips(team: Team, role: str, where: str = LIST) -> str:
    page = team.client(role).get(where).content.decode()
    return page.partition('aria-label="Saved filters"')[2].partition("</nav>")[0]


def every(team: Team) -> list[tuple[str, str, bool]]:
    with tenant(team.artist.id):
        rows = SavedFilter.objects.using("system").filter(artist_id=team.artist.id).order_by("name")
        return list(rows.values_list("name", "query", "team"))


def key_of(team: Team, name: str) -> object:
    return SavedFilter.objects.across_tenants().get(artist=team.artist, name=name).pk


def test_a_filter_is_kept_and_shown_above_its_list_alone(team: Team) -> None:
    answer = save(team, "moderator", "Plums", query=f"{QUERY}&p=3&e=1")
    assert "“Plums” is saved." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"{LIST}?{QUERY}"
    assert every(team) == [("Plums", QUERY, False)]
    assert "Plums" in chips(team, "moderator", f"{LIST}?{QUERY}")
    assert 'aria-current="page"' in chips(team, "moderator", f"{LIST}?q=plum&action=block").partition("Plums")[0][-60:]
    assert "Plums" not in chips(team, "moderator", reverse("admin:moderation_case_changelist"))
    assert [entry.action for entry in entries(team)][-1] == "savedfilter.created"


def test_ones_own_is_nobody_elses_and_the_teams_is_everybodys(team: Team, other_team: Team) -> None:
    save(team, "moderator", "Mine")
    save(team, "moderator", "Ours", shared=True)
    assert "Mine" not in chips(team, "owner")
    assert "Ours" in chips(team, "owner")
    assert chips(other_team, "owner") == ""


@pytest.mark.parametrize("query", ["", "p=2", "q=" + "x" * 1000])
def test_what_is_no_filter_is_not_kept(team: Team, query: str) -> None:
    before = len(entries(team))
    save(team, "moderator", "Nothing", query=query)
    assert every(team) == []
    assert len(entries(team)) == before


@pytest.mark.parametrize("name", ["", "  ", "n" * 61])
def test_a_name_has_a_length(team: Team, name: str) -> None:
    save(team, "moderator", name)
    assert every(team) == []


def test_a_name_is_taken_once_by_each(team: Team) -> None:
    for role in ("moderator", "moderator", "owner"):
        answer = save(team, role, "Plums")
    assert len(every(team)) == 2
    assert "is saved" in answer.content.decode()


def test_a_member_has_room_for_thirty(team: Team) -> None:
    client, user = team.client("moderator"), team.members["moderator"].pk
    with tenant(team.artist.id):
        for number in range(saved_filters.MOST):
            saved_filters.save("moderation.rule", user, f"n{number}", f"q={number}", team=False, actor="command:test")
    assert "delete one first" in send(client, "save", name="One more", query=QUERY).content.decode()
    assert len(every(team)) == saved_filters.MOST


def test_its_owner_renames_and_deletes_it(team: Team) -> None:
    save(team, "moderator", "Plums", shared=True)
    client = team.client("moderator")
    send(client, "rename", filter=key_of(team, "Plums"), name="Damsons", query=QUERY)
    assert every(team) == [("Damsons", QUERY, True)]
    send(client, "delete", filter=key_of(team, "Damsons"), query=QUERY)
    assert every(team) == []
    assert [entry.action for entry in entries(team)][-2:] == ["savedfilter.changed", "savedfilter.deleted"]


def test_nobody_else_renames_or_deletes_it(team: Team, other_team: Team) -> None:
    save(team, "moderator", "Mine")
    save(team, "moderator", "Ours", shared=True)
    before = every(team), len(entries(team))
    for client in (team.client("owner"), other_team.client("owner")):
        for name in ("Mine", "Ours"):
            for action in ("rename", "delete"):
                told = send(client, action, filter=key_of(team, name), name="Taken").content.decode()
                assert "not yours, or it is gone" in told
    assert (every(team), len(entries(team))) == before


def test_who_may_not_open_the_list_keeps_nothing_there(team: Team) -> None:
    assert save(team, "viewer", "Plums").status_code == 403
    assert every(team) == []


def test_postgres_itself_hides_another_members_filter(team: Team) -> None:
    save(team, "moderator", "Mine")
    with tenant(team.artist.id):
        assert SavedFilter.objects.count() == 0
        saved_filters.as_member(team.members["owner"].pk)
        assert SavedFilter.objects.count() == 0
        saved_filters.as_member(team.members["moderator"].pk)
        assert SavedFilter.objects.count() == 1


def test_postgres_itself_lets_nobody_write_in_anothers_name(team: Team) -> None:
    owner, moderator = (team.members[role].pk for role in ("owner", "moderator"))
    row = SavedFilter(artist=team.artist, user_id=moderator, page="moderation.rule", name="n", query="q=1")
    with tenant(team.artist.id):
        saved_filters.as_member(owner)
        with pytest.raises(ProgrammingError), transaction.atomic():
            row.save(force_insert=True)
    assert every(team) == []


def test_a_name_is_shown_as_text(team: Team) -> None:
    save(team, "moderator", "<script>alert(1)</script>")
    assert "<script>alert(1)" not in team.client("moderator").get(f"{LIST}?{QUERY}").content.decode()
