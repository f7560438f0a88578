"""The artist's page and the settings: phone and computer, light and dark, by keyboard, two tabs and two devices."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import DESKTOP, PHONE, FanPage

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser
NEW_PASSWORD = "another-lantern-orbit-48"
LOOKS = [(PHONE, "dark"), (DESKTOP, "light")]


@pytest_asyncio.fixture(loop_scope="package")
async def fan(known_tab: OpenTab) -> FanPage:
    """She, on a phone; a test opens the page that it is about."""
    return await known_tab()


def look(size: tuple[int, int], scheme: str) -> str:
    return f"{'phone' if size == PHONE else 'desktop'}-{scheme}"


async def settings_of(fan: FanPage) -> FanPage:
    """The fan's settings, once they know her."""
    await fan.open("settings")
    await expect(fan.page.get_by_label("Name", exact=True)).to_be_enabled()
    return fan


def state(fan: FanPage, field: str) -> Locator:
    return fan.page.locator(f"[data-state={field}]")


async def stored(email: str, field: str) -> str:
    from tenancy.models import User

    return str(await User.objects.values_list(field, flat=True).aget(email=email))


async def html(fan: FanPage, attribute: str) -> str | None:
    return await fan.page.locator("html").get_attribute(attribute)


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=lambda value: str(value))
async def test_the_artists_page_shows_her_day_and_leads_to_the_chat(
    known_tab: OpenTab, size: tuple[int, int], scheme: str
) -> None:
    fan = await known_tab(size, scheme=scheme)
    await fan.open("artist")
    await expect(fan.page.get_by_role("heading", name="Aria Vale", level=1)).to_be_visible()
    await expect(fan.page.get_by_text("AI persona").first).to_be_visible()
    await expect(fan.page.get_by_text("Licensed by Nine Records")).to_be_visible()
    await expect(fan.page.locator("[data-mood]")).to_have_text("Calm. Soft today, a bit nostalgic")
    await expect(fan.page.get_by_text("Living room session")).to_be_visible()
    await expect(fan.page.get_by_role("link", name="Voice")).to_have_count(0)  # not open: not there
    assert await fan.fits_its_width()
    await fan.picture(f"artist-{look(size, scheme)}")
    await fan.page.get_by_role("link", name="Text", exact=True).click()
    await fan.is_open()
    await fan.page.go_back()
    await expect(fan.page.get_by_role("heading", name="Aria Vale", level=1)).to_be_visible()


async def test_the_next_dates_stand_there_and_the_others_are_a_press_away(fan: FanPage) -> None:
    starts = [datetime(2031, 5, day, 20, tzinfo=UTC) for day in range(1, 7)]
    dates = [
        {"title": f"Night {n}", "starts_at": at.isoformat(), "ends_at": (at + timedelta(hours=2)).isoformat()}
        for n, at in enumerate(starts, 1)
    ]

    async def many(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(json=await answer.json() | {"schedule": dates})

    await fan.page.route(f"**/api/v1/artists/{fan.url.rpartition('/')[2]}", many)
    await fan.open("artist")
    shown = fan.page.locator("[data-schedule] .on:visible")
    await expect(fan.page.get_by_text("Night 1")).to_be_visible()
    await expect(shown).to_have_count(3)
    await fan.button("All 6 dates").click()
    await expect(shown).to_have_count(6)
    await fan.button("Fewer dates").click()
    await expect(shown).to_have_count(3)


async def test_the_day_after_a_crisis_the_artists_page_shows_no_mood_either(fan: FanPage) -> None:
    await fan.open("artist")
    await fan.page.evaluate("localStorage.setItem('companion.quiet', new Date().toISOString())")
    await fan.page.reload()
    await expect(fan.page.locator("[data-schedule] li.on")).to_have_count(1)
    await expect(fan.page.locator("[data-mood]")).to_be_hidden()
    await fan.page.evaluate("localStorage.removeItem('companion.quiet')")
    await fan.page.reload()
    await expect(fan.page.locator("[data-mood]")).to_be_visible()


async def test_a_new_mood_is_there_when_the_page_is_looked_at_again(fan: FanPage, site: "Site") -> None:
    from personas import services as personas
    from personas.models import Mood
    from tenancy import context
    from tests.factories import ACTOR

    def brighten() -> tuple[Mood, list[Mood]]:
        now = datetime.now(UTC)
        with context.tenant(site.artist.id):
            running = list(Mood.objects.filter(starts_at__lt=now, ends_at__gt=now))
            Mood.objects.filter(id__in=[mood.id for mood in running]).update(ends_at=now)
            mood = Mood(label="bright", line="The chorus is done!", starts_at=now, ends_at=now + timedelta(days=2))
            personas.save_period(site.artist.id, mood, actor=ACTOR)
        return mood, running

    def calm_down(mood: Mood, ended: list[Mood]) -> None:
        with context.tenant(site.artist.id):
            Mood.objects.filter(id=mood.id).delete()
            Mood.objects.bulk_update(ended, ["ends_at"])

    await fan.open("artist")
    await expect(fan.page.locator("[data-mood]")).to_have_text("Calm. Soft today, a bit nostalgic")
    mood, ended = await sync_to_async(brighten)()
    try:
        async with fan.page.expect_response(lambda answer: answer.url.endswith(f"/artists/{site.artist.slug}")):
            await fan.page.evaluate(
                "() => setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 300)"
            )
        await expect(fan.page.locator("[data-mood]")).to_have_text("Bright. The chorus is done!")
    finally:
        await sync_to_async(calm_down)(mood, ended)


async def test_a_paused_artist_is_said_to_be_and_what_was_said_stays_readable(fan: FanPage, site: "Site") -> None:
    from tenancy import services
    from tests.factories import ACTOR

    @sync_to_async
    def switch(*, on: bool) -> None:
        services.set_switch(on=on, scope="surface", artist=site.artist.id, surface="text", reason="test", actor=ACTOR)

    await switch(on=True)
    try:
        await fan.open("artist")
        await expect(fan.page.get_by_text("Aria Vale is paused for now.")).to_be_visible()
        await expect(fan.page.get_by_role("link", name="Text", exact=True)).to_have_count(0)
        await fan.page.get_by_role("link", name="Read it").click()
        await expect(fan.log).to_be_visible()
    finally:
        await switch(on=False)


async def test_facts_that_cannot_be_brought_up_to_date_say_so_and_can_be_tried_again(fan: FanPage) -> None:
    await fan.open("artist")
    await expect(fan.page.get_by_text("Living room session")).to_be_visible()
    await fan.page.route("**/usage", lambda route: route.abort())
    await fan.open("artist")
    await expect(fan.page.get_by_text("This may be out of date.")).to_be_visible()
    await expect(fan.page.get_by_text("Living room session")).to_be_visible()
    await expect(fan.button("Try again")).to_be_enabled()
    await fan.page.unroute("**/usage")
    again = fan.page.get_by_role("button", name="Try again", exact=True, include_hidden=True)
    await again.dispatch_event("click")  # the page's own next try may hide it at any moment
    await expect(fan.page.get_by_text("This may be out of date.")).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=lambda value: str(value))
async def test_a_name_is_saved_as_it_is_changed_and_the_other_tab_follows(
    known_tab: OpenTab, login: tuple[str, str], size: tuple[int, int], scheme: str
) -> None:
    fan = await known_tab(size, scheme=scheme)
    await settings_of(fan)
    await expect(fan.page.get_by_text("This device", exact=True).last).to_be_visible()
    other = FanPage(await fan.context.new_page(), fan.url)
    await settings_of(other)
    name = fan.page.get_by_label("Name", exact=True)
    await name.fill("Kim 🎤")
    await name.press("Enter")
    await expect(state(fan, "name")).to_have_text("Saved")
    assert await stored(login[0], "name") == "Kim 🎤"
    await expect(other.page.get_by_label("Name", exact=True)).to_have_value("Kim 🎤")
    assert await fan.fits_its_width()
    await fan.picture(f"settings-{look(size, scheme)}")
    assert other.troubles == []


async def test_a_name_that_the_server_refuses_stays_and_says_why_under_its_field(
    fan: FanPage, login: tuple[str, str]
) -> None:
    await settings_of(fan)
    name = fan.page.get_by_label("Name", exact=True)
    await name.fill("x\u0085y")
    await name.press("Enter")
    await expect(state(fan, "name")).to_contain_text("Control characters are not taken here.")
    await expect(name).to_have_attribute("aria-invalid", "true")
    await expect(name).to_have_value("x\u0085y")
    assert await stored(login[0], "name") == "Robin"


async def test_what_could_not_be_saved_offline_is_kept_and_saved_with_the_network(
    fan: FanPage, login: tuple[str, str]
) -> None:
    await settings_of(fan)
    await fan.context.set_offline(True)
    name = fan.page.get_by_label("Name", exact=True)
    await name.fill("Kim")
    await name.press("Enter")
    await expect(state(fan, "name")).to_contain_text("Not saved. No connection.")
    await expect(name).to_have_value("Kim")
    assert await stored(login[0], "name") == "Robin"
    await fan.context.set_offline(False)
    await expect(state(fan, "name")).to_have_text("Saved")
    assert await stored(login[0], "name") == "Kim"


async def test_a_time_zone_is_found_and_chosen_with_the_keyboard_and_the_dates_follow(
    fan: FanPage, login: tuple[str, str], site: "Site"
) -> None:
    await settings_of(fan)
    zone = fan.page.get_by_role("combobox", name="Time zone")
    await expect(zone).to_have_value("Berlin, Europe")
    await zone.focus()
    await zone.press("ControlOrMeta+a")
    await zone.press_sequentially("kirit")
    await expect(fan.page.get_by_role("listbox", name="Time zones").get_by_role("option")).to_have_count(1)
    await zone.press("Enter")
    await expect(state(fan, "time_zone")).to_have_text("Saved")
    await expect(zone).to_have_value("Kiritimati, Pacific")
    assert await stored(login[0], "time_zone") == "Pacific/Kiritimati"
    await zone.press("ArrowDown")
    await zone.press("Escape")
    await expect(zone).to_have_attribute("aria-expanded", "false")
    await expect(zone).to_have_value("Kiritimati, Pacific")
    await _sees_the_date_in(fan, site, "Pacific/Kiritimati")
    await settings_of(fan)
    await fan.button("Use this device’s: London").click()
    await expect(state(fan, "time_zone")).to_have_text("Saved")
    await _sees_the_date_in(fan, site, "Europe/London")


async def _sees_the_date_in(fan: FanPage, site: "Site", zone: str) -> None:
    """The artist's page tells the first date of the schedule by the clocks of the zone."""
    starts_at = await sync_to_async(_first_date)(site)
    await fan.open("artist")
    row = fan.page.locator("[data-schedule] .on:not(.skeleton)").first
    await expect(row).to_contain_text(f"{starts_at.astimezone(ZoneInfo(zone)):%A, %H:%M}")


def _first_date(site: "Site") -> datetime:
    from personas.models import ScheduleEntry
    from tenancy import context

    with context.tenant(site.artist.id):
        return ScheduleEntry.objects.order_by("starts_at").values_list("starts_at", flat=True)[0]


async def test_a_theme_holds_at_once_in_every_tab_and_before_the_first_paint(fan: FanPage) -> None:
    await settings_of(fan)
    other = FanPage(await fan.context.new_page(), fan.url)
    await other.open("artist")
    await fan.page.get_by_role("radio", name="System").focus()
    await fan.page.keyboard.press("ArrowRight")
    await fan.page.keyboard.press("ArrowRight")
    await expect(fan.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(other.page.locator("html")).to_have_attribute("data-theme", "dark")
    answer = await fan.context.request.get(f"{fan.url}/settings")
    assert 'data-theme="dark"' in (await answer.text()).split("<head>")[0]
    await fan.page.get_by_role("radio", name="Dark").focus()
    await fan.page.keyboard.press("ArrowRight")  # round to the system's
    await expect(other.page.locator("html")).not_to_have_attribute("data-theme", "dark")
    assert await html(fan, "data-theme") is None


async def test_notifications_are_asked_for_and_kept_on_this_device(fan: FanPage) -> None:
    await fan.context.grant_permissions(["notifications"])
    await settings_of(fan)
    toggle = fan.page.get_by_role("switch", name="Tell me when a reply is ready")
    await toggle.press("Space")
    await expect(toggle).to_be_checked()
    await settings_of(fan)
    await expect(toggle).to_be_checked()
    await toggle.press("Space")
    await settings_of(fan)
    await expect(toggle).not_to_be_checked()


async def test_blocked_notifications_are_explained(fan: FanPage) -> None:
    await fan.page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    await settings_of(fan)
    await expect(fan.page.get_by_text("allow notifications for this site in its settings")).to_be_visible()
    await expect(fan.page.get_by_role("switch")).not_to_be_checked()


async def test_the_password_is_changed_here_and_every_other_device_has_to_log_in_again(
    fan_tab: OpenTab, fan: FanPage, login: tuple[str, str]
) -> None:
    other = await fan_tab(DESKTOP)
    await settings_of(fan)
    await fan.page.get_by_text("Change the password").first.click()
    submit = fan.button("Change the password")
    await submit.click()
    await expect(fan.page.get_by_label("Current password")).to_be_focused()
    await fan.page.get_by_label("Current password").fill("not the password")
    await fan.page.get_by_label("New password").fill(NEW_PASSWORD)
    await submit.click()
    await expect(fan.page.locator("[data-error=current_password]")).not_to_be_empty()
    await expect(other.box).to_be_visible()
    await fan.page.get_by_label("Current password").fill(login[1])
    await submit.click()
    await expect(fan.page.get_by_text("Password changed.")).to_be_visible()
    await expect(other.button("Log in")).to_be_visible()
    await fan.page.get_by_role("link", name="Back to the chat").click()
    await (await fan.say("Still here?")).is_answered()


async def test_another_language_is_spoken_from_then_on(fan: FanPage, login: tuple[str, str]) -> None:
    await settings_of(fan)
    await fan.page.get_by_label("Language").select_option("es")
    await expect(fan.page.locator("html")).to_have_attribute("lang", "es")
    assert await stored(login[0], "language") == "es"
    await expect(fan.page.get_by_role("combobox").nth(1)).to_have_value("es")
    await fan.open("artist")
    assert await html(fan, "lang") == "es"


async def test_the_page_speaks_the_language_of_the_account_that_logs_in(tab: OpenTab, site: "Site") -> None:
    from tests.factories import make_fan

    member = make_fan(site.artist, language="es-MX")
    fan = await tab()
    await fan.open("login")
    assert await html(fan, "lang") == "en"
    await fan.page.get_by_label("Email").fill(member.user.email)
    await fan.page.get_by_label("Password").fill(member.password)
    await fan.button("Log in").click()
    await expect(fan.page.locator("html")).to_have_attribute("lang", "es")
    await expect(fan.page.locator("form textarea")).to_be_visible()


async def test_what_the_fan_was_told_can_be_read_again(fan: FanPage) -> None:
    await settings_of(fan)
    await fan.page.get_by_text("What you were told about this AI").click()
    told = fan.page.locator("[data-told] [data-disclosures]")
    await expect(told.get_by_role("heading").first).to_be_visible()
    await expect(told.get_by_role("checkbox")).to_have_count(0)
    await expect(fan.page.locator("[data-release]")).to_have_text(f"Version {await _release(fan)}")


async def _release(fan: FanPage) -> str:
    source = await fan.page.locator("script[type=module]").get_attribute("src")
    assert source
    return source.split("/")[2]


async def test_settings_that_cannot_be_loaded_say_so_and_can_be_tried_again(fan: FanPage) -> None:
    await fan.page.route("**/api/v1/me", lambda route: route.abort())
    await fan.open("settings")
    await expect(fan.page.get_by_role("alert").filter(has_text="No connection.").first).to_be_visible()
    await expect(fan.page.get_by_label("Name", exact=True)).to_be_disabled()
    await fan.page.unroute("**/api/v1/me")
    await fan.button("Try again").first.click()
    await expect(fan.page.get_by_label("Name", exact=True)).to_have_value("Robin")


async def test_the_way_round_goes_by_keyboard_alone(fan: FanPage) -> None:
    await fan.open("artist")
    await fan.page.get_by_role("link", name="Settings").first.focus()
    await fan.page.keyboard.press("Enter")
    await expect(fan.page.get_by_role("heading", name="Settings", level=1)).to_be_focused()
    await fan.page.go_back()
    await expect(fan.page.get_by_role("heading", name="Aria Vale", level=1)).to_be_focused()
    await fan.page.get_by_role("link", name="Back to the chat").press("Enter")
    await fan.is_open()
