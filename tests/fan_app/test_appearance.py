"""What makes the app an artist's own: colours, icon, manifest."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from companion.fan.colours import PORTRAIT, Oklch, inks, paper
from tenancy.models import Artist

CSS = Path(settings.BASE_DIR) / "static" / "fan" / "css"
SHADE = r"oklch\(([.\d]+) ([.\d]+) calc\(var\(--accent-hue\) ([+-] \d+)\)\)"
STOP = re.compile(rf"^\.(\w+?)(?:-(\d))? \{{ (?:stop-color|stroke): {SHADE}")


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        (Oklch(1, 0, 0), "#ffffff"),
        (Oklch(0, 0, 0), "#000000"),
        (Oklch(0.62796, 0.25768, 29.234), "#ff0000"),
        (Oklch(0.86644, 0.29483, 142.495), "#00ff00"),
        (Oklch(0.45201, 0.31321, 264.052), "#0000ff"),
        (Oklch(0.9, 0.4, 150), "#00ff00"),  # outside of sRGB: cut off at its edge
    ],
)
def test_a_colour_is_what_css_makes_of_it(colour: Oklch, expected: str) -> None:
    assert colour.hex() == expected


def test_the_portrait_has_the_same_colours_as_a_picture_and_in_the_page() -> None:
    parts = (CSS / "parts.css").read_text()
    found = {}
    for name, number, lightness, chroma, by in (m.groups() for m in map(STOP.match, parts.splitlines()) if m):
        key = "_".join(filter(None, (name, number)))
        found[key] = (float(lightness), float(chroma), int(by.replace(" ", "")))
    for number in "123":
        sky = re.search(f"--sky-{number}: {SHADE}", parts)
        assert sky
        found[f"sky_{number}"] = (float(sky[1]), float(sky[2]), int(sky[3].replace(" ", "")))
    assert found == PORTRAIT


def test_the_theme_is_one_number(artist: Artist) -> None:
    answer = Client().get(f"/a/{artist.slug}/theme.css")
    assert answer.content.decode() == ":root { --accent-hue: 210; }\n"
    assert answer["Content-Type"] == "text/css"
    assert Client(headers={"If-None-Match": answer["ETag"]}).get(f"/a/{artist.slug}/theme.css").status_code == 304


def test_the_icon_is_drawn_in_the_artists_colours(artist: Artist) -> None:
    answer = Client().get(f"/a/{artist.slug}/icon.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    picture = answer.content.decode()
    assert set(inks(210).values()) <= set(re.findall(r"#[0-9a-f]{6}", picture))
    assert inks(42)["sky_1"] not in picture


def test_a_phone_can_install_the_artists_app(artist: Artist) -> None:
    answer = Client().get(f"/a/{artist.slug}/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    home = f"/a/{artist.slug}"
    assert (manifest["start_url"], manifest["scope"], manifest["id"]) == (home, home, home)
    assert (manifest["name"], manifest["short_name"]) == ("Wren Castell, AI persona", "Wren Castell")
    assert manifest["display"] == "standalone"
    assert manifest["theme_color"] == paper("light", 210)
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == [f"{home}/artist", f"{home}/settings"]
    assert {(icon["sizes"], icon.get("purpose", "any")) for icon in manifest["icons"]} == {
        ("any", "any"),
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for shortcut in manifest["shortcuts"]:
        assert Client().get(shortcut["url"]).status_code == 200
    for icon in manifest["icons"][1:]:
        file = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        assert file
        picture = Path(str(file)).read_bytes()
        width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
        assert f"{width}x{height}" == icon["sizes"]
