"""`python -m bench.memory_peer`: the vector leg of a fan's memory search beside mem0's, over the same rows.

10,000 memories of 20 fans on one Postgres with pgvector, ours asked on the loop of the web process. Neither embeds
anything here, and no model is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
import uvloop

from bench.peers import environments
from bench.recall import BEST, DIMENSIONS, WARM, fill
from bench.table import Figure, render
from companion.kernel.ids import new_id
from companion.kernel.postgres import PLANNED_ONCE, open_pool, scoped
from companion.kernel.statements import Statement
from companion.local.environment import ROOT
from companion.local.servers import LocalServers
from companion.providers.embeddings.base import STORED_DIMENSIONS, to_halfvec1024
from companion.providers.embeddings.minilm import MODEL

FANS, READS = 20, 400
# Of ours to theirs, p50 to p50.
AT_MOST = 0.125
INDEXES = {"hnsw": "as it comes", "none": "without HNSW"}
PEER = Path(__file__).parent / "peers" / "mem0" / "search.py"
PEER_S = 600
# memory/recall/reader.py's vector leg by itself.
LEG = Statement(
    """
select id, -(embedding <#> %(vector)s::halfvec) cosine from memory_memory
where artist_id = %(artist)s and fan_id = %(fan)s and status = 'active' and embedding_model = %(model)s
order by cosine desc limit %(best)s
""",
    settings=PLANNED_ONCE,
)

Questions = Sequence[tuple[UUID, np.ndarray[tuple[int], np.dtype[np.float32]]]]


def measure(urls: Mapping[str, str]) -> list[Figure]:
    """Fills both tables and asks both the same. Raises environments.NotInstalled."""
    with psycopg.connect(urls["database_superuser_url"], autocommit=True) as db:
        db.execute("set session_replication_role = replica")  # the fans are ids alone
        alike = _of_length(STORED_DIMENSIONS, db, urls)
        db.execute("truncate memory_memory, memory_memorysource")
        db.execute("drop table texts")
        return alike + _of_length(DIMENSIONS, db, urls)


def _of_length(numbers: int, db: psycopg.Connection[Any], urls: Mapping[str, str]) -> list[Figure]:
    """As mem0 comes, with HNSW, and over all its rows.

    The limits stand for vectors that fill our column, where both keep and compare the same. The offline model's are
    shorter: we keep them padded with zeros, mem0 as they are.
    """
    artist, people = new_id(), [new_id() for _ in range(FANS)]
    fill(db, artist, people, talkers=0, numbers=numbers)
    db.execute("checkpoint")  # what was loaded is written out now, and not beside the searches; mem0's too
    chance = np.random.default_rng(9)
    questions = [(people[n % FANS], chance.normal(size=numbers).astype(np.float32)) for n in range(WARM + READS)]
    return [_compared(urls, artist, questions, index) for index in INDEXES]


def _compared(urls: Mapping[str, str], artist: UUID, questions: Questions, index: str) -> Figure:
    """Ours before theirs and after it: the machine is faster at one moment than at another."""
    ours = uvloop.run(_ours(urls["database_url"], artist, questions))
    theirs, found = _theirs(urls["database_superuser_url"], questions, index)
    ours += uvloop.run(_ours(urls["database_url"], artist, questions))
    numbers, wanted = questions[0][1].size, len(questions) * BEST
    return Figure(
        f"a fan's vector search, {numbers} numbers a vector, to mem0's {INDEXES[index]}",
        median(ours) / median(theirs),
        "",
        at_most=AT_MOST if numbers == STORED_DIMENSIONS else None,
        note=f"p50 {median(ours):.2f} ms to {median(theirs):.2f} ms; mem0 found {found} of {wanted} rows",
    )


async def _ours(url: str, artist: UUID, questions: Questions) -> list[float]:
    pool = await open_pool(url, size=1, name="bench-peer", vectors=True)
    try:
        times = []
        for fan, vector in questions:
            began = perf_counter()
            asked = {"artist": artist, "fan": fan, "model": MODEL, "best": BEST, "vector": to_halfvec1024(vector)}
            await scoped(pool, artist, fan, LEG, asked)
            times.append((perf_counter() - began) * 1000)
        return times[WARM:]
    finally:
        await pool.close()


def _theirs(url: str, questions: Questions, index: str) -> tuple[list[float], int]:
    """Its times, and how many rows it found of `BEST` for each question."""
    python = environments.ensure("mem0") / "python"
    asked = json.dumps([[str(fan), vector.tolist()] for fan, vector in questions])
    done = subprocess.run(
        [str(python), str(PEER), url, str(questions[0][1].size), index],
        input=asked,
        env=os.environ | {"MEM0_TELEMETRY": "False"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=PEER_S,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return told["ms"], told["found"]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="companion-bench-") as folder:
        servers = LocalServers(Path(folder), {}, durable=False)
        servers.start()
        try:
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env=os.environ | {"COMPANION_DATA_DIR": folder}, check=True)
            figures = measure(servers.urls())
        finally:
            servers.stop()
    print(render(figures))
    return 2 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
