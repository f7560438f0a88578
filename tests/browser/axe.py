"""axe (npm's axe-core) over a page as it stands: WCAG 2.2 A and AA, and what axe calls good practice."""

from functools import cache
from typing import Any

from playwright.async_api import Page

from companion.local.environment import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter((one) => one.effect.getTiming().iterations < Infinity).map((one) => one.finished))"""
# What Unfold does as a page loads; it does not follow who changes the scheme afterwards.
DARK = "(isDark) => document.documentElement.classList.toggle('dark', isDark)"


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


async def violations(page: Page, *, root: str = "html") -> list[str]:
    """What axe finds, as `rule: where (what it says)`, once nothing moves any more that will come to rest."""
    await page.evaluate(SETTLED)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_source())
    found = await page.evaluate(
        "([root, tags]) => axe.run(root, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        [root, list(TAGS)],
    )
    return [_sentence(rule, node) for rule in found["violations"] for node in rule["nodes"]]


async def violations_in_both_schemes(page: Page) -> list[str]:
    """The same of a page of the console that stands in the light, and of that page in the dark."""
    found = await violations(page)
    await page.emulate_media(color_scheme="dark")
    await page.evaluate(DARK, True)
    found += [f"dark: {sentence}" for sentence in await violations(page)]
    await page.emulate_media(color_scheme="light")
    await page.evaluate(DARK, False)
    return found


def _sentence(rule: dict[str, Any], node: dict[str, Any]) -> str:
    why = next((check["message"] for kind in ("any", "all", "none") for check in node[kind]), rule["help"])
    return f"{rule['id']}: {' '.join(map(str, node['target']))} ({why})"
