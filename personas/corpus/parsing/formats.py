"""The text of each type of file. Runs in the limited process alone (child.py), on whatever somebody uploaded."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
import pypdf
from docx.table import Table

from personas.corpus.failures import Unreadable
from personas.corpus.files import CUE, text_of

# What a docx may unpack to: a bomb says so in its own list of contents.
LARGEST_UNPACKED = 200 * 1024 * 1024
TAG = re.compile(r"<[^>]{0,80}>|\{\\[^}]{0,40}\}")


def read(file_type: str, content: bytes) -> Iterator[str]:
    """Pieces of the text in order, each a page, a paragraph or all of it. Raises Unreadable."""
    try:
        yield from READERS[file_type](content)
    except (Unreadable, MemoryError):
        raise
    except RecursionError as error:
        raise Unreadable("too_heavy") from error
    except Exception as error:  # of pypdf, docx, lxml, zlib: a damaged file finds what none of them has foreseen
        raise Unreadable("damaged") from error


def _plain(content: bytes) -> Iterator[str]:
    yield text_of(content)


def _subtitles(content: bytes) -> Iterator[str]:
    """What is said, without numbers, times and marks; a cue that goes on in the next one is one sentence with it."""
    said: list[str] = []
    for line in text_of(content).splitlines():
        words = TAG.sub("", line).strip()
        if words and not words.isdigit() and not CUE.match(words):
            said.append(words)
    yield " ".join(said)


def _pdf(content: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("encrypted")
    for page in reader.pages:
        yield _joined(page.extract_text())


def _docx(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
            raise Unreadable("too_heavy")
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield "\n".join(" | ".join(cell.text for cell in row.cells) for row in block.rows)
        else:
            yield block.text


def _joined(page: str) -> str:
    """A line of a PDF ends where the paper does: words that were parted are put together, and lines of a paragraph."""
    page = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", page)
    return re.sub(r"(?<![.!?:”\"])\n(?=\S)", " ", page)


READERS = {"txt": _plain, "md": _plain, "srt": _subtitles, "pdf": _pdf, "docx": _docx}
