"""The peers' servers: each by its own command, in its own environment, before the scripted upstream."""

import json
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from bench.peers.environments import HERE, NotInstalled, ensure
from bench.product import Program
from companion.local.processes import free_port

START_S = 180.0
INHERITED = ("HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "SSL_CERT_FILE")
QUIET = {"DO_NOT_TRACK": "1", "ANONYMIZED_TELEMETRY": "False", "SCARF_NO_ANALYTICS": "true", "HF_HUB_OFFLINE": "1"}
# What it does besides the chat, and what it would fetch from elsewhere: off, to its favour.
OPEN_WEBUI = {
    "ENABLE_OLLAMA_API": "False",
    "RAG_EMBEDDING_ENGINE": "openai",
    "OFFLINE_MODE": "True",
    "ENABLE_VERSION_UPDATE_CHECK": "False",
    "ENABLE_TITLE_GENERATION": "False",
    "ENABLE_TAGS_GENERATION": "False",
    "ENABLE_FOLLOW_UP_GENERATION": "False",
    "ENABLE_AUTOCOMPLETE_GENERATION": "False",
    "GLOBAL_LOG_LEVEL": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a peer runs: its programs, a folder, a database and a port of its own; the key that callers need."""

    programs: Path
    folder: Path
    database: str
    port: int
    upstream: str
    key: str


Launch = tuple[list[str], dict[str, str]]


def litellm(place: Place) -> Launch:
    model = {"model": "openai/scripted", "api_base": place.upstream, "api_key": "none"}
    config = {"model_list": [{"model_name": "scripted", "litellm_params": model}]}
    path = place.folder / "config.yaml"
    path.write_text(json.dumps(config))  # JSON is YAML
    listen = ["--host", "127.0.0.1", "--port", str(place.port), "--num_workers", "1", "--telemetry", "False"]
    environ = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MASTER_KEY": place.key}
    return [str(place.programs / "litellm"), "--config", str(path), *listen], environ


def langgraph(place: Place) -> Launch:
    command = [str(place.programs / "python"), str(HERE / "langgraph" / "server.py")]
    return command, {"UPSTREAM": place.upstream, "DATABASE": place.database, "LANGSMITH_TRACING": "false"}


def chainlit(place: Place) -> Launch:
    with psycopg.connect(place.database, autocommit=True) as connection:
        connection.execute((HERE / "chainlit" / "schema.sql").read_bytes())
    run = [str(place.programs / "chainlit"), "run", str(HERE / "chainlit" / "app.py"), "--headless"]
    environ = {"UPSTREAM": place.upstream, "DATABASE": place.database, "CHAINLIT_APP_ROOT": str(place.folder)}
    secret = {"CHAINLIT_AUTH_SECRET": secrets.token_hex(32)}
    return [*run, "--host", "127.0.0.1", "--port", str(place.port)], environ | secret


def openwebui(place: Place) -> Launch:
    """On Postgres: with SQLite, its default, it answers 500 as soon as two chats are kept at once."""
    serve = [str(place.programs / "open-webui"), "serve", "--host", "127.0.0.1", "--port", str(place.port)]
    own = {
        "DATA_DIR": str(place.folder),
        "WEBUI_SECRET_KEY": secrets.token_hex(32),
        "DATABASE_URL": _through_psycopg(place.database),
    }
    return serve, OPEN_WEBUI | own | {"OPENAI_API_BASE_URL": place.upstream, "OPENAI_API_KEY": "none"}


def _through_psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@dataclass(frozen=True, slots=True)
class Peer:
    """`times` is how many turns a CPU second of ours one of its has to be worth at least (issue 6, "Figures")."""

    name: str
    launch: Callable[[Place], Launch]
    probe: str
    stores: bool
    times: float


PEERS = (
    Peer("litellm", litellm, "/health/liveliness", stores=False, times=10.0),
    Peer("langgraph", langgraph, "/docs", stores=True, times=2.0),
    Peer("chainlit", chainlit, "/project/translations?language=en-US", stores=True, times=3.0),
    Peer("openwebui", openwebui, "/health", stores=True, times=3.0),
)


def address(place: Place) -> str:
    return f"http://127.0.0.1:{place.port}"


class Running:
    """A peer that listens."""

    def __init__(self, program: Program, place: Place) -> None:
        self._tree = psutil.Process(program.process.pid)
        self.url = address(place)
        self.key = place.key
        self.database = place.database

    def cpu_s(self) -> float:
        """Of its process and all that it started."""
        processes = [self._tree, *self._tree.children(recursive=True)]
        return float(sum(sum(process.cpu_times()[:2]) for process in processes))


@contextmanager
def running(peer: Peer, folder: Path, upstream: str, superuser_url: str) -> Iterator[Running]:
    """Starts it and ends it. Raises NotInstalled when it cannot be installed or does not start."""
    programs = ensure(peer.name)
    own = folder / peer.name
    own.mkdir()
    key = f"sk-{secrets.token_hex(32)}"
    place = Place(programs, own, _database(peer.name, superuser_url), free_port(), upstream, key)
    command, environ = peer.launch(place)
    log = own / "output.log"
    into_log = ["/bin/sh", "-c", f'exec "$@" > {log} 2>&1', "sh", *command]
    program = Program(into_log, _environ(programs, place) | environ)
    try:
        _await(program, address(place) + peer.probe, log)
        yield Running(program, place)
    finally:
        program.stop()


def _environ(programs: Path, place: Place) -> dict[str, str]:
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | QUIET | {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "PORT": str(place.port)}


def _database(name: str, superuser_url: str) -> str:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(f"peer_{name}")))
    head, _, _ = superuser_url.rpartition("/")
    return f"{head}/peer_{name}"


def _await(program: Program, probe: str, log: Path) -> None:
    until = time.monotonic() + START_S
    while program.process.poll() is None and time.monotonic() < until:
        if _answers(probe):
            return
        time.sleep(0.2)
    raise NotInstalled(f"it does not start: {' '.join(log.read_text(errors='replace').split())[-160:]}")


def _answers(probe: str) -> bool:
    """Any answer but a server's error; none while it does not listen yet."""
    try:
        urllib.request.urlopen(probe, timeout=5).close()
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
    return True
