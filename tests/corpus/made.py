"""Files of each type, made by the test that uploads them."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

SRT = """1
00:00:01,000 --> 00:00:03,000
<i>I wrote it</i> on a

2
00:00:03,500 --> 00:00:05,000
ferry.
"""
FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}


def pdf(pages: Sequence[str], *, password: str = "") -> bytes:
    writer = PdfWriter()
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in FONT.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    for words in pages:
        page = writer.add_blank_page(595, 842)
        if words:
            drawn = DecodedStreamObject()
            drawn.set_data(f"BT /F1 12 Tf 40 800 Td ({words}) Tj ET".encode())
            page[NameObject("/Contents")] = drawn
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password:
        writer.encrypt(password, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def word(*paragraphs: str, cells: Sequence[str] = ()) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cells:
        row = document.add_table(1, len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A docx of some kilobytes that unpacks to so much."""
    out = BytesIO(word("Hello."))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("word/more.xml", "w") as part:
        for _ in range(megabytes):
            part.write(bytes(1024 * 1024))
    return out.getvalue()


def deep(levels: int) -> bytes:
    """A docx whose text lies so deep in elements that reading it never comes to an end."""
    return _changed("Hello.", lambda content: content.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * levels))


def half_a_word(text: str) -> bytes:
    """A docx that is a sound archive, and whose XML breaks off."""
    return _changed(text, lambda content: content[: len(content) // 2])


def _changed(text: str, change: Callable[[bytes], bytes]) -> bytes:
    whole, out = BytesIO(word(text)), BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in source.namelist():
            content = source.read(name)
            parts.writestr(name, change(content) if name == "word/document.xml" else content)
    return out.getvalue()
