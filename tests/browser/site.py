"""The product's page for an artist of the browser tests' own, who takes her time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.headless.tokens.strategies.jwt.internal import create_refresh_token
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from bench.upstream import Pace, ScriptedUpstream
from personas import services as personas
from personas.models import Mood, ScheduleEntry
from tenancy import context
from tenancy.models import Artist, User
from tests.factories import ACTOR, anywhere, log_in, make_artist
from tests.upstream import upstream_thread
from tests.web import WebProcess

WORDS = (
    "The loud songs came first, and the quiet ones came when the loud ones had said all that they knew how to say. "
    "Start with the one at the end of the first record."
)
BRISK = Pace(interval_s=0.01, words=tuple(f"{word} " for word in WORDS.split()[:9]))
# Slow enough that a test can act in the middle of a reply, whatever else the machine is doing.
SLOW = Pace(interval_s=0.15, words=tuple(f"{word} " for word in WORDS.split()))
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
UNCOMPRESSED = {**settings.STORAGES, "staticfiles": PLAIN}


@dataclass(frozen=True, slots=True)
class Site:
    """Where the page is, and whose it is."""

    url: str
    artist: Artist
    upstream: ScriptedUpstream


@contextmanager
def open_site() -> Iterator[Site]:
    """A web process whose page is that of a new artist."""
    with override_settings(STORAGES=UNCOMPRESSED):  # most of the time would go into squeezing what crosses no network
        call_command("collectstatic", interactive=False, verbosity=0)
    artist = make_artist(name="Aria Vale", tagline="Night songs")
    _give_days(artist)
    with upstream_thread() as upstream:
        upstream.pace = BRISK
        web = WebProcess(
            COMPANION_DEFAULT_ARTIST=artist.slug,
            COMPANION_LLM="openai",
            COMPANION_LLM_BASE_URL=upstream.url,
            COMPANION_LLM_MODEL="scripted",
            COMPANION_RATE_LIMITS="off",  # dozens of sign-ups from one address
        )
        try:
            web.start()
            yield Site(web.url, artist, upstream)
        finally:
            web.stop()


@anywhere
def refresh_token_for(user: User) -> str:
    """What a device keeps of a fresh log-in."""
    session = log_in(user)
    token: str = create_refresh_token(user, session)
    session.save()
    return token


def _give_days(artist: Artist) -> None:
    now = datetime.now(UTC)
    evening = now + timedelta(days=2)
    mood = Mood(label="calm", line="Soft today, a bit nostalgic", starts_at=now, ends_at=evening)
    session = ScheduleEntry(title="Living room session", starts_at=evening, ends_at=evening + timedelta(hours=2))
    with context.tenant(artist.id):
        for period in (mood, session):
            personas.save_period(artist.id, period, actor=ACTOR)
