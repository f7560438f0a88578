"""What is remembered of a fan, over REST: hers to see, to put right and to have forgotten."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from companion.kernel import limits
from companion.kernel.ids import id_of
from companion.kernel.paging import Page
from memory import selectors, services
from memory.schemas import MemoryIn, MemoryOut, MemoryPage, MemorySettingsIn, MemorySettingsOut
from tenancy.access import access_fan
from tenancy.accounts import bearer, login_of
from tenancy.context import tenant
from tenancy.contracts import FanAccess

router = Router(tags=["memory"], auth=bearer)


@router.get("/artists/{slug}/memories", operation_id="list_memories", response=MemoryPage, exclude_unset=True)
def list_memories(request: HttpRequest, slug: str, page: Page) -> Any:
    """What is remembered of you, newest first, each with the words in which you said it."""
    access = access_fan(login_of(request), slug)
    items, cursor = selectors.memories(artist=access.artist, fan=access.fan, before=page.before(), limit=page.limit)
    return {"items": items, "next_cursor": cursor}


@router.patch(
    "/artists/{slug}/memories/{memory}", operation_id="correct_memory", response=MemoryOut, exclude_unset=True
)
def correct_memory(request: HttpRequest, slug: str, memory: str, body: MemoryIn) -> Any:
    """You put it right; the old wording is forgotten."""
    access, key = _writer(request, slug), id_of(memory)
    services.correct(key, body.text, artist=access.artist, fan=access.fan, now=datetime.now(UTC))
    with tenant(access.artist, fan=access.fan):
        return selectors.as_json(selectors.memory_of(key, fan=access.fan))


@router.delete("/artists/{slug}/memories/{memory}", operation_id="forget_memory", response={204: None})
def forget_memory(request: HttpRequest, slug: str, memory: str) -> Any:
    """It is forgotten, with what was said of it until now."""
    access = _writer(request, slug)
    services.forget_one(id_of(memory), artist=access.artist, fan=access.fan, now=datetime.now(UTC))
    return Status(204, None)


@router.delete("/artists/{slug}/memories", operation_id="forget_memories", response={204: None})
def forget_memories(request: HttpRequest, slug: str) -> Any:
    """Everything is forgotten that you said until now."""
    access = _writer(request, slug)
    services.forget_all(artist=access.artist, fan=access.fan, now=datetime.now(UTC))
    return Status(204, None)


@router.get("/artists/{slug}/memory-settings", operation_id="get_memory_settings", response=MemorySettingsOut)
def get_memory_settings(request: HttpRequest, slug: str) -> Any:
    """What you allow to be remembered."""
    access = access_fan(login_of(request), slug)
    return _settings(selectors.settings_of(artist=access.artist, fan=access.fan))


@router.patch("/artists/{slug}/memory-settings", operation_id="change_memory_settings", response=MemorySettingsOut)
def change_memory_settings(request: HttpRequest, slug: str, body: MemorySettingsIn) -> Any:
    """Changes what you allow to be remembered."""
    access = _writer(request, slug)
    changed = services.set_settings(
        artist=access.artist,
        fan=access.fan,
        paused=body.paused,
        special_categories=body.special_categories,
        now=datetime.now(UTC),
    )
    return _settings(changed)


def _writer(request: HttpRequest, slug: str) -> FanAccess:
    """A fan who may not write may still have things forgotten: it is her right."""
    access = access_fan(login_of(request), slug)
    limits.check(limits.WRITES, str(access.person.id))
    return access


def _settings(row: Any) -> dict[str, bool]:
    return {"paused": row.paused, "special_categories": row.special_categories}
