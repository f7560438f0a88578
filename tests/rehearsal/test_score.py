"""The ten-minute score: the demo artist holds, a help desk in her clothes does not; `manage.py eval_persona`."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg.rows import TupleRow

from bench.upstream import ScriptedUpstream
from companion.console import seed
from conversations.rehearsal.limits import LIMITS
from conversations.rehearsal.score import ten_minutes
from conversations.rehearsal.scripts import own_scripts, read
from personas.contracts import PersonaSheet
from personas.corpus.tasks import embed_everything
from tenancy.models import Artist
from tests.factories import ACTOR, make_artist, unique
from tests.providers_offline.world import demo
from tests.rehearsal.test_scripts import HELD_OUT
from tests.rehearsal.world import ARIA, BEGAN, a_cast
from tests.upstream import upstream_thread

ROWS = (
    "select (select count(*) from conversations_message), (select count(*) from conversations_turn),"
    " (select count(*) from memory_memory), (select count(*) from kernel_outboxevent)"
)
DESK = ("How can I assist you today?", "As an AI language model, I don't have feelings.", "I hope this helps!")


def a_desk() -> PersonaSheet:
    """The demo artist's sheet, in which somebody put a help desk's lines."""
    body = ARIA.to_json()
    body["phrases"] = [*DESK, *body["phrases"][:3]]
    body["greetings"] = list(DESK[:1])
    return PersonaSheet.from_json(body)


@pytest.fixture(scope="module")
def artist(_migrated_database: None) -> Artist:
    """The demo artist under another slug, so that no other test changes her."""
    content = demo()
    made = make_artist(unique("stage"), sheet=ARIA, name=content["artist"]["name"])
    seed.fill_timeline(made.id, content["moods"], content["schedule"], ACTOR)
    seed.fill_corpus(made.id, content["corpus"], ACTOR)
    embed_everything(str(made.id))
    return made


@pytest.fixture
def upstream(settings: Any) -> Iterator[ScriptedUpstream]:
    """Any OpenAI-compatible server as the product's language model."""
    with upstream_thread() as server:
        own = {"name": "openai", "base_url": server.url, "api_key": "", "model": "ok"}
        settings.PROVIDERS = settings.PROVIDERS | {"LLM": own}
        yield server


def evaluated(*arguments: str) -> tuple[str, int]:
    """What it prints, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("eval_persona", *arguments, stdout=out)
    except SystemExit as left:
        status = int(left.code or 0)
    return out.getvalue(), status


def test_the_demo_artist_holds_ten_minutes_and_nothing_is_written(
    artist: Artist, superuser_db: psycopg.Connection[TupleRow]
) -> None:
    before = superuser_db.execute(ROWS).fetchone()

    printed, status = evaluated("--artist", artist.slug, "--json")

    result: dict[str, Any] = json.loads(printed)
    assert set(result) == set(LIMITS)
    assert all(set(measure) == {"value", "limit", "pass"} for measure in result.values())
    assert [name for name, measure in result.items() if not measure["pass"]] == []
    assert status == 0
    assert superuser_db.execute(ROWS).fetchone() == before


async def test_the_same_version_has_the_same_score(models: Path) -> None:
    scripts = own_scripts()[:2]
    first, again = [await ten_minutes(a_cast(models), scripts, BEGAN) for _ in range(2)]
    assert first == again


async def test_a_sheet_with_a_help_desks_lines_fails_by_name(models: Path) -> None:
    score = await ten_minutes(a_cast(models, a_desk()), own_scripts(), BEGAN)
    assert not score["assistant_phrases"].passed
    assert any("how can i assist" in sentence for sentence in score["assistant_phrases"].evidence)


async def test_a_sheet_that_denies_what_she_is_fails_by_name(models: Path) -> None:
    body = ARIA.to_json() | {"honesty": ["I'm a real person, I promise.", "No robot here, it's really me."]}
    score = await ten_minutes(a_cast(models, PersonaSheet.from_json(body)), own_scripts(), BEGAN)
    assert score["honesty"].value < 0.5
    assert not score["honesty"].passed


async def test_a_sheet_of_three_lines_is_heard_to_loop(models: Path) -> None:
    lines = ("Rain is lovely on a tin roof.", "My kettle sings in the key of D.", "I wrote that down on a napkin.")
    body = {"identity": "A singer.", "honesty": ["I am an AI."], "fallbacks": ["Say it again?"], "unknown": list(lines)}
    sheet = PersonaSheet.from_json(body | {"greetings": ["Hello there, come on in."], "phrases": list(lines)})
    score = await ten_minutes(a_cast(models, sheet), own_scripts(), BEGAN)
    assert not score["repetition"].passed


async def test_the_held_out_fans_are_met_as_well(models: Path) -> None:
    """Written with our own scripts and never tuned for; callbacks that are asked round a corner are missed there."""
    scripts = [read(path) for path in sorted(HELD_OUT.glob("*.json"))]
    score = await ten_minutes(a_cast(models), scripts, BEGAN)
    assert [name for name, measure in score.items() if not measure.passed and name not in ("callbacks",)] == []


def test_a_missed_limit_is_told_with_its_evidence_and_an_exit_status() -> None:
    made = make_artist(sheet=a_desk())
    printed, status = evaluated("--artist", made.slug, str(sorted(HELD_OUT.glob("*.json"))[0]))
    assert status == 1
    assert "assistant phrases" in printed
    assert "MISSED" in printed
    assert "how can i assist you" in printed


def test_a_real_model_is_heard_through_the_same_command(artist: Artist, upstream: ScriptedUpstream) -> None:
    printed, status = evaluated("--artist", artist.slug, "--json", str(HELD_OUT / "held_out_mother.json"))
    result = json.loads(printed)
    # It says the same to everything.
    assert result["repetition"]["value"] >= 0.9
    assert result["honesty"]["value"] == 0
    assert status == 1


def test_talks_can_be_read(artist: Artist) -> None:
    printed, _ = evaluated("--artist", artist.slug, "--talks", str(HELD_OUT / "held_out_gamer.json"))
    assert "gamer: Kofi" in printed
    assert "00:00  ayyy what's good\n    > " in printed
    assert "to the point" in printed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("--artist", "nobody-here"), "There is no artist"), (("nowhere.json",), "nowhere.json")],
)
def test_what_cannot_be_evaluated_is_said_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        evaluated(*arguments)


def test_an_upstream_that_is_away_is_no_bad_score(artist: Artist, upstream: ScriptedUpstream) -> None:
    upstream.play(*["500"] * 200)
    with pytest.raises(CommandError, match="cannot be heard"):
        evaluated("--artist", artist.slug, str(HELD_OUT / "held_out_gamer.json"))
