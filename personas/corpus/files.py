"""What may be uploaded, told by its content. The name has to say the same, so that nobody is surprised."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from companion.kernel.errors import TooLarge, UnsupportedMediaType, ValidationFailed

LARGEST = 20 * 1024 * 1024
TEXT_TYPES = ("txt", "md", "srt")
TYPES = (*TEXT_TYPES, "pdf", "docx")
TAKEN = "Text (.txt), Markdown (.md), subtitles (.srt), PDF and Word (.docx) files are taken."
# Where a reader looks for the mark of a PDF (ISO 32000, annex H, implementation note 13).
PDF_HEAD = 1024
ZIP = b"PK\x03\x04"
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
CUE = re.compile(r"\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->\s*\d{1,2}:\d{2}:\d{2}")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def check_size(size: int) -> None:
    """Before anything is read. Raises TooLarge, and ValidationFailed for nothing."""
    if size > LARGEST:
        raise TooLarge(f"A file may have {LARGEST // 2**20} MB; this one has {size / 2**20:.1f} MB.")
    if not size:
        raise ValidationFailed("The file is empty.")


def type_of(name: str, content: bytes) -> str:
    """One of TYPES. Raises UnsupportedMediaType where content and name do not agree, or it is none of them."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    found = _types_of(content)
    if ending in found:
        return ending
    if ending in TYPES:
        raise UnsupportedMediaType(f"The file is named .{ending}, but its content is {_told(found)}. {TAKEN}")
    raise UnsupportedMediaType(f"Files named .{ending or '?'} are not taken. {TAKEN}")


def text_of(content: bytes) -> str:
    """The characters of a text file: UTF-8, UTF-16 with its mark, else Windows' Western code page."""
    if content.startswith(UTF16_MARKS):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _types_of(content: bytes) -> Sequence[str]:
    if b"%PDF-" in content[:PDF_HEAD]:
        return ("pdf",)
    if content.startswith(ZIP):
        return ("docx",) if b"word/" in content else ()
    if not content.startswith(UTF16_MARKS) and CONTROLS.search(content):
        return ()
    return TEXT_TYPES if CUE.search(text_of(content[:4096])) else ("txt", "md")


def _told(found: Sequence[str]) -> str:
    return "that of a ." + found[0] if found else "something else"
