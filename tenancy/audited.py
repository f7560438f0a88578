"""Saving and deleting a row together with its entry for the audit chain, for services alone."""

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from companion.kernel import audit
from tenancy import context


def snapshot(instance: models.Model) -> dict[str, Any]:
    """The fields that staff may edit, as JSON-able values."""
    values = {f.attname: f.value_from_object(instance) for f in instance._meta.concrete_fields if f.editable}
    copied: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return copied


def write(instance: models.Model, *, actor: str, subject: UUID | None = None, reason: str = "") -> None:
    """Inserts or updates a row of the artist in scope and notes what changed; an equal row is left alone."""
    before = type(instance)._default_manager.filter(pk=instance.pk).first()
    if before is not None and snapshot(before) == snapshot(instance):
        return
    if hasattr(instance, "artist_id"):
        instance.artist_id = context.current()
    instance.save(force_insert=before is None)
    note(
        instance,
        "changed" if before else "created",
        {"before": snapshot(before) if before else None, "after": snapshot(instance)},
        actor=actor,
        subject=subject,
        reason=reason,
    )


def remove(instance: models.Model, *, actor: str, subject: UUID | None = None) -> None:
    """Deletes a row of the artist in scope and notes what it was."""
    before, key = snapshot(instance), instance.pk
    instance.delete()
    instance.pk = key
    note(instance, "deleted", {"before": before, "after": None}, actor=actor, subject=subject)


def note(
    instance: models.Model,
    verb: str,
    content: dict[str, Any],
    *,
    actor: str,
    subject: UUID | None = None,
    reason: str = "",
) -> None:
    """One entry about a row of the artist in scope; the action is `<model>.<verb>`."""
    name = str(instance._meta.model_name)
    audit.record(
        f"{name}.{verb}",
        actor=actor,
        artist=context.current(),
        object_type=name,
        object_id=instance.pk,
        content=content | ({"reason": reason} if reason else {}),
        subject=subject,
    )
