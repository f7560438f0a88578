"""Which version speaks to a fan: the live one, or the one on trial, and always the same one to the same fan."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from companion.kernel.clock import SystemClock
from companion.kernel.postgres import Pool, open_pool
from personas import services as personas
from personas.context import PersonaReader
from personas.corpus.retrieval import Serving
from personas.models import PersonaVersion
from personas.release import services
from tenancy.models import Artist
from tests.factories import a_sheet, anywhere, make_artist
from tests.gate import approved, somebody

FANS = [uuid4() for _ in range(400)]


@pytest.fixture
async def pool(servers: dict[str, str]) -> AsyncIterator[Pool]:
    opened = await open_pool(servers["database_url"], size=4, name="test", vectors=True)
    yield opened
    await opened.close()


@pytest.fixture
def artist() -> Artist:
    return make_artist()


@pytest.fixture
def draft(artist: Artist) -> PersonaVersion:
    sheet = replace(a_sheet(), greetings=("Another hello.",))
    version = personas.create_version(artist.id, sheet, "", actor=somebody(), model="lora-7")
    approved(artist.id, version.pk)
    return version


async def who_hears(pool: Pool, artist: Artist) -> set[UUID]:
    """The fans to whom the version on trial speaks."""
    reader = PersonaReader(pool, _no_vector, SystemClock())
    return {fan for fan in FANS if (await reader.read(artist.id, fan, None)).on_trial}


async def _no_vector(_text: str, _serving: Serving) -> None:
    return None


@anywhere
def try_out(artist: Artist, version: PersonaVersion, share: int) -> None:
    services.try_out(artist.id, version.pk, share, actor=somebody(), seen=1)


async def test_a_trial_reaches_its_share_and_only_adds_fans_as_it_grows(
    pool: Pool, artist: Artist, draft: PersonaVersion
) -> None:
    assert await who_hears(pool, artist) == set()
    before: set[UUID] = set()
    for share in (5, 25, 50, 99):
        try_out(artist, draft, share)
        heard = await who_hears(pool, artist)
        assert before < heard
        # Four standard deviations of 400 draws at most.
        assert abs(len(heard) / len(FANS) - share / 100) < 0.1
        assert await who_hears(pool, artist) == heard
        before = heard
    try_out(artist, draft, 25)
    assert await who_hears(pool, artist) < before


async def test_a_turn_is_told_the_version_its_model_and_that_it_is_a_trial(
    pool: Pool, artist: Artist, draft: PersonaVersion
) -> None:
    try_out(artist, draft, 50)
    reader = PersonaReader(pool, _no_vector, SystemClock())
    found = [await reader.read(artist.id, fan, None) for fan in FANS[:60]]
    tried = [context for context in found if context.on_trial]
    told = {(c.version_number, c.model, c.sheet.greetings[0], c.as_trace()["on_trial"]) for c in tried}
    assert told == {(2, "lora-7", "Another hello.", True)}
    assert {(c.version_number, c.model, c.on_trial) for c in found if c not in tried} == {(1, "", False)}
    assert (await reader.read(artist.id, None, None)).version_number == 1


async def test_another_version_is_tried_out_with_other_fans(pool: Pool, artist: Artist, draft: PersonaVersion) -> None:
    try_out(artist, draft, 50)
    first = await who_hears(pool, artist)
    other = another(artist, draft)
    try_out(artist, other, 50)
    assert await who_hears(pool, artist) not in (set(), first)


@anywhere
def another(artist: Artist, draft: PersonaVersion) -> PersonaVersion:
    services.stop_trial(artist.id, draft.pk, actor=somebody())
    version = personas.create_version(artist.id, a_sheet(), "", actor=somebody())
    approved(artist.id, version.pk)
    return version
