"""Static files: an address of a release's own, modules asked for at once, the worker, and the weight of it all."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.test import Client

from companion.fan.modules import FOLDER, every_module, modules_of, view_modules
from companion.fan.release import static_release
from tenancy.models import Artist
from tests.fan_app.wire import fetch
from tests.web import WebProcess

IMPORTED = re.compile(r'(?:\bfrom|^import) "\./([^"]+)"', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)  # types are imported in comments
MODULE = re.compile(r'<link rel="modulepreload" href="([^"]+)"')
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
ICON = re.compile(r'<link rel="icon" href="([^"]+)"')
FIRST_LOAD_BYTES = 120_000


def page_of(web: WebProcess, artist: Artist, cookie: str = "") -> str:
    """The artist's page from the web process, whose release is that of the files when it started."""
    _, headers, body = fetch(f"{web.url}/a/{artist.slug}", Cookie=cookie)
    assert headers["content-encoding"] == "gzip"
    return gzip.decompress(body).decode()


def static_of(page: str) -> str:
    """Where the page's release has its files: /static/<release>/."""
    return "/".join(STYLE.findall(page)[0].split("/")[:3]) + "/"


def test_a_release_is_named_after_what_is_in_it(tmp_path: Path) -> None:
    tree, versions = tmp_path / "static", tmp_path / "requirements.txt"
    (tree / "js").mkdir(parents=True)
    (tree / "js" / "a.js").write_text("1")
    versions.write_text("django==5")
    names = [static_release(tree, versions)]
    assert static_release(tree, versions) == names[0]
    (tree / "js" / "a.js").write_text("2")
    names.append(static_release(tree, versions))
    (tree / "js" / "a.js").rename(tree / "js" / "b.js")
    names.append(static_release(tree, versions))
    versions.write_text("django==6")
    names.append(static_release(tree, versions))
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("view", sorted(view_modules()))
def test_a_page_names_every_module_that_its_first_screen_imports(view: str) -> None:
    named = modules_of(view, "en")
    assert named[0] == "main.js"
    assert view_modules()[view] in named
    for name in named:
        for other in IMPORTED.findall(COMMENT.sub("", (FOLDER / name).read_text())):
            assert other in named, f"{name} imports {other}"
    assert len(set(named)) == len(named)


def test_a_page_in_another_language_names_its_catalog() -> None:
    assert "catalogs/es.js" in modules_of("signup", "es")
    assert "catalogs/es.js" not in modules_of("signup", "en")


def test_files_are_kept_for_good_and_those_of_another_release_are_not(web: WebProcess, artist: Artist) -> None:
    status, headers, body = fetch(f"{web.url}{static_of(page_of(web, artist))}fan/js/main.js")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "br"
    status, headers, other = fetch(f"{web.url}/static/000000000000/fan/js/main.js")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert b"Puts the page together" in other
    assert len(body) < len(other)
    for path in ("fan/js/main.js.br", "fan/js/nothing.js", "../secret_key", "%2e%2e/secret_key"):
        assert fetch(f"{web.url}/static/000000000000/{path}")[0] in (400, 404), path


def test_the_worker_keeps_files_that_are_there(web: WebProcess, artist: Artist) -> None:
    static = static_of(page_of(web, artist))
    status, headers, body = fetch(f"{web.url}/sw.js", Accept_Encoding="identity")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert headers["content-type"].startswith("text/javascript")
    told = re.match(r"self\.release = (\{.*?\});\nimportScripts\((\".*?\")\);", body.decode())
    assert told
    release = json.loads(told[1])
    assert (f"/static/{release['name']}/", release["static"]) == (static, static)
    assert {f"{static}fan/js/{name}" for name in every_module()} < set(release["files"])
    for path in (*release["files"], json.loads(told[2])):
        assert fetch(web.url + path)[0] == 200, path


@pytest.mark.parametrize("cookie", ["", "signed_in=1"])
def test_the_first_load_weighs_less_than_120_kb(web: WebProcess, artist: Artist, cookie: str) -> None:
    """Page, styles, icon, and the modules of every screen: what is not asked for at once comes when the page idles."""
    home = f"{web.url}/a/{artist.slug}"
    page = page_of(web, artist, cookie)
    screens = {f"{static_of(page)}fan/js/{name}" for name in every_module() if not name.startswith("catalogs/")}
    asked = {*STYLE.findall(page), *MODULE.findall(page), *ICON.findall(page)}
    assert len(asked) > 15
    weights = {home: len(fetch(home, Cookie=cookie)[2])}
    for path in asked | screens:
        status, _, file = fetch(urljoin(home, path))
        assert status == 200, path
        weights[path] = len(file)
    assert sum(weights.values()) < FIRST_LOAD_BYTES, weights


def test_the_first_paint_waits_for_nothing_but_html_and_css(artist: Artist) -> None:
    head = Client().get(f"/a/{artist.slug}").content.decode().split("</head>")[0]
    assert re.findall(r"<script(?! type=\"module\")", head) == []
    assert "@import" not in "".join(path.read_text() for path in (FOLDER.parent / "css").glob("*.css"))
    assert "@font-face" not in "".join(path.read_text() for path in (FOLDER.parent / "css").glob("*.css"))
    assert max(head.rfind(style) for style in STYLE.findall(head)) < head.find("modulepreload")
