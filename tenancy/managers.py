"""Managers that cannot forget the tenant."""

from typing import TypeVar

from django.db import models

from tenancy import context

M = TypeVar("M", bound=models.Model, covariant=True)


class TenantManager(models.Manager[M]):
    """Filters by the artist in scope and raises Unscoped without one."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(artist_id=context.current())

    def across_tenants(self) -> models.QuerySet[M]:
        """Every artist's rows, as the system role: relay, sweeps, commands. Never on a fan's or staff's path."""
        return super().get_queryset().using("system")


class SharedManager(TenantManager[M]):
    """Rows of the artist in scope and rows that belong to no artist (global rules and switches)."""

    def get_queryset(self) -> models.QuerySet[M]:
        mine = models.Q(artist_id=context.current()) | models.Q(artist_id__isnull=True)
        return models.Manager.get_queryset(self).filter(mine)


class PersonalManager(TenantManager[M]):
    """Rows of the artist in scope, or of the person in scope across artists (fans, staff roles)."""

    def get_queryset(self) -> models.QuerySet[M]:
        user = context.current_user()
        if user is not None:
            return models.Manager.get_queryset(self).filter(user_id=user)
        return super().get_queryset()
