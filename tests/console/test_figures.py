"""The figures of a span: the same whether hours are rolled up or not, exact at the edges, and nobody else's."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from billing import figures as used
from billing import prices
from billing.contracts import ModelTokens
from companion.kernel.spans import HOUR, SPANS, Window, floor_hour, span_of
from conversations import figures, rollup
from conversations.models import ActiveFans, HourFigures
from tenancy.context import tenant
from tenancy.models import Artist
from tests.console.spoken import Spoken, put
from tests.factories import make_artist, make_fan

Superuser = psycopg.Connection[Any]
NOW = datetime.now(UTC)
PRICES = '{"currency": "EUR", "models": {"m": {"input": 200, "output": 1000}}}'


@pytest.fixture
def artist() -> Artist:
    return make_artist()


@pytest.fixture
def fan(artist: Artist) -> UUID:
    return make_fan(artist).fan.id


def roll(artist: Artist) -> None:
    rollup.roll(artist.id, floor_hour(NOW - timedelta(days=190)), floor_hour(NOW))


def roll_pending(artist: Artist) -> None:
    """Rounds of the scheduler until this artist's hours are counted: each ends after a while, whoever's it has done."""
    for _ in range(50):
        rollup.roll_pending(NOW)
        with tenant(artist.id):
            if ActiveFans.objects.exists():
                return


def spread(fan: UUID) -> list[Spoken]:
    """Over half a year, just inside and just outside of each span's borders and of the hours there."""
    borders = [NOW - span.length * times for span in SPANS for times in (1, 2)]
    offsets = [timedelta(seconds=s) for s in (-3601, -61, -1, 0, 1, 61, 3601)]
    moments = [border + offset for border in borders for offset in offsets]
    return [Spoken(at, fan, verdict=("allow", "block", "hold", "deflect")[n % 4]) for n, at in enumerate(moments)]


@pytest.mark.parametrize("span", SPANS, ids=lambda span: span.key)
def test_rolled_up_hours_and_single_rows_give_the_same_figures(
    artist: Artist, fan: UUID, superuser_db: Superuser, span: Any
) -> None:
    said = spread(fan)
    put(superuser_db, artist.id, said)
    window = Window(span, NOW)
    fresh, tokens = figures.turns(artist.id, window), used.usage(artist.id, window)
    roll(artist)
    rolled, again = figures.turns(artist.id, window), used.usage(artist.id, window)
    assert (rolled.now, rolled.before) == (fresh.now, fresh.before)
    assert (again.used, again.before) == (tokens.used, tokens.before)
    inside = [s for s in said if window.start <= s.at < NOW]
    earlier = [s for s in said if window.before <= s.at < window.start]
    assert (fresh.now.total, fresh.before.total) == (len(inside), len(earlier))
    assert fresh.now.blocked == sum(s.verdict == "block" for s in inside)
    for found, counted in ((fresh, tokens), (rolled, again)):  # the points' grain is an hour, their sum is exact
        assert sum(point.total for point in found.points) == len(inside)
        assert sum(counted.points) == 15 * len(inside)
    assert tokens.before == [ModelTokens("openai", "m", 10 * len(earlier), 5 * len(earlier))]


def test_an_hour_that_is_counted_again_takes_late_rows_in_and_counts_none_twice(
    artist: Artist, fan: UUID, superuser_db: Superuser
) -> None:
    at = floor_hour(NOW) - HOUR / 2
    put(superuser_db, artist.id, [Spoken(at, fan)])
    roll(artist)
    put(superuser_db, artist.id, [Spoken(at, fan, "failed")])
    roll(artist)
    roll(artist)
    with tenant(artist.id):
        row = HourFigures.objects.get()
    assert (row.hour, row.completed, row.failed) == (floor_hour(at), 1, 1)


def test_the_scheduler_catches_up_and_leaves_the_running_hour_alone(
    artist: Artist, fan: UUID, superuser_db: Superuser
) -> None:
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(days=days), fan) for days in (40, 8, 1)])
    put(superuser_db, artist.id, [Spoken(NOW, fan)])
    roll_pending(artist)
    with tenant(artist.id):
        hours = list(HourFigures.objects.order_by("hour").values_list("hour", flat=True))
        active = dict(ActiveFans.objects.filter(until=floor_hour(NOW)).values_list("days", "fans"))
    assert hours == [floor_hour(NOW - timedelta(days=days)) for days in (40, 8, 1)]
    assert active == {7: 1, 30: 1, 90: 1}


def test_active_fans_are_counted_once_however_much_they_say(artist: Artist, superuser_db: Superuser) -> None:
    one, two = (make_fan(artist).fan.id for _ in range(2))
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(hours=n), one) for n in (1, 2, 3, 30)])
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(hours=2), two)])
    found = figures.fans(artist.id, Window(span_of("24h"), NOW))
    assert (found.active, found.active_before) == (2, 1)


def test_active_fans_of_many_turns_are_those_that_the_scheduler_counted(
    artist: Artist, fan: UUID, superuser_db: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(days=days), fan) for days in (1, 2, 9)])
    window = Window(span_of("7d"), NOW)
    assert figures.fans(artist.id, window).active == 1
    monkeypatch.setattr(figures, "FEW", 2)
    assert figures.fans(artist.id, window).active is None
    roll_pending(artist)
    counted = figures.fans(artist.id, window)
    assert (counted.active, counted.active_before, counted.as_of) == (1, 1, floor_hour(NOW))


def test_percentiles_are_right_to_within_five_percent(artist: Artist, fan: UUID, superuser_db: Superuser) -> None:
    times = [20 + 3 * n for n in range(200)]
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(hours=3), fan, first_token_ms=ms) for ms in times])
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(hours=3), fan, first_token_ms=None)])
    roll(artist)
    now = figures.turns(artist.id, Window(span_of("24h"), NOW)).now
    for share in (0.5, 0.95):
        exact = times[int(share * len(times)) - 1]
        assert now.percentile_ms(share) == pytest.approx(exact, rel=0.05)


def test_another_artist_has_none_of_it(artist: Artist, fan: UUID, superuser_db: Superuser) -> None:
    other = make_artist()
    put(superuser_db, artist.id, spread(fan))
    roll(artist)
    for span in SPANS:
        window = Window(span, NOW)
        assert figures.turns(other.id, window).now.total == 0
        assert used.usage(other.id, window).used == []
        assert figures.fans(other.id, window).joined == 0


def test_cost_is_the_prices_of_the_settings(settings: Settings) -> None:
    settings.LLM_PRICES = PRICES
    told = prices.cost([ModelTokens("openai", "m", 3_000_000, 500_000), ModelTokens("offline", "lines", 9, 9)])
    assert (told.text, told.unpriced) == ("11.00 EUR", ())


def test_a_model_without_a_price_is_named_and_never_free(settings: Settings) -> None:
    settings.LLM_PRICES = PRICES
    assert prices.cost([ModelTokens("openai", "new", 1_000_000, 0)]).unpriced == ("new",)
    assert prices.cost_of("openai", "new", 1, 1) is None
    assert prices.cost_of("offline", "lines", 1, 1) is not None


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"models": {"m": {"input": 1, "output": 1}}}', '{"models": 3}'])
def test_prices_that_cannot_be_read_are_refused(settings: Settings, text: str) -> None:
    settings.LLM_PRICES = text
    with pytest.raises(ImproperlyConfigured):
        prices.cost([])


def test_the_command_refuses_an_artist_that_nobody_knows() -> None:
    with pytest.raises(CommandError):
        call_command("roll_figures", "--artist", "nobody-of-this-name", stdout=StringIO())


def test_the_command_counts_an_artists_hours_anew(artist: Artist, fan: UUID, superuser_db: Superuser) -> None:
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(days=days), fan) for days in (1, 3)])
    call_command("roll_figures", "--artist", artist.slug, stdout=StringIO())
    put(superuser_db, artist.id, [Spoken(NOW - timedelta(days=2), fan)])
    call_command("roll_figures", "--artist", artist.slug, stdout=StringIO())
    with tenant(artist.id):
        assert HourFigures.objects.count() == 3
        assert ActiveFans.objects.filter(days=7).latest("until").fans == 1
