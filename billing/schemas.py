"""What the API says of usage."""

from ninja import Schema

from companion.kernel.schemas import Moment


class QuotaOut(Schema):
    """`limit` null: without limit."""

    name: str
    used: int
    limit: int | None
    resets_at: Moment


class UsageOut(Schema):
    quotas: list[QuotaOut]
