"""What a fan may write: 1 to 4,000 characters after trimming; emoji, joiners and direction marks are kept."""

import hashlib
import unicodedata

from companion.kernel.errors import FieldError, ValidationFailed
from companion.kernel.words import gettext_noop as _
from companion.kernel.words import sentence

LONGEST = 4000
LONGEST_ID = 100
KEPT_CONTROLS = "\n\t"
# Embeddings, overrides and isolates reorder what others read; the marks (LRM, RLM, ALM) only help.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_text(text: str) -> str:
    """The text as it is stored. Raises ValidationFailed naming the field `text`."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise invalid("text", "blank", _("Write something."))
    if len(text) > LONGEST:
        raise invalid(
            "text",
            "too_long",
            sentence(_("At most {limit} characters; this has {count}."), limit=LONGEST, count=len(text)),
        )
    if any(_is_refused(character) for character in text):
        raise invalid("text", "characters", _("This text has control characters that cannot be taken."))
    return text


def check_client_message_id(value: str) -> str:
    """Raises ValidationFailed naming the field `client_message_id`."""
    if not 1 <= len(value) <= LONGEST_ID or not value.isprintable():
        raise invalid("client_message_id", "format", f"1 to {LONGEST_ID} printable characters.")
    return value


def body_hash(text: str) -> bytes:
    """What makes two bodies the same message: SHA-256 of the text as stored."""
    return hashlib.sha256(text.encode()).digest()


def invalid(field: str, code: str, message: str) -> ValidationFailed:
    return ValidationFailed(message, errors=(FieldError(field, code, message),))


def _is_refused(character: str) -> bool:
    if character in BIDI_CONTROLS:
        return True
    # Cs: half of a surrogate pair, which no UTF-8 can carry.
    return unicodedata.category(character) in ("Cc", "Cs") and character not in KEPT_CONTROLS
