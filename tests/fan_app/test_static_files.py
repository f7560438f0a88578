"""Static files as HTTP has them: conditions, ranges, methods, and nothing but what was collected."""

import pytest
from django.conf import settings

from tests.fan_app.wire import fetch
from tests.web import WebProcess

SCRIPT = "fan/js/main.js"


def asked(web: WebProcess, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What the release's file is answered with, uncompressed unless it is asked for; `path` begins in its folder."""
    return fetch(f"{web.url}{settings.STATIC_URL}{path}", method, **{"Accept_Encoding": "identity", **headers})


def test_a_file_says_what_it_is_and_that_browsers_must_not_guess(web: WebProcess) -> None:
    status, headers, body = asked(web, SCRIPT)
    assert status == 200
    assert headers["content-type"].startswith("text/javascript")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert int(headers["content-length"]) == len(body) == (settings.STATIC_ROOT / SCRIPT).stat().st_size
    assert "set-cookie" not in headers


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_a_file_comes_in_the_smallest_form_that_the_browser_takes(
    web: WebProcess, accepted: str, encoding: str | None
) -> None:
    status, headers, body = asked(web, SCRIPT, Accept_Encoding=accepted)
    assert (status, headers.get("content-encoding"), headers["vary"]) == (200, encoding, "Accept-Encoding")
    assert int(headers["content-length"]) == len(body)


def test_what_the_browser_has_is_not_sent_again(web: WebProcess) -> None:
    tag = asked(web, SCRIPT)[1]["etag"]
    status, headers, body = asked(web, SCRIPT, If_None_Match=tag)
    assert (status, headers["etag"], body) == (304, tag, b"")
    assert asked(web, SCRIPT, If_None_Match='"another"')[0] == 200


def test_a_part_of_a_file_can_be_asked_for(web: WebProcess) -> None:
    whole = asked(web, SCRIPT)[2]
    status, headers, body = asked(web, SCRIPT, Range="bytes=2-5")
    assert (status, headers["content-range"], body) == (206, f"bytes 2-5/{len(whole)}", whole[2:6])
    status, headers, body = asked(web, SCRIPT, Range=f"bytes={len(whole)}-")
    assert (status, headers["content-range"], body) == (416, f"bytes */{len(whole)}", b"")


def test_files_are_only_read(web: WebProcess) -> None:
    whole = asked(web, SCRIPT)[1]["content-length"]
    status, headers, body = asked(web, SCRIPT, "HEAD")
    assert (status, headers["content-length"], body) == (200, whole, b"")
    status, headers, _ = asked(web, SCRIPT, "POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path", ["", "fan/js", "fan/js/nothing.js", f"{SCRIPT}.br", "../secret_key", "%2e%2e/secret_key"]
)
def test_nothing_else_is_found(web: WebProcess, path: str) -> None:
    assert asked(web, path)[0] in (400, 404)
