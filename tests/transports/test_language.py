"""A socket speaks its fan's language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from bench.upstream import ScriptedUpstream
from tests.factories import make_artist, make_fan
from tests.web import WebProcess, chat

TOO_LONG = "At most {limit} characters; this has {count}."


def said_in(language: str) -> str:
    with translation.override(language):
        return gettext(TOO_LONG).format(limit=4000, count=4001)


@pytest.mark.parametrize("language", ["es", "en"])
async def test_a_refusal_is_told_in_the_fans_language_with_its_figures(
    web: WebProcess, upstream: ScriptedUpstream, language: str
) -> None:
    artist = make_artist()
    fan = make_fan(artist, language=language)
    assert said_in("es") != said_in("en"), "locale/es has no translation of it"
    async with chat(web, fan.access_token, artist.slug) as socket:
        await socket.say("x" * 4001, "m1")
        refusal = await socket.receive()
    assert (refusal["code"], refusal["detail"]) == ("validation_error", said_in(language))
