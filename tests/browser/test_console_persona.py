"""The persona in a real browser: the timeline, a rule tried; switches; and who sees what."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, expect

from personas import services
from personas.models import Mood
from tenancy import services as tenancy
from tenancy.context import tenant
from tests.browser.staff import member_page, picture
from tests.factories import ACTOR, unique

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
ZONE = "Europe/Berlin"
DAY = timedelta(days=1)
FITS = "document.documentElement.scrollWidth <= innerWidth"


def past_mood(site: "Site", label: str) -> Mood:
    """Over since an hour ago: nobody can write it any more, so its end is moved below the services."""
    now = datetime.now(UTC)
    mood = Mood(label=label, line="It was.", starts_at=now - timedelta(hours=3), ends_at=now + timedelta(hours=1))
    with tenant(site.artist.id):
        services.save_period(site.artist.id, mood, actor=ACTOR)
        Mood.objects.filter(pk=mood.pk).update(ends_at=now - timedelta(hours=1))
    return mood


def times_of(site: "Site", label: str) -> tuple[datetime, datetime]:
    with tenant(site.artist.id):
        mood = Mood.objects.get(label=label)
    return mood.starts_at, mood.ends_at


@LOOKS
async def test_a_gap_of_the_timeline_is_filled_in_ones_own_zone_and_the_past_is_locked(
    chromium: Browser, site: "Site", size: str, scheme: str
) -> None:
    label, bygone = unique("bright"), await sync_to_async(past_mood)(site, unique("bygone"))
    page, troubles = await member_page(chromium, site, "editor", size=size, scheme=scheme, zone=ZONE)
    address = f"{site.url}/console/personas/mood/timeline/"
    await page.goto(f"{address}?zoom=month&day={datetime.now(UTC) - timedelta(hours=2):%Y-%m-%d}")
    await expect(page.get_by_text(f"Times in {ZONE}")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=bygone.label)
    await expect(row).to_contain_text("past, locked")
    await expect(row.get_by_role("link")).to_have_count(0)
    await picture(page, f"console-timeline-{size}-{scheme}")
    await page.goto(f"{site.url}/console/personas/mood/{bygone.pk}/change/")
    await expect(page.get_by_text("This is over, so it is locked.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    await picture(page, f"console-locked-{size}-{scheme}")
    await page.goto(f"{address}?zoom=week&day=2030-{'07' if size == 'desktop' else '08'}-10")
    await page.get_by_role("row").get_by_role("link", name="Add mood").click()
    await page.get_by_label("Label").fill(label)
    await page.get_by_label("Line").fill("The chorus is done!")
    await expect(page.get_by_text(f"Time in {ZONE}.")).to_have_count(2)
    assert await page.locator("[name=starts_at_1]").input_value() == "00:00:00"
    await page.locator("[name=starts_at_1]").fill("09:30:00")
    assert await page.evaluate(FITS)
    await picture(page, f"console-mood-{size}-{scheme}")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("was added successfully")).to_be_visible()
    starts_at, _ = await sync_to_async(times_of)(site, label)
    assert (starts_at.hour, starts_at.minute) == (7, 30)  # summer time in Berlin
    assert troubles == []


@LOOKS
async def test_a_rule_is_tried_on_a_text_before_it_is_saved(
    chromium: Browser, site: "Site", size: str, scheme: str
) -> None:
    page, troubles = await member_page(chromium, site, "moderator", size=size, scheme=scheme)
    await page.goto(f"{site.url}/console/moderation/rule/add/")
    await page.get_by_label("Phrase").fill("plum pudding")
    await page.get_by_label("Text to try").fill("Bring PLUM Pudding tonight")
    result = page.locator("#rule-try-result")
    await expect(result.locator("mark")).to_have_text("PLUM Pudding")
    await expect(result.locator(".rule-try-read").first).to_contain_text("plum pudding")
    await page.get_by_label("Text to try").scroll_into_view_if_needed()
    assert await page.evaluate(FITS)
    await picture(page, f"console-rule-{size}-{scheme}")
    await page.get_by_label("Text to try").fill("Bring a cake")
    await expect(result.get_by_text("Nothing matches").first).to_be_visible()
    assert troubles == []


@LOOKS
async def test_a_surface_is_thrown_and_lifted_with_a_reason(
    chromium: Browser, site: "Site", size: str, scheme: str
) -> None:
    page, troubles = await member_page(chromium, site, "owner", size=size, scheme=scheme)
    try:
        await page.goto(f"{site.url}/console/tenancy/killswitch/")
        card = page.get_by_role("region", name="Text chat", exact=True)
        await card.get_by_role("button", name="Pause…").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Pause", exact=True).click()
        await expect(dialog).to_be_visible()  # without a reason nothing is sent
        await dialog.get_by_label("Reason").fill("Wrong tour dates in replies")
        await picture(page, f"console-pause-{size}-{scheme}")
        await dialog.get_by_role("button", name="Pause", exact=True).click()
        await expect(card.get_by_text("“Wrong tour dates in replies”")).to_be_visible()
        assert await page.evaluate(FITS)
        await picture(page, f"console-paused-{size}-{scheme}")
        await card.get_by_role("button", name="Make live again…").click()
        await dialog.get_by_label("Reason").fill("The dates are right again")
        await dialog.get_by_role("button", name="Make live again", exact=True).click()
        await expect(card.get_by_text("Live", exact=True)).to_be_visible()
    finally:
        await sync_to_async(tenancy.set_switch)(
            on=False, scope="surface", artist=site.artist.id, surface="text", reason="the test is over", actor=ACTOR
        )
    assert troubles == []


HIDDEN = {
    "viewer": {"Review queue", "Rules", "Reports", "Conversations", "Fans", "Usage", "Kill switches", "Team"},
    "editor": {"Review queue", "Rules", "Reports", "Conversations", "Fans", "Usage", "Kill switches", "Team"},
    "moderator": {"Usage", "Kill switches", "Team"},
}
CLOSED = {
    "viewer": ["tenancy/killswitch/", "moderation/rule/", "personas/mood/add/", "personas/personaversion/add/"],
    "editor": ["tenancy/killswitch/", "moderation/rule/", "tenancy/staffrole/"],
    "moderator": ["tenancy/killswitch/", "personas/mood/add/", "personas/personaversion/add/"],
}


@pytest.mark.parametrize("role", list(HIDDEN))
async def test_a_role_neither_sees_nor_opens_what_it_may_not(chromium: Browser, site: "Site", role: str) -> None:
    page, troubles = await member_page(chromium, site, role)
    await page.goto(f"{site.url}/console/")
    await expect(page.get_by_role("link", name="Versions").first).to_be_visible()
    titles = await page.locator("#nav-sidebar-apps li a > span:not(.material-symbols-outlined)").all_inner_texts()
    assert "Versions" in titles
    assert not HIDDEN[role] & set(titles)
    await picture(page, f"console-today-{role}")
    for path in CLOSED[role]:
        answer = await page.goto(f"{site.url}/console/{path}")
        assert answer is not None
        assert answer.status == 403, path
    assert troubles == []
