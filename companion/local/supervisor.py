"""`make run`: servers, preparation, then web, worker and scheduler, each started again when it dies, until a signal."""

import asyncio
import fcntl
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from prometheus_client.multiprocess import mark_process_dead

from companion.local import parent
from companion.local.announcement import Announcement
from companion.local.child import Child
from companion.local.environment import DATABASES, data_dir
from companion.local.output import Output
from companion.local.preparation import MANAGE, prepare
from companion.local.processes import free_port, listening
from companion.local.refusal import Refusal
from companion.local.servers import LocalServers

MAX_PORT = 65535
READY_S = 60.0
PORT_FREE_S = 1.0  # how long the port of a run that was killed may linger
AFTER_DRAIN_S = 5.0
WATCH_S = 0.25
BACKOFF_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)  # waits before a new start, one after another
BACKGROUND = ("nice", "-n", "10")  # on a small machine turns come before jobs
SETTLED_S = 30.0  # a process that lived so long begins again at the first wait


class Supervisor:
    """One run of the product."""

    def __init__(self, environ: Mapping[str, str], output: Output) -> None:
        """Raises Refusal when the settings cannot work."""
        self._data = data_dir(environ)
        self._metrics = self._data / "metrics"
        self._output = output
        self._host = environ.get("COMPANION_HOST", "127.0.0.1")
        self._port = _port(environ)
        self._drain_s = _number(environ, "COMPANION_DRAIN_S", 10)
        self._environ = dict(environ) | {"COMPANION_DATA_DIR": str(self._data), "PYTHONUNBUFFERED": "1"}
        self._servers = LocalServers(self._data, environ)
        self._stopping = asyncio.Event()
        self._announcement: Announcement | None = None
        self._keepers: list[asyncio.Task[None]] = []
        served = self._environ | {"PORT": str(self._port), "PROMETHEUS_MULTIPROC_DIR": str(self._metrics)}
        commands = {
            "web": (sys.executable, "-m", "companion.serve"),
            "worker": (*BACKGROUND, *MANAGE, "worker"),
            "scheduler": (*MANAGE, "scheduler"),
        }
        self._children = [Child(name, command, served, output) for name, command in commands.items()]

    async def run(self) -> None:
        """Returns when all is stopped again. Raises Refusal, then too with nothing left running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._stopping.set)
        work = asyncio.create_task(self._work())
        told = [asyncio.create_task(self._stopping.wait()), asyncio.create_task(parent.ended())]
        await asyncio.wait([work, *told], return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        for task in (work, *told):
            task.cancel()
        await asyncio.wait([work, *told])
        await self._shut_down()
        if not work.cancelled():
            work.result()

    async def _work(self) -> None:
        await self._port_is_ours()
        self._servers.start()
        for name, server in self._servers.all().items():
            self._output.line(name, f"listens on 127.0.0.1:{server.port}")
        logins = await prepare(self._data, self._environ, self._output)
        shutil.rmtree(self._metrics, ignore_errors=True)
        self._metrics.mkdir()
        web, *others = self._children
        await self._begin(web)
        self._keepers.append(asyncio.create_task(self._watch_servers()))
        await self._web_is_ready()
        for child in others:
            await self._begin(child)
        given = {name.lower(): self._environ[name] for name in (*DATABASES, "REDIS_URL") if name in self._environ}
        sends_mail = bool(self._environ.get("COMPANION_SMTP_URL"))
        self._announcement = Announcement(self._url(), given | self._servers.urls(), logins, self._data, sends_mail)
        self._record()
        self._output.say(self._announcement.greeting())
        await asyncio.wait(self._keepers, return_when=asyncio.FIRST_EXCEPTION)
        self._raise_what_a_keeper_met()

    async def _begin(self, child: Child) -> None:
        await child.start()
        self._keepers.append(asyncio.create_task(self._keep(child)))

    async def _port_is_ours(self) -> None:
        until = time.monotonic() + PORT_FREE_S
        while listening(self._host, self._port):
            if time.monotonic() > until:
                raise Refusal(
                    f"Port {self._port} is taken: end the program that listens there,"
                    f" or choose another port: PORT={self._port + 1} make run"
                )
            await asyncio.sleep(WATCH_S)

    async def _keep(self, child: Child) -> None:
        """Starts the child again whenever it ends, until we stop."""
        failures = 0
        while True:
            started = time.monotonic()
            status = await child.ended()
            if child.process is not None:
                mark_process_dead(child.process.pid, str(self._metrics))  # type: ignore[no-untyped-call]  # so in the library
            if self._stopping.is_set():
                return
            if self._announcement is None:
                raise Refusal(f"The process `{child.name}` does not start: its output above says why.")
            failures = 0 if time.monotonic() - started > SETTLED_S else failures
            wait = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
            failures += 1
            self._output.line(child.name, f"ended with status {status}; it starts again in {wait} s")
            await asyncio.sleep(wait)
            if self._stopping.is_set():
                return
            await child.start()
            self._record()

    async def _watch_servers(self) -> None:
        """An embedded server that died comes back on its port; its data is what it had acknowledged."""
        while not self._stopping.is_set():
            for name, server in self._servers.all().items():
                if server.running():
                    continue
                self._output.line(name, "ended; it starts again")
                try:
                    server.start()
                except Refusal as refusal:
                    self._output.line(name, str(refusal))
                self._record()
            await asyncio.sleep(WATCH_S)

    async def _web_is_ready(self) -> None:
        until = time.monotonic() + READY_S
        reason = "it does not answer"
        while time.monotonic() < until:
            self._raise_what_a_keeper_met()
            reason = await asyncio.to_thread(_not_ready, f"{self._url()}/readyz")
            if not reason:
                return
            await asyncio.sleep(WATCH_S)
        raise Refusal(f"The web process is not ready after {READY_S:.0f} s: {reason}.")

    def _raise_what_a_keeper_met(self) -> None:
        for keeper in self._keepers:
            if keeper.done():
                keeper.result()

    def _url(self) -> str:
        host = "127.0.0.1" if self._host == "0.0.0.0" else self._host  # noqa: S104  # compared, not bound
        return f"http://{host}:{self._port}"

    def _record(self) -> None:
        """Once the product is ready, and after every new start."""
        if self._announcement is None or self._stopping.is_set():
            return
        pids = {child.name: child.pid for child in self._children}
        pids |= {name: server.pid for name, server in self._servers.all().items()}
        self._announcement.write({name: pid for name, pid in pids.items() if pid is not None})

    async def _shut_down(self) -> None:
        if self._announcement is not None:
            self._announcement.withdraw()
            self._output.say(f"\nStopping; running replies have {self._drain_s:.0f} s to end.")
        await asyncio.gather(*(child.stop(within_s=self._drain_s + AFTER_DRAIN_S) for child in self._children))
        for keeper in self._keepers:
            keeper.cancel()
        if self._keepers:
            await asyncio.wait(self._keepers)
        self._servers.stop()
        self._output.say("Stopped.")


def run(environ: Mapping[str, str], output: Output) -> None:
    """Until a signal. One run a data directory. Raises Refusal."""
    if environ.get("COMPANION_ENV") == "production":
        raise Refusal("`make run` is for one person's machine: in production each process runs by itself (README.md).")
    data = data_dir(environ)
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                f"Another `make run` works on {data}: stop it, or give this one a place of its own:"
                " COMPANION_DATA_DIR=… PORT=… make run"
            ) from None
        (data / "run.json").unlink(missing_ok=True)  # of a run that was killed
        asyncio.run(_supervise(environ, output))


async def _supervise(environ: Mapping[str, str], output: Output) -> None:
    await Supervisor(environ, output).run()


def _port(environ: Mapping[str, str]) -> int:
    """PORT; 0 stands for any free one."""
    port = int(_number(environ, "PORT", 8000))
    if not 0 <= port <= MAX_PORT:
        raise Refusal(f"PORT must be between 0 and {MAX_PORT}, not {port}.")
    return port or free_port()


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name) or str(default)
    try:
        return float(text)
    except ValueError:
        raise Refusal(f"{name} must be a number, not {text!r}.") from None


def _not_ready(url: str) -> str:
    """Empty when the product answers that it is ready, else what is in the way."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # our own http address
            return ""
    except urllib.error.HTTPError as answer:
        return f"/readyz says {answer.read().decode(errors='replace')[:500]}"
    except OSError as error:
        return str(error)
