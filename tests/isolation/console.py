"""The console as its own people and strangers open it: which row a page names, and answers that can be compared."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from tenancy.models import Fan, User
from tests.isolation.asking import Answer
from tests.isolation.surfaces import CAPTURED
from tests.isolation.world import World

PAGE = re.compile(r"^console/(?P<app>\w+)/(?P<model>\w+)/")
# A CSRF token is drawn anew for each page.
DRAWN = b"csrfmiddlewaretoken"
# The first page's figures move with the clock, and refusals lead there; tests/console/test_today.py looks at them.
# The palette says how long it searched.
MOVING = re.compile(rb'<div id="today-panels".*?<p id="today-age"|results in [0-9.]+ seconds', re.DOTALL)

# Pages that are closed to everybody, whoever's row it is.
CLOSED: dict[str, str] = {
    "tenancy/artist": "an artist is never deleted in the console",
    "tenancy/fan": "a fan leaves by erasure",
    "tenancy/killswitch": "off is off, and the reason stays",
    "personas/persona": "an artist has one, always",
    "personas/personaversion": "replies name the version that they came from",
    "moderation/rule": "rules are retired: decisions name them",
    "moderation/case": "cases are closed",
    "conversations/turn": "what was said stays",
    "conversations/report": "what was reported stays",
    "memory/sessionmark": "how far a fan's talk was read is the product's to know",
    "billing/usagerecord": "what was charged stays",
    "kernel/auditentry": "the chain cannot be cut",
}


def model_of(page: str) -> type[models.Model]:
    """The model of the row that a page names: by its address, but for a page below a model that names a fan."""
    if CAPTURED.findall(page) == ["fan"]:
        return Fan
    match = PAGE.match(page)
    assert match, page
    by_name = {(m._meta.app_label, m._meta.model_name): m for m in admin.site._registry}
    return by_name[match["app"], match["model"]]


def is_closed(page: str) -> bool:
    return page.endswith("/delete/") and page.removeprefix("console/").split("/<")[0] in CLOSED


def address(page: str, key: object) -> str:
    return f"/{CAPTURED.sub(str(key), page)}"


def logged_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def strangers(world: World) -> dict[str, Client]:
    """Who has no business in the victim's console: the other artist's owner, who may do most, fans of both, nobody."""
    people: Mapping[str, User | None] = {
        "the other artist's owner": world.strangers.members["owner"],
        "another fan of the artist": world.neighbour.user,
        "a fan of another artist": world.outsider.user,
        "anonymous": None,
    }
    return {who: logged_in(user) for who, user in people.items()}


def seen(client: Client, method: str, where: str, data: Mapping[str, object] | None = None) -> Answer:
    """The answer; and where it leads on within the console, what stands there, for that is where refusals are told."""
    response: Any = getattr(client, method)(where, data or {})
    body, status, locations = response.content, response.status_code, [response.get("Location", "")]
    while _leads_on(locations[-1]):
        response = client.get(locations[-1])
        body += response.content
        locations.append(response.get("Location", ""))
    shown = b"\n".join(line for line in MOVING.sub(b"", body).splitlines() if DRAWN not in line)
    return Answer(status, {"Location": " ".join(locations).strip()}, shown)


def _leads_on(location: str) -> bool:
    return location.startswith(reverse("admin:index")) and not location.startswith(reverse("admin:login"))


def told_apart(foreign: Answer, key: object, never: Answer, unknown: object) -> bool:
    """Whether the answers for two ids differ in anything but these ids."""
    return _plain(foreign, key, unknown) != _plain(never, key, unknown)


def _plain(answer: Answer, key: object, unknown: object) -> Answer:
    """Without either id. A short number stands in a page for other things too, so both go from both."""
    plain = answer.without(unknown).without(key)
    location = plain.headers["Location"].replace(str(unknown), "ID").replace(str(key), "ID")
    return Answer(plain.status, {"Location": location}, plain.body)


def identifying(row: models.Model) -> Iterator[tuple[str, UUID | int]]:
    """The fields by which a row could be picked or pointed to, with this row's values."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        points = field.primary_key or field.is_relation or isinstance(field, models.UUIDField)
        if points and isinstance(value, UUID | int):
            yield field.attname, value
            if field.name != field.attname:
                yield field.name, value
