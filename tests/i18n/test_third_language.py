"""A further language is a file in locale/: made here in a folder of its own, with words that are nobody's."""

import json
import subprocess
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from companion.local import messages
from companion.local.catalogs import compile_catalogs, languages, read_catalog, texts

POLISH = "nplurals=4; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : n!=1 ? 2 : 3);"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A locale/ with one empty file for a language of four plural forms."""
    path = tmp_path / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    head = f'Content-Type: text/plain; charset=utf-8\\n"\n"Language: pl\\n"\n"Plural-Forms: {POLISH}\\n'
    path.write_text(f'msgid ""\nmsgstr ""\n"{head}"\n', encoding="utf-8")
    return tmp_path / "locale"


def test_its_file_alone_makes_it_a_language(folder: Path) -> None:
    assert languages(folder) == ("pl",)


def test_make_messages_fills_the_file_with_everything_to_translate(folder: Path) -> None:
    messages.update(folder)
    assert {m.id for m in _catalog(folder)} == {m.id for m in messages.collect()}


def test_what_it_says_reaches_the_server_and_the_page(folder: Path, tmp_path: Path) -> None:
    _say_everything(folder)
    compile_catalogs(folder, tmp_path / "scripts")
    with (folder / "pl" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        server = GNUTranslations(file)
    assert server.gettext("Settings") == "⟦Settings⟧"
    page = _script(tmp_path)
    assert page
    assert all("⟦" in json.dumps(entry, ensure_ascii=False) for entry in page.values())


def test_its_plural_forms_are_told_apart_by_the_pages_own_rules(folder: Path, tmp_path: Path) -> None:
    path = folder / "pl" / "LC_MESSAGES" / "django.po"
    catalog = _catalog(folder)
    catalog.add(("{count} song", "{count} songs"), ("a", "b", "c", "d"), locations=[("static/fan/js/x.js", 1)])
    path.write_bytes(messages.written(catalog))
    compile_catalogs(folder, tmp_path / "scripts")
    assert _script(tmp_path)["{count} song"] == {"one": "a", "few": "b", "many": "c", "other": "d"}


def test_compiling_again_touches_nothing_and_a_language_that_went_is_cleared_away(folder: Path, tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    _say_everything(folder)
    compile_catalogs(folder, scripts)
    before = (scripts / "pl.js").stat().st_mtime_ns
    compile_catalogs(folder, scripts)
    assert (scripts / "pl.js").stat().st_mtime_ns == before
    (folder / "pl" / "LC_MESSAGES" / "django.po").unlink()
    compile_catalogs(folder, scripts)
    assert list(scripts.glob("*.js")) == []


def _catalog(folder: Path) -> Catalog:
    return read_catalog(folder / "pl" / "LC_MESSAGES" / "django.po")


def _say_everything(folder: Path) -> None:
    messages.update(folder)
    catalog = _catalog(folder)
    for message in catalog:
        if message.id:
            marked = f"⟦{message.id if isinstance(message.id, str) else message.id[1]}⟧"
            message.string = (marked,) * 4 if message.pluralizable else marked
            assert all(texts(message))
    (folder / "pl" / "LC_MESSAGES" / "django.po").write_bytes(messages.written(catalog))


def _script(tmp_path: Path) -> dict[str, object]:
    """The module's object, as node reads it."""
    module = (tmp_path / "scripts" / "pl.js").as_uri()
    code = f"console.log(JSON.stringify((await import({json.dumps(module)})).default))"
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", code], capture_output=True, text=True, check=True, timeout=30
    )
    read: dict[str, object] = json.loads(done.stdout)
    return read
