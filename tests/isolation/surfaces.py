"""Everything that can be asked for: routes, operations, frames and pages, walked from the code that serves them.

What names an object by id is a case of the isolation tests. Everything else stands in a list here with its reason.
A thing that is in neither fails `test_surfaces.py`, and so does a line of a list that names nothing any more.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

API = "api/v1/"
CONSOLE = "console/"
CAPTURED = re.compile(r"<(?:\w+:)?(\w+)>")

# -- lists of what names no object -----------------------------------------------------------------------------------

OPERATIONS_WITHOUT_ID: dict[str, str] = {
    "list_artists": "artists are public; the cursor is one of their ids, which the public list itself gives out",
    "get_artist": "an artist is public, by slug",
    "list_disclosures": "texts for the person who asks; an artist only lends her public name",
    "join_artist": "makes the person who asks a fan of an artist who is public; the ids are of texts, the same for all",
    "get_usage": "the fan who asks, by her own token",
    "send_message": "client_message_id is looked up among the sender's own turns: test_api.py, two fans with one",
    "end_session": "the fan who asks, by her own token",
    "forget_memories": "the fan who asks, by her own token",
    "get_memory_settings": "the fan who asks, by her own token",
    "change_memory_settings": "the fan who asks, by her own token",
    "create_ticket": "for the fan who asks, by her own token; the ticket itself is a secret, not an id",
    "get_me": "the person who asks, by her own token",
    "list_sessions": "the person who asks, by her own token",
    "end_sessions": "the person who asks, by her own token: test_sessions.py, another's log-in goes on",
    "update_me": "the person who asks, by her own token",
}
ROUTES_WITHOUT_ID: dict[str, str] = {
    "": "leads to the artist whom the installation shows first",
    "a/<str:slug>": "the fan app's page, by the artist's public slug: the same for everybody who comes",
    "a/<str:slug>/": "leads to the same page",
    "a/<str:slug>/login": "the same page",
    "a/<str:slug>/forgot": "the same page",
    "a/<str:slug>/artist": "the same page",
    "a/<str:slug>/settings": "the same page",
    "a/<str:slug>/memories": "the same page",
    "a/<str:slug>/theme.css": "an artist's public colours",
    "a/<str:slug>/icon.svg": "an artist's public colours",
    "a/<str:slug>/manifest.webmanifest": "an artist's public name",
    "sw.js": "the service worker, the same for everybody",
    "static/<slug:release>/<path:path>": "files of the release, the same for everybody",
    "confirm-email/<str:key>": "the key is a signed secret out of an e-mail, not an id",
    "reset-password/<str:key>": "the key is a signed secret out of an e-mail, not an id",
    "livez": "of the process",
    "readyz": "of the process",
    "metrics": "sums over the process; no label names a tenant",
    "api/v1/openapi.json": "the schema, the same for everybody",
    "api/v1/": "the name of the API's root; there is nothing there",
}
ALLAUTH = "_allauth/"  # the account of whoever shows its own token, password, or a code that was sent to her
SOCKETS: dict[str, str] = {
    r"^ws/v1/artists/(?P<slug>[-\w]+)/chat$": "opened by a ticket, a secret of one fan; its frames are walked apart",
}
FRAMES_WITHOUT_ID: dict[str, str] = {
    "message.send": "client_message_id is looked up among the sender's own turns: test_api.py, two fans with one",
    "ping": "names nothing",
}
PAGES_WITHOUT_ID: dict[str, str] = {
    "console/": "the first page, of the artist who was chosen",
    "console/today/": "the figures of the artist who was chosen, for the refresh",
    "console/tenancy/killswitch/set/": "names a surface of the artist who was chosen, no row: test_switches_page.py",
    "console/tenancy/killswitch/reach/": "which processes obey; the same for everybody",
    "console/personas/mood/timeline/": "of the artist who was chosen, by a date: test_timeline.py, another's entries",
    "console/personas/document/upload/": "adds to the artist who was chosen: tests/console/test_corpus.py",
    "console/personas/document/rebuild/": "of the artist who was chosen: tests/console/test_corpus.py",
    "console/personas/document/standing/": "counts of the artist who was chosen: tests/console/test_corpus.py",
    "console/corpus/ask/": "chunks of the artist who was chosen: tests/console/test_corpus.py",
    "console/personas/mood/timeline/skip/": "names a row in its form: test_timeline.py, another's is not found",
    "console/moderation/case/queue/": "cases of the artist who was chosen: tests/console/test_queue.py",
    "console/moderation/rule/try/": "the rules of the artist who was chosen: tests/console/test_rule_try.py",
    "console/artist/": "names an artist: test_console.py, a stranger cannot choose her",
    "console/search/": "finds pages, not rows: test_console.py, search and completion",
    "console/autocomplete/": "finds rows by a word: test_console.py, search and completion",
    "console/code/": "the second step of whoever gave the password: tests/console/test_totp.py",
    "console/two-step/": "one's own; of a member by id in the body: tests/console/test_totp.py",
    "console/kernel/auditentry/chain/": "a sentence about the chain of all",
    "console/kernel/auditentry/verify/": "starts the check of the chain of all",
    "console/kernel/auditentry/export/": "the list under its filter: test_audit.py, another artist's entries",
    "console/login/": "by e-mail and password; says the same whoever it is (tests/console)",
    "console/logout/": "ends the session of whoever asks",
    "console/password_change/": "of whoever asks, by the old password",
    "console/password_change/done/": "a sentence",
    "console/jsi18n/": "texts of the interface",
    "console/^(?P<app_label>kernel|moderation|tenancy|billing|personas|memory|conversations)/$": "pages, not rows",
    "console/(?P<url>.*)$": "leads to the address with a slash, whatever it is",
}
# These are walked by test_console.py for every model: lists under filters by id, and forms with foreign ids.
LISTS_AND_FORMS = re.compile(r"^console/\w+/\w+/(add/)?$")


# -- walking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path of the REST API; `ids` are the parameters that name an object below the artist."""

    id: str
    method: str
    path: str
    ids: tuple[str, ...]
    cursor: bool


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every address that Django answers, as it is written in the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address


def operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation of an OpenAPI document."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            names = {(p["in"], p["name"]) for p in operation.get("parameters", ())}
            ids = tuple(name for place, name in sorted(names) if place == "path" and name != "slug")
            yield Operation(operation["operationId"], method.upper(), path, ids, ("query", "cursor") in names)


def naming_operations(schema: Mapping[str, Any]) -> list[Operation]:
    """Those that name an object by id: in the path, or as the cursor of a list that is not public."""
    found = (operation for operation in operations(schema) if operation.id not in OPERATIONS_WITHOUT_ID)
    return [operation for operation in found if operation.ids or operation.cursor]


def client_frames(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of each frame that a client may send, by the frame's type."""
    frames = schema["$defs"]["client"]["oneOf"]
    return {frame["properties"]["type"]["const"]: sorted(set(frame["properties"]) - {"type"}) for frame in frames}


def naming_frames(schema: Mapping[str, Any]) -> list[str]:
    return [frame for frame, fields in client_frames(schema).items() if "turn" in fields]


def naming_pages(found: Iterable[str]) -> list[str]:
    """Pages of the console whose address carries an id."""
    return [
        page for page in found if page.startswith(CONSOLE) and CAPTURED.search(page) and page not in PAGES_WITHOUT_ID
    ]


# -- what is in neither ------------------------------------------------------------------------------------------------


def unaccounted(found: Collection[str], cases: Collection[str], listed: Collection[str]) -> list[str]:
    """What is neither a case nor listed, and what is listed and not there."""
    new = [f"new, neither tested nor listed: {name}" for name in found if name not in cases and name not in listed]
    gone = [f"listed, but not there any more: {name}" for name in listed if name not in found]
    both = [f"listed, but it is a case: {name}" for name in listed if name in cases]
    return new + gone + both


def unaccounted_operations(schema: Mapping[str, Any]) -> list[str]:
    """A listed operation whose path has come to carry an id is no longer without one."""
    found = list(operations(schema))
    cases = [operation.id for operation in naming_operations(schema)]
    hidden = [f"listed, but it names an object: {o.id}" for o in found if o.ids and o.id in OPERATIONS_WITHOUT_ID]
    return unaccounted([operation.id for operation in found], cases, OPERATIONS_WITHOUT_ID) + hidden


def unaccounted_routes(found: Collection[str], schema: Mapping[str, Any]) -> list[str]:
    """Outside the console: what the OpenAPI document does not have, and is not listed."""
    documented = {
        CAPTURED.sub(r"<\1>", path.strip("/").replace("{", "<").replace("}", ">")) for path in schema["paths"]
    }
    others = [route for route in found if not route.startswith((CONSOLE, ALLAUTH))]
    return unaccounted(others, documented, ROUTES_WITHOUT_ID)


def unaccounted_pages(found: Collection[str]) -> list[str]:
    pages = [route for route in found if route.startswith(CONSOLE)]
    cases = {*naming_pages(pages), *(page for page in pages if LISTS_AND_FORMS.match(page))} - PAGES_WITHOUT_ID.keys()
    return unaccounted(pages, cases, PAGES_WITHOUT_ID)
