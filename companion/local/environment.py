"""Where the product's servers and secrets are: the environment says, else the local servers of `make run`.

Pure standard library, so that it can answer before Django, or any dependency, is imported.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from companion.local.files import keep_once, read_json
from companion.local.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SYSTEM_URL")


class MissingSetting(Refusal):
    """A variable that the product needs is not set; the text names it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Addresses as URLs: the application's role, the role that migrates, the role of relay and sweeps; Redis."""

    database_url: str
    database_owner_url: str
    database_system_url: str
    redis_url: str
    secret_key: str
    data_dir: Path
    production: bool


def resolve(environ: Mapping[str, str]) -> Environment:
    """The settings of this process. Raises MissingSetting.

    A variable of the environment counts first. Outside production the local servers' own file
    ($COMPANION_DATA_DIR/servers.json) says the rest, and the secret key is made once and kept beside it.
    """
    production = environ.get("COMPANION_ENV", "") == "production"
    data = data_dir(environ)
    found = {} if production else read_json(data / "servers.json")
    found = {name: str(found.get(name.lower(), "")) for name in (*DATABASES, "REDIS_URL")}
    if external_database(environ):
        found.update({name: environ[name] for name in DATABASES})
    found["REDIS_URL"] = environ.get("REDIS_URL") or found["REDIS_URL"]
    for name, value in found.items():
        if not value:
            raise MissingSetting(_missing(name, production))
    return Environment(
        database_url=found["DATABASE_URL"],
        database_owner_url=found["DATABASE_OWNER_URL"],
        database_system_url=found["DATABASE_SYSTEM_URL"],
        redis_url=found["REDIS_URL"],
        secret_key=_secret_key(environ, data, production),
        data_dir=data,
        production=production,
    )


def data_dir(environ: Mapping[str, str]) -> Path:
    """Where everything that a machine keeps lies: $COMPANION_DATA_DIR, else .data in the checkout."""
    return Path(environ.get("COMPANION_DATA_DIR") or ROOT / ".data").absolute()


def external_database(environ: Mapping[str, str]) -> bool:
    """Whether the environment brings its own Postgres. Its three addresses come together: raises MissingSetting."""
    given = [name for name in DATABASES if environ.get(name)]
    if not given:
        return False
    for name in DATABASES:
        if name not in given:
            raise MissingSetting(
                f"{name} is not set, but {given[0]} is: set all of {', '.join(DATABASES)}"
                " (docs/architecture.md, Tenancy, says what each role is for), or none for the embedded Postgres."
            )
    return True


def _missing(name: str, production: bool) -> str:
    if production:
        return f"{name} is not set: COMPANION_ENV=production needs it."
    return f"{name} is not set and no local servers run here: start them with `make run`, or set {name}."


def _secret_key(environ: Mapping[str, str], data: Path, production: bool) -> str:
    key = environ.get("SECRET_KEY")
    if key:
        return key
    if production:
        raise MissingSetting(_missing("SECRET_KEY", production))
    return keep_once(data / "secret_key", secrets.token_urlsafe(48))
