"""Where the product finds its servers, and what it says when it cannot."""

import os
from pathlib import Path

import pytest

from companion.local.environment import DATABASES, MissingSetting, resolve
from companion.local.files import write_json

URLS = {name: f"postgresql://{name.lower()}@db/companion" for name in DATABASES} | {"REDIS_URL": "redis://cache/0"}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"COMPANION_DATA_DIR": str(tmp_path / "data")}


def test_the_environment_says_where_the_servers_are(environ: dict[str, str]) -> None:
    found = resolve(environ | URLS)

    assert [found.database_url, found.database_owner_url, found.database_system_url] == [URLS[n] for n in DATABASES]
    assert found.redis_url == URLS["REDIS_URL"]
    assert not found.production


def test_the_local_servers_say_it_where_the_environment_does_not(environ: dict[str, str]) -> None:
    folder = Path(environ["COMPANION_DATA_DIR"])
    folder.mkdir()
    write_json(folder / "servers.json", {name.lower(): f"local {name}" for name in URLS})

    assert resolve(environ).database_url == "local DATABASE_URL"
    assert resolve(environ | {"REDIS_URL": "redis://mine"}).redis_url == "redis://mine"


@pytest.mark.parametrize("missing", DATABASES)
def test_an_external_database_is_named_in_full_or_not_at_all(environ: dict[str, str], missing: str) -> None:
    given = {name: url for name, url in URLS.items() if name != missing}

    with pytest.raises(MissingSetting, match=f"^{missing} is not set"):
        resolve(environ | given)
    assert not Path(environ["COMPANION_DATA_DIR"]).exists()


@pytest.mark.parametrize("missing", [*URLS, "SECRET_KEY"])
def test_production_needs_every_setting_and_takes_none_from_local_servers(
    environ: dict[str, str], missing: str
) -> None:
    folder = Path(environ["COMPANION_DATA_DIR"])
    folder.mkdir()
    write_json(folder / "servers.json", {name.lower(): "local" for name in URLS})
    given = {name: text for name, text in (URLS | {"SECRET_KEY": "s3cret"}).items() if name != missing}

    with pytest.raises(MissingSetting, match=f"^{missing} is not set"):
        resolve(environ | given | {"COMPANION_ENV": "production"})
    assert not (folder / "secret_key").exists()


def test_without_servers_the_sentence_says_what_to_start(environ: dict[str, str]) -> None:
    with pytest.raises(MissingSetting, match="start them with `make run`, or set DATABASE_URL"):
        resolve(environ)


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(environ: dict[str, str]) -> None:
    first, second = resolve(environ | URLS), resolve(environ | URLS)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert os.stat(first.data_dir / "secret_key").st_mode & 0o777 == 0o600
    assert resolve(environ | URLS | {"SECRET_KEY": "given"}).secret_key == "given"
