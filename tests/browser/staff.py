"""The console as one of the team opens it: logged in without the log-in page, and every page one after another."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.conf import settings
from playwright.async_api import Browser, Page

from tenancy.models import User
from tests.browser.fan_page import ARTEFACTS
from tests.browser.site import Site
from tests.factories import log_in, make_staff

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SIDEBAR = "#nav-sidebar a[href^='/console/'], nav a[href^='/console/']"
# From the timeline to its lists, from a list to its form to add and its first row.
FURTHER = (
    "a[href$='/mood/']",
    "a[href$='/scheduleentry/']",
    "a[href$='/document/upload/']",
    "a[href$='/corpus/ask/']",
    "a[href$='/add/']",
    "#result_list a[href$='/change/']",
)


async def member_page(
    chromium: Browser, site: Site, role: str, *, size: str = "desktop", scheme: str = "light", zone: str = "UTC"
) -> tuple[Page, list[str]]:
    """A page of a new member of the team, and what the browser complained of."""
    width, height = SIZES[size]
    browsing = await chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    session = await sync_to_async(_session)(site, role, zone)
    await browsing.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
    page = await browsing.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Security Policy" in said.text else None)
    return page, troubles


def _session(site: Site, role: str, zone: str) -> str:
    user = make_staff(site.artist, role)
    User.objects.filter(pk=user.pk).update(time_zone=zone)
    return str(log_in(user).session_key)


async def every_page(page: Page, site: Site) -> AsyncIterator[str]:
    """Opens every page of the sidebar, and what leads on from there; gives the path of the one that stands open."""
    await page.goto(f"{site.url}/console/")
    waiting = await _links(page, SIDEBAR)
    known = set(waiting)
    while waiting:
        path = waiting.pop(0)
        await page.goto(site.url + path)
        yield path
        if path.endswith(("/add/", "/change/")):
            continue
        for further in FURTHER:
            new = [link for link in (await _links(page, further))[:1] if link not in known]
            known.update(new)
            waiting += new


async def _links(page: Page, selector: str) -> list[str]:
    found = await page.eval_on_selector_all(selector, "links => links.map((link) => link.pathname)")
    return [path for path in dict.fromkeys(found) if "logout" not in path]


async def picture(page: Page, name: str) -> None:
    """As FanPage.picture."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"{name}.png")
