"""`manage.py eval_memory` on our own conversations: one was tuned on, the other was not."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg.rows import TupleRow

from memory.recall.locomo import Malformed, recall_at
from memory.recall.locomo import read as read_dialogue

DATA = Path(__file__).parent.parent / "data" / "locomo"
LEGS = ("both", "extracted", "archive", "fulltext", "vector")
LEFT = (
    "select (select count(*) from memory_archiveline), (select count(*) from memory_memory),"
    " (select count(*) from tenancy_artist), (select count(*) from tenancy_user)"
)


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("eval_memory", *arguments, stdout=out)
    return out.getvalue()


def test_the_whole_recall_finds_what_no_single_leg_does_and_leaves_nothing(
    superuser_db: psycopg.Connection[TupleRow],
) -> None:
    before = superuser_db.execute(LEFT).fetchone()

    result: dict[str, Any] = json.loads(printed(str(DATA / "held_out.json"), "--json"))

    assert superuser_db.execute(LEFT).fetchone() == before
    assert set(result) == {*LEGS, "junk_rate", "ms_p50", "ms_p95"}
    assert all(set(result[leg]["recall_at_5"]) == {"all", "1", "2", "3", "4"} for leg in LEGS)
    whole = result["both"]["recall_at_10"]["all"]
    assert whole >= 0.7
    assert all(whole >= (result[leg]["recall_at_10"]["all"] or 0) for leg in LEGS)
    assert result["junk_rate"] == 0


def test_the_table_names_every_leg() -> None:
    table = printed(str(DATA / "tuned.json"))
    assert all(leg in table for leg in LEGS)
    assert "junk rate" in table


@pytest.mark.parametrize(
    "content", ["", "[]", '{"speaker_a": "A"}', '{"speaker_a": "A", "speaker_b": "B", "qa": [{}]}']
)
def test_a_file_of_another_shape_is_named_and_nothing_is_loaded(
    tmp_path: Path, content: str, superuser_db: psycopg.Connection[TupleRow]
) -> None:
    file = tmp_path / "talk.json"
    file.write_text(content)
    before = superuser_db.execute(LEFT).fetchone()

    with pytest.raises(Malformed):
        read_dialogue(file)
    with pytest.raises(CommandError, match=r"talk\.json"):
        printed(str(file))

    assert superuser_db.execute(LEFT).fetchone() == before


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json"):
        printed(str(tmp_path / "nowhere.json"))


def test_k_counts_distinct_messages() -> None:
    assert recall_at(["a", "a", "a", "b", "c"], frozenset({"b", "c"}), 2) == 0.5
