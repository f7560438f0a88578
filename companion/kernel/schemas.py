"""Field types that the API's schemas share: times as the contract writes them, text that Postgres takes."""

import unicodedata
from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext
from pydantic import AfterValidator, PlainSerializer, StringConstraints, WithJsonSchema

from companion.kernel.clock import rfc3339

LINE_BREAKS = "\n\t"


def readable(text: str) -> str:
    """Refuses control characters other than line feed and tab (contract.md, "REST")."""
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in LINE_BREAKS for character in text):
        raise ValueError(gettext("control characters are not taken here"))
    return text


def one_line(text: str) -> str:
    """The same for what stands within a line: a name, of which a prompt, an e-mail or a list makes one."""
    if any(unicodedata.category(character) in ("Zl", "Zp") or character in LINE_BREAKS for character in text):
        raise ValueError(gettext("line breaks are not taken here"))
    return readable(text)


Moment = Annotated[
    datetime, PlainSerializer(rfc3339, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
Words = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(readable)]
Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(one_line)]
