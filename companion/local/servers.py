"""The embedded servers together, and the file that tells other programs where they are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from companion.local.environment import external_database
from companion.local.files import write_json
from companion.local.postgres import SUPERUSER, Postgres
from companion.local.redis import Redis
from companion.local.server import EmbeddedServer

DATABASE = "companion"
OWNER, APPLICATION, SYSTEM = "companion_owner", "companion_app", "companion_system"
ROLES = {
    OWNER: "create role companion_owner login createdb",
    APPLICATION: "create role companion_app login",
    SYSTEM: "create role companion_system login",
}


class LocalServers:
    """Postgres and Redis as far as the environment does not bring its own; servers.json says where they are."""

    def __init__(self, data: Path, environ: Mapping[str, str], *, durable: bool = True) -> None:
        """Raises MissingSetting when the environment names only a part of an external Postgres."""
        self._record = data / "servers.json"
        self.postgres = None if external_database(environ) else Postgres(data / "postgres", durable=durable)
        self.redis = None if environ.get("REDIS_URL") else Redis(data / "redis", durable=durable)

    def start(self) -> None:
        """Returns when the servers answer, the roles and the database are there and servers.json is written."""
        self._record.unlink(missing_ok=True)
        if self.postgres is not None:
            self.postgres.start()
            bootstrap(self.postgres)
        if self.redis is not None:
            self.redis.start()
        write_json(self._record, self.urls())

    def stop(self) -> None:
        self._record.unlink(missing_ok=True)
        for server in self.all().values():
            server.stop()

    def all(self) -> dict[str, EmbeddedServer]:
        """The servers that are ours, by name."""
        servers: dict[str, EmbeddedServer | None] = {"postgres": self.postgres, "redis": self.redis}
        return {name: server for name, server in servers.items() if server is not None}

    def urls(self) -> dict[str, str]:
        """The content of servers.json. Migrations run as the owner; row security does not bind the superuser."""
        urls = {}
        if self.postgres is not None:
            urls = {
                "database_url": self.postgres.url(APPLICATION, DATABASE),
                "database_owner_url": self.postgres.url(OWNER, DATABASE),
                "database_system_url": self.postgres.url(SYSTEM, DATABASE),
                "database_superuser_url": self.postgres.url(SUPERUSER, DATABASE),
            }
        return urls | ({"redis_url": self.redis.url} if self.redis is not None else {})


@contextmanager
def running(data: Path, environ: Mapping[str, str], *, durable: bool) -> Iterator[LocalServers]:
    """Servers for the length of a block, stopped however it ends."""
    servers = LocalServers(data, environ, durable=durable)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def bootstrap(postgres: Postgres) -> None:
    """Roles, database and extension; whatever is there already stays."""
    with psycopg.connect(postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        roles = {name for (name,) in connection.execute("select rolname from pg_roles")}
        for role, statement in ROLES.items():
            if role not in roles:
                connection.execute(statement)
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            create = sql.SQL("create database {} owner {}")
            connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    with psycopg.connect(postgres.url(SUPERUSER, DATABASE), autocommit=True) as connection:
        connection.execute("create extension if not exists vector")
        connection.execute(sql.SQL("alter schema public owner to {}").format(sql.Identifier(OWNER)))
