"""Cursor pagination: newest first, by id. UUIDv7 ids are ordered by time, so no page shifts when rows are added."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from companion.kernel.errors import FieldError, ValidationFailed

MOST = 100


class PageQuery(Schema):
    """`?limit=&cursor=` of every list."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 30
    cursor: Annotated[str, Field(max_length=40)] | None = None

    def before(self) -> UUID | None:
        """The id that the page ends before. Raises ValidationFailed for a cursor that is not ours."""
        if not self.cursor:
            return None
        try:
            return UUID(self.cursor)
        except ValueError:
            raise ValidationFailed(errors=(FieldError("cursor", "cursor", "This is no cursor of ours."),)) from None


Page = Annotated[PageQuery, Query()]
