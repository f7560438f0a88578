"""Usage over REST."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from billing import selectors
from billing.schemas import UsageOut
from tenancy.access import access_fan
from tenancy.accounts import bearer, login_of

router = Router(tags=["usage"], auth=bearer)


@router.get("/artists/{slug}/usage", operation_id="get_usage", response=UsageOut)
def get_usage(request: HttpRequest, slug: str) -> Any:
    """What you have used of each quota with this artist."""
    access = access_fan(login_of(request), slug)
    return {"quotas": selectors.quotas(artist=access.artist, fan=access.fan, now=datetime.now(UTC))}
