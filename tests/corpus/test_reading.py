"""The limited process that reads a file: what it reads of each type, and what it does to hostile ones."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from personas.corpus.failures import SENTENCES, Unreadable
from personas.corpus.parsing import child, parent
from personas.corpus.parsing.parent import read_apart
from tests.corpus.made import SRT, bomb, deep, half_a_word, pdf, word

# Runs in the child after it has given everything up; each line is what one attempt came to.
MISUSE = """
import socket, subprocess, sys
from personas.corpus.parsing import child
child._give_up()
def attempt(deed):
    try:
        deed()
    except BaseException as error:
        return type(error).__name__
    return "done"
print(attempt(lambda: open("/etc/hostname").read()))
print(attempt(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)))
print(attempt(lambda: bytearray(2**30)))
print(attempt(lambda: subprocess.run(["/bin/true"], check=True)))
"""


@pytest.mark.parametrize(
    ("file_type", "content", "text"),
    [
        ("txt", "Grüße vom Schiff".encode(), "Grüße vom Schiff"),
        ("txt", "Grüße vom Schiff".encode("utf-16"), "Grüße vom Schiff"),
        ("txt", "Grüße vom Schiff".encode("cp1252"), "Grüße vom Schiff"),
        ("md", b"# On songs\n\nShe wrote *it*.", "# On songs\n\nShe wrote *it*."),
        ("srt", SRT.encode(), "I wrote it on a ferry."),
        ("docx", word("She wrote it.", "On it.", cells=("Year", "2019")), "She wrote it.\n\nOn it.\n\nYear | 2019"),
        ("pdf", pdf(["Page one.", "", "Page three."]), "Page one.\n\nPage three."),
    ],
    ids=["utf-8", "utf-16", "cp1252", "md", "srt", "docx", "pdf"],
)
def test_the_text_of_each_type_is_read(file_type: str, content: bytes, text: str) -> None:
    assert read_apart(file_type, content).text == text


@pytest.mark.parametrize(
    ("file_type", "content", "code"),
    [
        ("pdf", pdf(["", ""]), "no_text"),
        ("pdf", pdf(["Secret."], password="hidden"), "encrypted"),
        ("pdf", b"%PDF-1.7 and then nothing", "damaged"),
        ("docx", b"PK\x03\x04 word/ and then nothing", "damaged"),
        ("docx", half_a_word("Words."), "damaged"),
        ("docx", word(), "no_text"),
        ("docx", bomb(210), "too_heavy"),
        ("txt", b"....\n----", "no_text"),
        ("txt", b"words " * 900_000, "too_long"),
    ],
    ids=["scan", "password", "pdf", "docx", "half", "empty", "bomb", "marks", "long"],
)
def test_a_file_that_gives_no_text_is_told_why(file_type: str, content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_apart(file_type, content)
    assert caught.value.code == code
    assert SENTENCES[code]


def test_a_file_that_is_too_deep_harms_nobody() -> None:
    with pytest.raises(Unreadable):
        read_apart("docx", deep(200_000))


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(Unreadable) as caught:
        read_apart("txt", b"words", within_s=0.01)
    assert caught.value.code == "too_slow"


def test_a_process_that_is_stopped_in_the_middle_counts_as_too_heavy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text('#!/bin/sh\nprintf \'{"text": "half of\'\nkill -9 $$\n')
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(Unreadable) as caught:
        read_apart("txt", b"words")
    assert caught.value.code == "too_heavy"


def test_whoever_takes_the_process_over_can_open_connect_start_and_fill_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        command = [sys.executable, "-c", MISUSE, port]
        told = subprocess.run(command, cwd=parent.ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert "done" not in told
    assert len(told) == 4


def test_a_reader_ends_with_the_worker_that_started_it() -> None:
    endless = "import threading; threading.Event().wait()"
    reader = f"from personas.corpus.parsing import child; child._give_up(); print('reads', flush=True); {endless}"
    worker = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {reader!r}])"
    with subprocess.Popen([sys.executable, "-c", worker], cwd=parent.ROOT, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == b"reads\n"
        started.kill()
        # The reader holds the other end of this pipe for as long as it lives.
        assert started.communicate(timeout=20)[0] == b""


def test_the_process_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, dict[str, str]] = {}

    def run(*_command: object, env: dict[str, str], **_rest: object) -> None:
        seen["env"] = env

    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(Unreadable):
        read_apart("txt", b"words")
    assert set(seen["env"]) == {"PATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}


def test_an_answer_is_bounded() -> None:
    """More than OUTPUT bytes cannot be written: the file of the answer takes no more."""
    write = (
        "from personas.corpus.parsing import child; import sys; child._give_up();"
        f" sys.stdout.write('x' * {child.OUTPUT + 1})"
    )
    command = [sys.executable, "-c", write]
    with tempfile.TemporaryFile() as answer:
        subprocess.run(command, cwd=parent.ROOT, stdout=answer, stderr=subprocess.DEVNULL, check=False)
        assert 0 < os.fstat(answer.fileno()).st_size <= child.OUTPUT
