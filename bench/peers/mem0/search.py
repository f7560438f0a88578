"""mem0's own vector store over the same rows, in mem0's environment: times of its search, in milliseconds, as JSON.

`search.py URL DIMENSIONS INDEX` takes [[user, vector], …] on its input. Its table is filled from ours. INDEX is "hnsw",
as mem0 has by itself, or "none": the same search over all rows.
"""

import json
import sys
from time import perf_counter

import psycopg
from mem0.vector_stores.pgvector import PGVector

BEST, WARM = 12, 50
FILL = """
insert into {1} (id, vector, payload)
select id, subvector(embedding, 1, {0})::vector({0}), jsonb_build_object('user_id', fan_id::text, 'data', text)
from memory_memory
"""


def main() -> None:
    url, dimensions, index = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    table = f"peer_{index}_{dimensions}"
    store = PGVector("", table, dimensions, "", "", "", 0, False, index == "hnsw", connection_string=url)
    store._ensure_collection()  # mem0 makes its table at the first use
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(FILL.format(dimensions, table))
        db.execute(f"vacuum analyze {table}")
        db.execute("checkpoint")
    times, found = [], 0
    for user, vector in json.load(sys.stdin):
        began = perf_counter()
        hits = store.search("", vector, top_k=BEST, filters={"user_id": user})
        times.append((perf_counter() - began) * 1000)
        found += len(hits)
    print(json.dumps({"ms": times[WARM:], "found": found}))


if __name__ == "__main__":
    main()
