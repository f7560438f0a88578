"""The first wall, model by model: a manager cannot forget the tenant. Row security is out of the way here.

Each read goes through the system role, for whom every row is visible: what is missing was left out by Python alone.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models

from tenancy.context import Unscoped, person, tenant
from tenancy.managers import PersonalManager, TenantManager
from tests.isolation.walls import tenant_models
from tests.isolation.world import World

# The kernel imports no app, so its tables have no scoped manager; who reads them, and what keeps tenants apart there.
UNMANAGED = {
    "kernel.OutboxEvent": "written by the application, read by the relay alone, as the system role",
    "kernel.AuditNote": "the application may only insert; the appender reads, as the system role",
    "kernel.AuditEntry": "read on the console's one page, whose queryset names the artist; row security holds the same",
    "kernel.AuditContent": "read by the seq of an entry that the console's page has found; row security holds the same",
}
MODELS = [model for model in tenant_models() if model._meta.label not in UNMANAGED]


def complaints(model: type[models.Model], world: World) -> Iterator[str]:
    """What is wrong with the managers of a model, as sentences."""
    theirs = _every(model).filter(artist_id=world.tenants.victim)
    if not theirs.exists():
        yield f"{model.__name__}: has no row to try the managers with"
    for manager in (*model._meta.managers, model._base_manager):
        if _answers(manager):
            yield f"{model.__name__}.{manager.name}: answers without a tenant"
        with tenant(world.tenants.stranger):
            if manager.using("system").filter(artist_id=world.tenants.victim).exists():
                yield f"{model.__name__}.{manager.name}: shows another artist's rows"
        with tenant(world.tenants.victim):
            if not manager.using("system").filter(pk__in=theirs).exists():
                yield f"{model.__name__}.{manager.name}: hides the artist's own rows"


def _answers(manager: models.Manager[Any]) -> bool:
    """Whether it takes a question here, where there is no tenant."""
    try:
        manager.all().exists()
    except Unscoped:
        return False
    return True


def _every(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of every artist."""
    return models.QuerySet(model, using="system")


def test_a_model_without_a_scoped_manager_stands_in_the_list() -> None:
    unscoped = {m._meta.label for m in tenant_models() if not isinstance(m._default_manager, TenantManager)}
    assert unscoped == set(UNMANAGED)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_managers_show_a_tenant_its_own_rows_alone(world: World, model: type[models.Model]) -> None:
    assert list(complaints(model, world)) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_manager_without_its_scope_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, model: type[models.Model]
) -> None:
    monkeypatch.setattr(model._default_manager, "get_queryset", lambda: models.QuerySet(model))
    found = list(complaints(model, world))
    assert f"{model.__name__}.objects: answers without a tenant" in found
    assert f"{model.__name__}.objects: shows another artist's rows" in found


@pytest.mark.parametrize(
    "model", [m for m in MODELS if isinstance(m._default_manager, PersonalManager)], ids=lambda model: model._meta.label
)
def test_a_person_sees_across_artists_only_what_is_her_own(world: World, model: type[models.Model]) -> None:
    with person(world.herself.user.id):
        shown = set(model._default_manager.using("system").values_list("user_id", flat=True))
    assert shown <= {world.herself.user.id}
    assert _every(model).exclude(user_id=world.herself.user.id).exists()


def test_another_tenant_cannot_be_entered_inside_a_tenants_transaction(world: World) -> None:
    with tenant(world.tenants.victim):
        with pytest.raises(Unscoped), tenant(world.tenants.stranger):
            pass
        with pytest.raises(Unscoped), tenant(world.tenants.victim, fan=world.tenants.fan):
            pass
