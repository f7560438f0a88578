"""The review queue in a real browser: by keys alone, two members at one case, no network, a phone, the dark."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import Browser, Page, Route, expect

from conversations.models import Message, TurnTrace
from moderation import review, services
from moderation.models import Case, Decision
from tenancy.context import tenant
from tests.browser.axe import violations
from tests.browser.staff import member_page, picture
from tests.factories import ACTOR, make_exchange, make_fan

if TYPE_CHECKING:
    from tests.browser.site import Site

pytestmark = pytest.mark.browser
LOOKS = pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
FITS = "document.documentElement.scrollWidth <= innerWidth"
SAID, WITHHELD, INSTEAD = "When is the record out?", "Between us: it lands on the sixth of March.", "Soon, I promise."
LIST = "**/*part=list*"
# What the page looked like as it was left: while the next one is on its way, Playwright asks it nothing.
REMEMBERS = """addEventListener("pagehide", () => {
  sessionStorage.busy = document.querySelector(".queue").getAttribute("aria-busy");
})"""


def make_case(site: "Site", kind: str = "held", word: str = "sixth of march") -> Case:
    """A reply that a rule kept back, of a fan of its own."""
    fan = make_fan(site.artist)
    make_exchange(fan, "I finished the scarf!", "The wonky edge is the signature.")
    said, reply = make_exchange(fan, SAID, INSTEAD, withheld={"text": WITHHELD, "shown": 0})
    rule = services.add_rule(site.artist.id, f"{word} {said.pk.hex[-6:]}", "hold", actor=ACTOR)
    mine: dict[str, Any] = {"artist_id": site.artist.id, "fan_id": fan.fan.pk, "turn_id": said.turn_id}
    with tenant(site.artist.id):
        Message.objects.filter(pk=reply.pk).update(status="held")
        TurnTrace.objects.filter(turn_id=said.turn_id).update(
            context={"withheld": {"text": f"{WITHHELD} {rule.phrase}", "shown": 0}}
        )
        scores = {"off_brand": 0.86}
        Decision.objects.create(
            **mine, side="output", action="hold", provider="rules", rule_ids=[str(rule.pk)], scores=scores
        )
        return Case.objects.create(**mine, kind=kind)


def decide_as_another(site: "Site", case: Case) -> None:
    review.decide(case, Case.Outcome.UPHELD, actor="staff:00000000-0000-0000-0000-000000000000")


def close_all(site: "Site") -> None:
    with tenant(site.artist.id):
        Case.objects.filter(status="open").update(status="closed")


def stored(site: "Site", case: Case) -> Case:
    with tenant(site.artist.id):
        return Case.objects.get(pk=case.pk)


async def shows(page: Page, case: Case) -> None:
    await expect(page.locator("#case-title")).to_have_text(f"Case {case.pk.hex[-6:]}")


async def open_case(page: Page, site: "Site", case: Case) -> None:
    await page.goto(f"{site.url}/console/moderation/case/queue/{case.pk}/")
    await shows(page, case)


@LOOKS
async def test_a_case_is_read_decided_and_taken_back(chromium: Browser, site: "Site", size: str, scheme: str) -> None:
    await sync_to_async(close_all)(site)
    case = await sync_to_async(make_case)(site)
    crisis = await sync_to_async(make_case)(site, kind="crisis")
    page, troubles = await member_page(chromium, site, "manager", size=size, scheme=scheme)
    await page.goto(f"{site.url}/console/moderation/case/queue/")
    await expect(page.locator(".queue-card")).to_have_count(2)
    await picture(page, f"console-queue-list-{size}-{scheme}")
    assert await page.evaluate(FITS)
    await page.locator(f"#case-{case.pk}").click()
    await expect(page.get_by_text(SAID)).to_have_count(0)
    await picture(page, f"console-queue-closed-{size}-{scheme}")
    await page.keyboard.press("v")
    await expect(page.get_by_text(SAID)).to_be_in_viewport()
    await expect(page.locator("mark")).to_be_in_viewport()
    await expect(page.locator(".queue-facts").get_by_text("Yours for another")).to_be_visible()
    assert await page.evaluate(FITS)
    assert await violations(page) == []
    await picture(page, f"console-queue-case-{size}-{scheme}")
    await page.keyboard.press("n")
    await page.keyboard.type("b is a letter here")
    await page.keyboard.press("Escape")
    await page.keyboard.press("b")
    await expect(page.get_by_text(f"Case {case.pk.hex[-6:]}: blocked.")).to_be_visible()
    await shows(page, crisis)
    assert await page.evaluate(FITS)
    await picture(page, f"console-queue-undo-{size}-{scheme}")
    decided = await sync_to_async(stored)(site, case)
    assert (decided.outcome, decided.finding) == ("upheld", "b is a letter here")
    await page.keyboard.press("z")
    await expect(page.get_by_text("The case is open again, and yours.")).to_be_visible()
    await expect(page.get_by_label("Note, kept with the decision")).to_have_value("b is a letter here")
    assert (await sync_to_async(stored)(site, case)).status == "open"
    assert troubles == []


async def test_keys_move_along_the_list_and_their_list_opens(chromium: Browser, site: "Site") -> None:
    await sync_to_async(close_all)(site)
    first, second = [await sync_to_async(make_case)(site) for _ in range(2)]
    page, troubles = await member_page(chromium, site, "moderator")
    await page.goto(f"{site.url}/console/moderation/case/queue/")
    await shows(page, first)
    await page.evaluate(REMEMBERS)
    await page.keyboard.press("j")
    await shows(page, second)
    assert await page.evaluate("sessionStorage.busy") == "true", "the last list stays, dimmed, until the next has come"
    for key, case in (("j", second), ("k", first)):
        await page.keyboard.press(key)
        await shows(page, case)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert await violations(page) == []
    await picture(page, "console-queue-keys")
    # In one frame: the closed dialog still holds the focus when the second key comes.
    await asyncio.gather(page.keyboard.press("Escape"), page.keyboard.press("c"))
    await expect(page.get_by_role("button", name="Give it back")).to_be_visible()
    assert troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_who_comes_second_sees_it_and_loses_nothing(chromium: Browser, site: "Site", scheme: str) -> None:
    case = await sync_to_async(make_case)(site)
    page, troubles = await member_page(chromium, site, "moderator", scheme=scheme)
    await open_case(page, site, case)
    await page.get_by_label("Note, kept with the decision").fill("my long note")
    await sync_to_async(decide_as_another)(site, case)
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("alert").filter(has_text="Yours was not saved")).to_be_visible()
    await expect(page.get_by_label("Note, kept with the decision")).to_have_value("my long note")
    await expect(page.get_by_role("button", name="Allow")).to_be_disabled()
    assert await violations(page) == []
    await picture(page, f"console-queue-conflict-{scheme}")
    assert (await sync_to_async(stored)(site, case)).outcome == "upheld"
    assert troubles == []


async def test_the_page_tells_by_itself_that_another_was_first(chromium: Browser, site: "Site") -> None:
    case = await sync_to_async(make_case)(site)
    page, troubles = await member_page(chromium, site, "moderator")
    await page.clock.install()
    await open_case(page, site, case)
    await page.get_by_label("Note, kept with the decision").fill("my long note")
    await sync_to_async(decide_as_another)(site, case)
    async with page.expect_response(LIST):
        await page.clock.run_for(16_000)
    await expect(page.locator("#queue-notice").get_by_text("decided this case")).to_be_visible()
    await expect(page.get_by_role("button", name="Allow")).to_be_disabled()
    await expect(page.get_by_label("Note, kept with the decision")).to_have_value("my long note")
    assert troubles == []


async def test_without_a_network_deciding_is_off_and_the_note_is_kept(chromium: Browser, site: "Site") -> None:
    case = await sync_to_async(make_case)(site)
    page, troubles = await member_page(chromium, site, "moderator")
    await page.clock.install()
    await open_case(page, site, case)
    await page.get_by_label("Note, kept with the decision").fill("half a thought")

    async def cut(route: Route) -> None:
        await route.abort()

    await page.route(LIST, cut)
    await page.clock.run_for(16_000)
    await expect(page.get_by_role("alert").filter(has_text="Not connected")).to_be_visible()
    await expect(page.get_by_role("button", name="Block")).to_be_disabled()
    assert await violations(page) == []
    await picture(page, "console-queue-offline")
    await page.unroute(LIST, cut)
    await page.get_by_role("button", name="Try now").click()
    await expect(page.get_by_text("Not connected")).to_be_hidden()
    await expect(page.get_by_role("button", name="Block")).to_be_enabled()
    await expect(page.get_by_label("Note, kept with the decision")).to_have_value("half a thought")
    assert troubles == []


async def test_a_case_appears_in_an_empty_queue_by_itself(chromium: Browser, site: "Site") -> None:
    await sync_to_async(close_all)(site)
    page, troubles = await member_page(chromium, site, "moderator", scheme="dark")
    await page.clock.install()
    await page.goto(f"{site.url}/console/moderation/case/queue/")
    await expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    assert await violations(page) == []
    await picture(page, "console-queue-empty-dark")
    case = await sync_to_async(make_case)(site)
    await page.clock.run_for(16_000)
    await shows(page, case)
    assert troubles == []


async def test_a_manager_mutes_a_fan_out_of_her_case(chromium: Browser, site: "Site") -> None:
    case = await sync_to_async(make_case)(site)
    page, troubles = await member_page(chromium, site, "manager", size="phone", scheme="dark")
    await open_case(page, site, case)
    await page.get_by_role("button", name="Sanction…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("the third time this week")
    assert await violations(page) == []
    await picture(page, "console-queue-sanction-phone-dark")
    await dialog.get_by_role("button", name="Sanction", exact=True).click()
    await expect(page.get_by_text(": mute for a day.")).to_be_visible()
    await expect(page.get_by_text("muted until")).to_be_visible()
    assert troubles == []
