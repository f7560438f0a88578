"""`manage.py rule`, as contract.md words it."""

import json
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation import selectors
from tests.moderation.people import House


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("rule", *arguments, stdout=out)
    return out.getvalue().strip()


def listed(house: House) -> list[str]:
    rows = json.loads(run("list", "--artist", house.artist.slug, "--json"))
    return [row["phrase"] for row in rows if row["artist"] == house.artist.slug]


def test_add_prints_the_id_that_list_shows_and_remove_takes(house: House) -> None:
    identity = run(
        "add", "--artist", house.artist.slug, "--phrase", "purple pizza", "--action", "hold", "--side", "output"
    )
    line = next(line for line in run("list").splitlines() if line.startswith(identity))
    assert line.split() == [identity, house.artist.slug, "hold", "output", "purple", "pizza"]
    assert listed(house) == ["purple pizza"]
    assert run("remove", identity) == f"removed {identity}"
    assert listed(house) == []
    assert identity not in run("list")


def test_a_global_rule_is_listed_for_every_artist(house: House) -> None:
    phrase = f"everybodys {uuid.uuid4().hex}"
    identity = run("add", "--global", "--phrase", phrase, "--action", "block")
    rows = json.loads(run("list", "--artist", house.artist.slug, "--json"))
    assert {"id": identity, "artist": None, "action": "block", "side": "both", "phrase": phrase, "category": ""} in rows
    run("remove", identity)


def test_another_artists_rules_are_not_in_an_artists_list(house: House, other_house: House) -> None:
    run("add", "--artist", other_house.artist.slug, "--phrase", "pizza", "--action", "block")
    assert listed(house) == []
    assert listed(other_house) == ["pizza"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["add", "--artist", "nobody-here", "--phrase", "x", "--action", "block"],
            "no artist with the slug nobody-here",
        ),
        (["add", "--global", "--phrase", "…", "--action", "block"], "at least one letter"),
        (["add", "--global", "--phrase", "x", "--action", "crisis"], "invalid choice: 'crisis'"),
        (["add", "--phrase", "x", "--action", "block"], "one of the arguments --artist --global is required"),
        (["list", "--artist", "nobody-here"], "no artist with the slug nobody-here"),
        (["remove", "seventeen"], "is no rule's id"),
        (["remove", "00000000-0000-7000-8000-000000000000"], "There is no rule with the id"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence_and_writes_nothing(arguments: list[str], sentence: str) -> None:
    before = set(selectors.every_rule_in_force().values_list("pk", flat=True))
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert set(selectors.every_rule_in_force().values_list("pk", flat=True)) >= before


def test_a_removed_rule_cannot_be_removed_again(house: House) -> None:
    identity = run("add", "--artist", house.artist.slug, "--phrase", "pizza", "--action", "block")
    run("remove", identity)
    with pytest.raises(CommandError, match="not in force any more"):
        run("remove", identity)
