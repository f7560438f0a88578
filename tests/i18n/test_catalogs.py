"""Every language says everything: no text of the product is left out, and none lost its placeholders."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from companion.local import messages
from companion.local.catalogs import LOCALE, categories, languages, read_catalog, sources, texts
from companion.local.environment import ROOT

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}|%[sd]", re.IGNORECASE)
FILES = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
MARK = re.compile(r"(?<![\w.])n?gettext\(")


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return messages.collect()


@pytest.fixture(params=FILES, ids=[path.parts[-3] for path in FILES])
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return read_catalog(request.param)


def test_there_is_a_language_beside_english() -> None:
    assert "es" in languages()


def test_every_text_is_translated(collected: Catalog, catalog: Catalog) -> None:
    wanted = [message.id for message in collected if message.id]
    assert wanted
    missing = [text for text in wanted if not _translated(catalog.get(text))]
    assert missing == [], "run `make messages`, then translate what is empty"


def test_none_is_left_that_no_code_has_any_more(collected: Catalog, catalog: Catalog) -> None:
    assert [message.id for message in catalog if message.id and message.id not in collected] == []
    assert not catalog.obsolete


def test_none_is_a_guess(catalog: Catalog) -> None:
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_placeholders_agree(catalog: Catalog) -> None:
    assert [message.id for message in catalog if message.id and not _same_placeholders(message)] == []


def test_every_plural_has_each_form_of_its_language(catalog: Catalog) -> None:
    forms = set(categories(catalog).values())
    assert forms == set(range(catalog.num_plurals))
    assert [m.id for m in catalog if m.pluralizable and len(texts(m)) != catalog.num_plurals] == []


def test_the_file_is_as_make_messages_writes_it(collected: Catalog, tmp_path: Path) -> None:
    for path in FILES:
        copy = tmp_path / path.relative_to(LOCALE)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(path.read_bytes())
    messages.update(tmp_path)
    changed = [p.parts[-3] for p in FILES if (tmp_path / p.relative_to(LOCALE)).read_bytes() != p.read_bytes()]
    assert changed == [], "run `make messages`"


def test_every_mark_in_the_pages_modules_is_collected(collected: Catalog) -> None:
    """A text put together from parts at run time would be marked and yet never translated."""
    places = Counter(place for message in collected for place, _line in message.locations)
    for path in (ROOT / "static" / "fan").rglob("*.js"):
        if path.name == "i18n.js" or "catalogs" in path.parts:
            continue
        marked = bool(MARK.search(path.read_text(encoding="utf-8")))
        assert marked == bool(places[path.relative_to(ROOT).as_posix()]), path.name


def _translated(message: Message | None) -> bool:
    return message is not None and all(texts(message))


def _same_placeholders(message: Message) -> bool:
    """A form for one thing alone may name it in words (`un mensaje`); what is named must exist in the source."""
    allowed = set(PLACEHOLDER.findall(" ".join(sources(message))))
    needed = set(PLACEHOLDER.findall(sources(message)[-1]))
    forms = [set(PLACEHOLDER.findall(text)) for text in texts(message)]
    return all(form <= allowed for form in forms) and forms[-1] == needed
