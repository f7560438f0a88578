"""A mood that is changed in the console colours a chat that runs from its next turn on, and so does its end."""

from datetime import UTC, datetime, timedelta

from asgiref.sync import sync_to_async

from bench.upstream import ScriptedUpstream
from personas import services
from personas.models import Mood
from tenancy.context import tenant
from tests.factories import ACTOR, make_artist, make_fan
from tests.transports.test_socket import answer
from tests.web import WebProcess, chat

HOUR = timedelta(hours=1)


async def test_a_mood_reaches_a_running_chat_at_its_next_turn_and_so_does_its_end(
    web: WebProcess, upstream: ScriptedUpstream
) -> None:
    artist = make_artist()
    fan, now = make_fan(artist), datetime.now(UTC)
    mood = Mood(label="dreamy", line="Rain on the tram.", starts_at=now - HOUR, ends_at=now + HOUR)

    def end_it() -> None:
        with tenant(artist.id):
            services.remove_period(artist.id, Mood.objects.get(label="dreamy"), actor=ACTOR)

    def prompted() -> bool:
        return "Your mood is dreamy: Rain on the tram." in upstream.requests[-1]["messages"][0]["content"]

    async with chat(web, fan.access_token, artist.slug) as socket:
        await answer(socket, "hello", "m1")
        before = prompted()
        await sync_to_async(services.save_period)(artist.id, mood, actor=ACTOR)
        await answer(socket, "and now?", "m2")
        during = prompted()
        await sync_to_async(end_it)()
        await answer(socket, "and later?", "m3")
        after = prompted()
    assert (before, during, after) == (False, True, False)
