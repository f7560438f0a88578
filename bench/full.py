"""Turns of fans of whom much is remembered (500 memories, 1,000 old lines), with an artist of 20,000 chunks."""

from collections.abc import Iterator
from typing import Any

import psycopg

from bench import recall
from bench.corpus_data import make_corpus, make_texts
from bench.measures import LIMITED_STREAMS, Bench
from bench.product import ARTIST, Stage
from bench.table import Figure

CHUNKS = 20_000
OF_ARTIST = "select id from tenancy_artist where slug = %s"
FANS = """
select f.id from tenancy_fan f join tenancy_user u on u.id = f.user_id where f.artist_id = %s and u.email = any (%s)
"""


def measure(stage: Stage, bench: Bench) -> Iterator[Figure]:
    with psycopg.connect(stage.urls["database_superuser_url"], autocommit=True) as db:
        _fill(db, stage.fans[:LIMITED_STREAMS])
    yield from bench.with_much_to_remember()


def _fill(db: psycopg.Connection[Any], emails: list[str]) -> None:
    artist = db.execute(OF_ARTIST, [ARTIST]).fetchone()
    assert artist is not None
    people = [row[0] for row in db.execute(FANS, [artist[0], emails])]
    assert len(people) == len(emails)
    recall.fill(db, artist[0], people, talkers=len(people))
    make_texts(db, CHUNKS)
    make_corpus(db, CHUNKS, seed=1, artist=artist[0])
    db.execute("checkpoint")  # what was loaded is written out now, and not beside the turns
