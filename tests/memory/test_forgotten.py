"""What was forgotten or put right, in the wordings of a committed set: nothing of it stands in a prompt again."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pgvector import HalfVector

from companion.kernel.ids import new_id
from companion.kernel.postgres import open_pool
from companion.providers.config import from_settings
from companion.providers.embeddings.base import embed_now, to_halfvec1024
from companion.providers.embeddings.registry import build_embedder
from conversations.turn.prompt import Prompt, compose
from memory import archiving, services
from memory.contracts import Candidate, Remark, Said
from memory.models import ArchiveLine, Memory
from memory.recall.reader import Question, Recall
from memory.remembering import remember
from memory.selectors import settings_of, tombstones
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_fan
from tests.simulation.ports import PERSONA
from tests.turn.test_prompt import asking

SET = json.loads((Path(__file__).parents[1] / "data/memory/forgotten.json").read_text())
FACTS: Sequence[Mapping[str, Any]] = SET["facts"]
OTHERS: Sequence[str] = SET["unrelated"] + SET["persona"]
NEW = "you asked me to keep it to myself"


@dataclass(frozen=True, slots=True)
class Told:
    """A fan who told one fact in several wordings, among other things."""

    fan: FanLogin
    fact: Mapping[str, Any]
    lines: Sequence[Said]


@cache
def vectors() -> Mapping[str, HalfVector]:
    texts = [*OTHERS, *(fact["text"] for fact in FACTS), *(said for fact in FACTS for said in fact["said"])]
    found = embed_now(build_embedder(from_settings(settings)), texts)
    return {text: to_halfvec1024(vector) for text, vector in zip(texts, found, strict=True)}


@cache
def model() -> str:
    return build_embedder(from_settings(settings)).model


def tell(fan: FanLogin, fact: Mapping[str, Any]) -> Told:
    """The fact is told in each wording and remembered from the first; all of the talk is archived."""
    artist, key, now = fan.fan.artist_id, fan.fan.id, datetime.now(UTC)
    texts = [*((text, "fan") for text in fact["said"]), *((text, "fan") for text in OTHERS[:-5])]
    texts += [(text, "persona") for text in OTHERS[-5:]]
    lines = [Said(new_id(), "fan" if role == "fan" else "persona", text, now) for text, role in texts]
    known = vectors()
    archiving.archive(artist, key, lines, [known[line.text] for line in lines], model(), allowed=lambda *_: True)
    services.set_settings(artist=artist, fan=key, paused=None, special_categories=True, now=now)
    candidate = Candidate(fact["kind"], fact["text"], fact["subject"], None, None, 0.9, (lines[0].id,))
    with tenant(artist, fan=key):
        taken = remember(
            artist,
            key,
            [candidate],
            said={line.id: line for line in lines},
            vectors=[known[fact["text"]]],
            model=model(),
            tombstones=tombstones(artist=artist, fan=key),
            settings=settings_of(artist=artist, fan=key),
            now=now,
        )
    assert taken == 1
    return Told(fan, fact, lines)


def undo(told: Told, *, correct: bool) -> None:
    artist, key = told.fan.fan.artist_id, told.fan.fan.id
    with tenant(artist, fan=key):
        memory = Memory.objects.get().id
    if correct:
        services.correct(memory, NEW, artist=artist, fan=key, now=datetime.now(UTC))
    else:
        services.forget_one(memory, artist=artist, fan=key, now=datetime.now(UTC))


async def prompts(every: Sequence[Told], url: str) -> list[Prompt]:
    """What a turn sends when the fan asks for the very fact, with the whole talk still in short-term memory."""
    pool = await open_pool(url, size=1, name="test", vectors=True)
    try:
        return [await prompt_of(told, pool) for told in every]
    finally:
        await pool.close()


async def prompt_of(told: Told, pool: Any) -> Prompt:
    async def embed(_text: str) -> HalfVector:
        return vectors()[told.fact["text"]]

    now = datetime.now(UTC)
    question = Question("What do you know of me?", "Robin", "Aria", now, "UTC")
    recalled = await Recall(pool, embed, model()).read(told.fan.fan.artist_id, told.fan.fan.id, question)
    window = [Remark(line.id, line.role, line.text) for line in told.lines]
    return compose(asking("What do you know of me?"), PERSONA, recalled, window, now)


def shown(prompt: Prompt) -> str:
    return "\n".join(message.content for message in prompt.request.messages)


@pytest.mark.parametrize("correct", [False, True], ids=["forgotten", "corrected"])
def test_no_wording_of_it_stands_in_a_prompt_and_the_rest_does(servers: Mapping[str, str], *, correct: bool) -> None:
    artist = make_artist()
    every = [tell(make_fan(artist), fact) for fact in FACTS]
    before = asyncio.run(prompts(every, servers["database_url"]))
    missing = [
        said
        for told, prompt in zip(every, before, strict=True)
        for said in told.fact["said"]
        if said not in shown(prompt)
    ]
    assert missing == []
    for told in every:
        undo(told, correct=correct)
    after = asyncio.run(prompts(every, servers["database_url"]))
    pairs = [(told, shown(prompt)) for told, prompt in zip(every, after, strict=True)]
    back = [said for told, prompt in pairs for said in (*told.fact["said"], told.fact["text"]) if said in prompt]
    assert back == []
    gone = [(told.fact["text"], line) for told, prompt in pairs for line in OTHERS if line not in prompt]
    assert gone == []
    with tenant(artist.id):
        assert ArchiveLine.objects.count() == len(FACTS) * len(OTHERS)
        assert set(Memory.objects.values_list("text", flat=True)) == ({NEW} if correct else set())


def test_a_fact_that_is_forgotten_hardly_takes_another_with_it() -> None:
    """At most 1 in 1000 of the lines about other facts; so many that a fan would notice one in a long time."""
    artist = make_artist()
    every = [tell(make_fan(artist), fact) for fact in FACTS]
    for told in every:
        undo(told, correct=False)
    known, now, lost, tried = vectors(), datetime(2020, 1, 1, tzinfo=UTC), 0, 0
    for told in every:
        graves = tombstones(artist=artist.id, fan=told.fan.fan.id)
        others = [said for fact in FACTS if fact is not told.fact for said in fact["said"]]
        covered = [graves.cover(s, now, vector=known[s].to_numpy().astype("float32"), model=model()) for s in others]
        lost, tried = lost + sum(covered), tried + len(others)
    assert tried > 7000
    assert lost / tried <= 0.001


def test_the_set_is_as_large_as_it_says() -> None:
    assert len(FACTS) == 44
    assert all(len(fact["said"]) >= 2 for fact in FACTS)
    assert sum(len(fact["said"]) for fact in FACTS) == 171
