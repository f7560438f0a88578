"""The app as a phone keeps it: it opens without a network, and a new version waits until it is asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.fan_page import FanPage

pytestmark = pytest.mark.browser
CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
    }
    return kept;
}"""


@pytest.fixture
def service_workers() -> Literal["allow", "block"]:
    return "allow"


async def is_kept(fan: FanPage) -> None:
    """The worker has the page and answers for it."""
    await fan.page.wait_for_function(CONTROLLED)


async def test_the_chat_opens_without_a_network_and_sends_what_was_written(fan: FanPage) -> None:
    await is_kept(fan)
    await fan.context.set_offline(True)
    await fan.page.reload()
    await expect(fan.page.get_by_text("You’re offline.")).to_be_visible()
    await expect(fan.page.get_by_role("heading", name="Aria Vale").first).to_be_visible()
    written = await fan.say("From the tunnel")
    await expect(written.message).to_be_visible()
    await fan.picture("offline-after-reload")
    await fan.context.set_offline(False)
    await written.is_answered()


async def test_the_welcome_opens_without_a_network_and_says_so_when_it_matters(tab: OpenTab) -> None:
    fan = await tab()
    await fan.open()
    await is_kept(fan)
    await fan.context.set_offline(True)
    await fan.page.reload()
    await fan.tick_all()
    await fan.fill_sign_up()
    await fan.button("Start talking").click()
    await expect(fan.page.get_by_text("No connection. Check the network and try again.")).to_be_visible()


async def test_nothing_of_a_person_is_kept_for_offline_use(fan: FanPage) -> None:
    await is_kept(fan)
    await (await fan.say("Between us")).is_answered()
    await fan.page.reload()
    await fan.is_open()
    kept = await fan.page.evaluate(KEPT)
    assert [path for path in kept if path.startswith(("/api/", "/_allauth/", "/console/", "/ws/"))] == []
    assert any(path == fan.url.removeprefix(fan.url[: fan.url.index("/a/")]) for path in kept)


@asynccontextmanager
async def releases(site_url: str) -> AsyncIterator[tuple[str, list[str]]]:
    """The site behind an address of its own, and the name of its release, which the test may change."""
    names = [""]

    async def answer(request: web.Request) -> web.Response:
        async with aiohttp.ClientSession() as client, client.get(site_url + request.path_qs) as got:
            body = await got.read()
            if request.path == "/sw.js" and names[-1]:
                body = body.replace(b'"name": "', f'"name": "{names[-1]}'.encode(), 1)
            kept = {name: got.headers[name] for name in ("Content-Type", "Companion-Release") if name in got.headers}
            return web.Response(body=body, status=got.status, headers=kept)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}", names
    finally:
        await runner.cleanup()


async def test_a_new_version_waits_until_it_is_asked_for(tab: OpenTab) -> None:
    fan = await tab()
    origin, path = fan.url[: fan.url.index("/a/")], fan.url[fan.url.index("/a/") :]
    async with releases(origin) as (address, names):
        fan.url = address + path
        await fan.open()
        await is_kept(fan)
        await expect(fan.button("Reload")).to_have_count(0)
        await fan.page.get_by_label("Email").fill("half@typed")
        names.append("next")
        await fan.page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
        await expect(fan.page.get_by_text("A new version is ready.")).to_be_visible()
        await expect(fan.page.get_by_label("Email")).to_have_value("half@typed")
        await fan.picture("new-version")
        await fan.button("Not now").click()
        await expect(fan.button("Reload")).to_have_count(0)
        await fan.page.reload()
        await expect(fan.page.get_by_text("A new version is ready.")).to_be_visible()
        await fan.page.get_by_label("Email").fill("half@typed")
        await fan.button("Reload").click()
        await expect(fan.page.get_by_label("Email")).to_have_value("")
        await is_kept(fan)
        names_kept = await fan.page.evaluate("caches.keys()")
        assert len(names_kept) == 1
        assert names_kept[0].startswith("companion-next")


async def test_where_workers_are_blocked_the_app_works_without_one(tab: OpenTab) -> None:
    """Some blockers let the registration come to nothing."""
    fan = await tab()
    await fan.page.add_init_script("ServiceWorkerContainer.prototype.register = async () => undefined")
    await fan.sign_up()
    assert await fan.page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found === undefined)")
    assert fan.troubles == []
