"""The product as `make run` lays it out, with the scripted upstream, the floor and the load generator beside it."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg

from companion.local.catalogs import compile_catalogs
from companion.local.environment import DATABASES, ROOT
from companion.local.processes import dies_with_parent, free_port
from companion.local.servers import LocalServers

ARTIST = "aria"
START_S = 60.0
JOB_S = 120.0
EMBEDDED = "select count(*), count(embedding) from personas_chunk"


class LoadFailed(Exception):
    """A turn failed, or was not what it must be."""


class Program:
    """A child process that ends with us. What it prints on stderr is ours too."""

    def __init__(
        self, command: list[str], environ: Mapping[str, str], *, stdin: int | None = None, stdout: int | None = None
    ) -> None:
        prefix = dies_with_parent("KILL")
        self.process = subprocess.Popen(
            [*prefix, *command], cwd=ROOT, env=dict(environ), text=True, stdin=stdin, stdout=stdout
        )
        self._numbers = psutil.Process(self.process.pid)

    def cpu_s(self) -> float:
        """User and system seconds of all its threads."""
        times = self._numbers.cpu_times()
        return float(times.user + times.system)

    def own_memory(self) -> int:
        """Bytes that no other process shares."""
        return int(self._numbers.memory_full_info().uss)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Job:
    """A job of a load generator (client.py; the peers': peers/drive.py): started, ready, begun, answered."""

    def __init__(self, environ: Mapping[str, str], module: str = "bench.client", **job: Any) -> None:
        command = [sys.executable, "-m", module]
        self._program = Program(command, environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._write(json.dumps(job))

    def begin(self) -> None:
        """When it is ready. Called again for a job that waits in the middle."""
        if self._read() != "ready":
            raise LoadFailed("the load generator gave up: its words are above")
        self._write("go")

    def answer(self) -> dict[str, Any]:
        answer = self._read()
        if self._program.process.wait(JOB_S) != 0 or not answer:
            raise LoadFailed("the load generator gave up: its words are above")
        result: dict[str, Any] = json.loads(answer)
        return result

    def stop(self) -> None:
        self._program.stop()

    def _write(self, line: str) -> None:
        assert self._program.process.stdin is not None
        self._program.process.stdin.write(line + "\n")
        self._program.process.stdin.flush()

    def _read(self) -> str:
        assert self._program.process.stdout is not None
        return str(self._program.process.stdout.readline()).strip()


class Stage:
    """Everything that a figure needs: two addresses to load, and what can be measured of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()
        self._environ = _environment(folder)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._servers = LocalServers(self.folder, self._environ)
            stack.callback(self._servers.stop)
            self._servers.start()
            self.urls = self._servers.urls()
            self._prepare()
            self.upstream = self._start_upstream(stack)
            self._environ["COMPANION_LLM_BASE_URL"] = self.upstream
            self.web = _serve([sys.executable, "-m", "companion.serve"], self._environ, stack, "/readyz")
            floor = {**self._environ, "PORT": str(free_port())}
            self.floor = _serve([sys.executable, "-m", "bench.floor", floor["PORT"]], floor, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def environ(self) -> Mapping[str, str]:
        """Of every process on it."""
        return self._environ

    def pace(self, *, first_ms: float, interval_ms: float, tokens: int) -> None:
        """How the upstream answers from now on."""
        body = {"first_s": first_ms / 1000, "interval_s": interval_ms / 1000, "tokens": tokens}
        address = self.upstream.removesuffix("/v1") + "/pace"
        urllib.request.urlopen(address, json.dumps(body).encode(), timeout=5).close()

    @contextmanager
    def job(self, kind: str, target: "Served", **fields: Any) -> Iterator[Job]:
        tokens = self.tokens if target is self.web else []
        job = Job(self._environ, kind=kind, url=target.url, slug=ARTIST, tokens=tokens, **fields)
        try:
            yield job
        finally:
            job.stop()

    def _prepare(self) -> None:
        """Tables, the demo artist with her corpus embedded, and the fans."""
        models = subprocess.Popen(
            [sys.executable, "-m", "companion.local.models", str(self.folder)], cwd=ROOT, stdout=subprocess.DEVNULL
        )
        compile_catalogs()
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        demo = json.loads(self.manage("demo", "--json"))
        self.demo_fan: dict[str, str] = demo["fan"]
        self.staff: list[dict[str, str]] = demo["logins"]
        fans = self.manage("load_fans", "--artist", ARTIST, "--count", "2200", "--json")
        loaded = json.loads(fans)
        self.tokens = [fan["access_token"] for fan in loaded]
        self.fans = [fan["email"] for fan in loaded]
        if models.wait() != 0:
            raise RuntimeError("the offline embeddings' graph was not made")
        with ExitStack() as stack:
            for name in ("worker", "scheduler"):
                manage = [sys.executable, "manage.py", name]
                stack.callback(Program(manage, self._environ, stdout=subprocess.DEVNULL).stop)
            self._await_corpus()

    def _await_corpus(self) -> None:
        """Until the worker has embedded every chunk."""
        with psycopg.connect(self.urls["database_superuser_url"], autocommit=True) as connection:
            until = time.monotonic() + START_S
            while time.monotonic() < until:
                chunks, embedded = connection.execute(EMBEDDED).fetchone() or (0, 0)
                if chunks and chunks == embedded:
                    return
                time.sleep(0.1)
        raise RuntimeError("the worker did not embed the corpus")

    def manage(self, *command: str) -> str:
        """What a management command prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self._environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def _start_upstream(self, stack: ExitStack) -> str:
        command = [sys.executable, "-m", "bench.upstream"]
        program = Program(command, self._environ, stdout=subprocess.PIPE)
        stack.callback(program.stop)
        assert program.process.stdout is not None
        return str(json.loads(program.process.stdout.readline())["url"])


class Served:
    """A process that listens: its address, and what it has used."""

    def __init__(self, program: Program, port: str) -> None:
        self.program = program
        self.url = f"http://127.0.0.1:{port}"


def _serve(command: list[str], environ: dict[str, str], stack: ExitStack, probe: str = "/") -> Served:
    """Returns when it answers with anything but a refusal to connect (the product: when it is ready)."""
    environ = {"PORT": str(free_port())} | environ
    program = Program(command, environ)
    stack.callback(program.stop)
    served = Served(program, environ["PORT"])
    until = time.monotonic() + START_S
    while time.monotonic() < until and program.process.poll() is None:
        try:
            urllib.request.urlopen(served.url + probe, timeout=2).close()
        except urllib.error.HTTPError as answer:
            if answer.code != 503:
                return served
        except OSError:
            time.sleep(0.05)
        else:
            return served
        time.sleep(0.05)
    raise RuntimeError(f"{' '.join(command)} did not start")


def _environment(folder: Path) -> dict[str, str]:
    """Ours without what names other servers; limits off, as the contract lets load tests have it."""
    left_out = (*DATABASES, "REDIS_URL", "SECRET_KEY", "COMPANION_ENV", "DJANGO_SETTINGS_MODULE", "PORT")
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    metrics = folder / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    (folder / "static").mkdir(exist_ok=True)
    return environ | {
        "COMPANION_DATA_DIR": str(folder),
        "COMPANION_RATE_LIMITS": "off",
        "COMPANION_LLM": "openai",
        "COMPANION_LLM_BASE_URL": "http://127.0.0.1:9/v1",  # replaced when the upstream has its port
        "COMPANION_LLM_MODEL": "scripted",
        "COMPANION_LOG_LEVEL": "WARNING",
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
    }


def allow_many_sockets() -> None:
    """For us and for every process that we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
