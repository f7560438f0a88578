"""What fans read, in their languages: locale/<language>/LC_MESSAGES/django.po, compiled for Django and for the page.

A language is its .po file: adding one adds the language everywhere. The server reads the .mo beside it; the page reads
static/fan/js/catalogs/<language>.js, with the texts of JavaScript alone. Both are made here and kept out of git.
"""

import json
import sys
from collections.abc import Iterator
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from companion.local.environment import ROOT
from companion.local.files import write_whole

LOCALE = ROOT / "locale"
SCRIPTS = ROOT / "static" / "fan" / "js" / "catalogs"
SAMPLES = (*range(201), 1_000, 1_000_000, 1_000_001)  # numbers that between them reach every plural category


def languages(folder: Path = LOCALE) -> tuple[str, ...]:
    """The languages that have a file, as the page names them (`pt-br`); English, the source, has none."""
    return tuple(sorted(path.parts[-3].replace("_", "-").lower() for path in _files(folder)))


def compile_catalogs(folder: Path = LOCALE, scripts: Path = SCRIPTS) -> None:
    """Brings what is made of the .po files up to date. A file that is right already is not touched."""
    made = set()
    for path in _files(folder):
        catalog = read_catalog(path)
        _write(path.with_suffix(".mo"), _compiled(catalog))
        script = scripts / f"{path.parts[-3].replace('_', '-').lower()}.js"
        _write(script, _script(catalog).encode())
        made.add(script)
    for left in set(scripts.glob("*.js")) - made:
        left.unlink(missing_ok=True)


def read_catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def texts(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one a plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def sources(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def categories(catalog: Catalog) -> dict[str, int]:
    """Which plural form of the file each of the language's categories (as Intl.PluralRules names them) stands for."""
    form_of = c2py(catalog.plural_expr)
    category_of = Locale.parse(str(catalog.locale)).plural_form
    found = {"other": catalog.num_plurals - 1}  # in some languages only fractions are of it, of which gettext has none
    found.update({category_of(number): form_of(number) for number in reversed(SAMPLES)})
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/django.po"))


def _compiled(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def _script(catalog: Catalog) -> str:
    forms = categories(catalog)
    entries = dict(sorted(_entries(catalog, forms)))
    return f"export default {json.dumps(entries, ensure_ascii=False, indent=0)};\n"


def _entries(catalog: Catalog, forms: dict[str, int]) -> Iterator[tuple[str, str | dict[str, str]]]:
    for message in catalog:
        used = any(place.endswith(".js") for place, _line in message.locations)
        if not message.id or not used or not all(texts(message)):
            continue
        yield sources(message)[0], _entry(message, forms)


def _entry(message: Message, forms: dict[str, int]) -> str | dict[str, str]:
    strings = texts(message)
    return {category: strings[form] for category, form in forms.items()} if message.pluralizable else strings[0]


def _write(path: Path, content: bytes) -> None:
    """In one step, for two starts at once; not at all when it says this already, so that its time stays."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


if __name__ == "__main__":
    compile_catalogs()
    sys.exit(0)
