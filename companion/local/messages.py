"""`make messages`: collects what fans read from the code and brings locale/*/LC_MESSAGES/django.po up to date.

Texts are English in the code: gettext and ngettext in Python and JavaScript, translate and blocktranslate in templates.
The console is English only, so its files are left out. Strings of data (JSON) carry their languages beside them.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

from companion.local.catalogs import LOCALE, compile_catalogs, read_catalog
from companion.local.environment import ROOT

PACKAGES = ("companion", "tenancy", "billing", "moderation", "personas", "memory", "conversations")
INTERNAL = {"console", "migrations", "management", "local", "demo_data", "admin.py"}  # nothing there is for fans
TEMPLATES = ("fan", "accounts", "account", "emails")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
}
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A text at its place. `text` is a pair when it has a plural."""

    text: str | tuple[str, ...]
    path: str
    line: int
    comments: list[str]


def collect(root: Path = ROOT) -> Catalog:
    """Every text that the product marks, with the files that it stands in."""
    catalog = Catalog(project="Voice Companion", fuzzy=False)
    for found in _found(root):
        catalog.add(found.text, locations=[(found.path, 0)], auto_comments=found.comments)
    return catalog


def update(folder: Path = LOCALE, root: Path = ROOT) -> None:
    """Rewrites each language's file: new texts come in empty, those that no code has any more go."""
    collected = collect(root)
    for path in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        catalog = read_catalog(path)
        collected.creation_date = catalog.creation_date  # a date of today would be all that changed
        catalog.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        path.write_bytes(written(catalog))


def written(catalog: Catalog) -> bytes:
    """The .po file: sorted, with places but no line numbers, without what is not used any more."""
    file = BytesIO()
    write_po(file, catalog, width=WIDTH, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()


def _found(root: Path) -> Iterator[Found]:
    for package in PACKAGES:
        yield from _in_files(root, (root / package).rglob("*.py"), "python", lambda text: text)
    for folder in TEMPLATES:
        files = [path for path in (root / "templates" / folder).rglob("*") if path.is_file()]
        yield from _in_files(root, files, "python", templatize)
    scripts = (path for path in (root / "static" / "fan").rglob("*.js") if "catalogs" not in path.parts)
    yield from _in_files(root, scripts, "javascript", lambda text: text)


def _in_files(root: Path, files: Iterable[Path], method: str, read: Callable[[str], str]) -> Iterator[Found]:
    for path in sorted(files):
        place = path.relative_to(root)
        if INTERNAL.intersection(place.parts):
            continue
        source = BytesIO(read(path.read_text(encoding="utf-8")).encode())
        for line, text, comments, _context in extract(method, source, keywords=KEYWORDS, comment_tags=["Translators:"]):
            yield Found(text, place.as_posix(), line, comments)


def main() -> int:
    update()
    compile_catalogs()
    return 0


if __name__ == "__main__":
    sys.exit(main())
