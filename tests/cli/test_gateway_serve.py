"""The server that gateways ask, as a process: it outlives its database, and starts without one."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailroll import embedded
from mailroll.accounts import tokens
from tests.cli import commands
from tests.cli.filled import filled
from tests.forked import ForkedPython

PATIENCE = 300


def environment(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "MAILROLL_DATA_DIR": str(folder / "data")}


def mailroll(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "mailroll", *words]
    with ForkedPython(command, env=environment(folder), stdout=subprocess.PIPE, text=True) as process:
        out, _ = process.communicate()
    assert process.returncode == 0
    return str(out)


@contextmanager
def serving(folder: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """Start the server and wait until it says that it answers."""
    words = [sys.executable, "-m", "mailroll", "gateway", "serve", "--socketmap", f"unix:{folder}/map", *more]
    with ForkedPython(words, env=environment(folder), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"Answering on socketmap:unix:{folder}/map\n"
            yield process
        finally:
            process.kill()


def ask(folder: Path, address: str) -> str:
    request = f"recipients {address}".encode()
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE)
        line.connect(str(folder / "map"))
        line.sendall(b"%d:%b," % (len(request), request))
        return line.recv(1000).decode().partition(":")[2]


def get(url: str, token: str) -> tuple[int, str]:
    """Ask over HTTP with a token, without any proxy of this machine."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - to ourselves
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def until(folder: Path, address: str, reply: str) -> None:
    never, said = threading.Event(), ""
    for _ in range(10 * PATIENCE):
        if (said := ask(folder, address)).startswith(reply):
            return
        never.wait(0.1)
    pytest.fail(f"{address}: {said}")


@pytest.fixture
def folder() -> Iterator[Path]:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-gateway-test-") as made:
        Path(made).chmod(0o755)
        try:
            yield Path(made)
        finally:
            embedded.stop(Path(made) / "data")


def test_it_answers_with_and_without_its_database(folder: Path) -> None:
    filled(folder / "data")
    with serving(folder) as process:
        # From the first answer on: Postfix would keep for a while that it was told to come later.
        assert ask(folder, "first@books.example").startswith("OK")
        mailroll(folder, "static", "add", "books.example", "second@books.example")
        until(folder, "second@books.example", "OK")
        embedded.stop(folder / "data")
        assert ask(folder, "second@books.example").startswith("OK")
        assert ask(folder, "nobody@books.example").startswith("NOTFOUND")
        process.kill()
        process.wait(PATIENCE)
    with serving(folder) as process:
        # Of the moment at which the first process had read everything, or of a later one.
        assert ask(folder, "first@books.example").startswith("OK")
        mailroll(folder, "static", "add", "books.example", "third@books.example")
        until(folder, "third@books.example", "OK")
        assert ask(folder, "second@books.example").startswith("OK")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert not (folder / "map").exists()


def test_without_any_list_it_says_later(folder: Path) -> None:
    with serving(folder) as process:
        assert ask(folder, "first@books.example").startswith("TEMP")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def test_lists_and_answers_are_given_over_http_with_and_without_its_database(folder: Path) -> None:
    tokens_by_name = filled(folder / "data")
    books, harbour = tokens_by_name["mx1"], tokens_by_name["mx3"]
    with serving(folder, "--http", "127.0.0.1:0") as process:
        assert process.stdout is not None
        where = process.stdout.readline().removeprefix("Answering on ").strip()
        until(folder, "first@books.example", "OK")

        def told(address: str, token: str) -> tuple[str, str]:
            _, said = get(f"{where}/lookup?{urllib.parse.urlencode({'address': address})}", token)
            document = json.loads(said)
            return document["answer"], document["because"]

        def everything() -> None:
            assert told("FIRST+tag@Books.example", books) == ("accept", "listed")
            assert told("nobody@books.example", books) == ("unknown", "not_listed")
            assert told("first@books.example", harbour) == ("not_ours", "no_domain")
            listed = get(f"{where}/lists/texthash/recipients", books)
            assert listed == (200, "postmaster@books.example OK\nfirst@books.example OK\n")

        everything()
        assert get(f"{where}/lookup?address=first@books.example", "wrong")[0] == 401
        embedded.stop(folder / "data")
        everything()
        # What is no token by its checksum is refused without any database.
        assert get(f"{where}/lookup?address=first@books.example", books[:-1])[0] == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


@contextmanager
def hanging(folder: Path) -> Iterator[None]:
    """Have the database take connections and questions, and answer none."""
    (file,) = folder.rglob("postmaster.pid")
    main = int(file.read_text(encoding="utf-8").split()[0])
    # First the one that makes the others. While it stands still, it reaps none that ended: their numbers stay theirs.
    os.kill(main, signal.SIGSTOP)
    _stands(main)
    children = [int(one.name) for one in Path("/proc").glob("[0-9]*") if _parent(int(one.name)) == main]
    for child in children:
        os.kill(child, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in (*children, main):
            os.kill(pid, signal.SIGCONT)


def _stands(pid: int) -> None:
    """Wait until a signal to stop has arrived: one that runs on another core may be a moment late."""
    for _ in range(10 * PATIENCE):
        if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T":
            return
        threading.Event().wait(0.01)
    pytest.fail("a process does not stand still")


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def revoked(url: str, token: str) -> None:
    never = threading.Event()
    for _ in range(10 * PATIENCE):
        if get(url, token)[0] == 401:
            return
        never.wait(0.1)
    pytest.fail("a revoked token goes on working")


def test_a_database_that_hangs_keeps_nobody_waiting_over_http(folder: Path) -> None:
    tokens_by_name = filled(folder / "data")
    first, second = tokens_by_name["mx1"], tokens_by_name["mx2"]
    with serving(folder, "--http", "127.0.0.1:0") as process:
        assert process.stdout is not None
        where = process.stdout.readline().removeprefix("Answering on ").strip()
        until(folder, "first@books.example", "OK")
        question = f"{where}/lookup?address=first@books.example"
        assert get(question, first)[0] == 200
        with hanging(folder):
            for _ in range(20):
                assert get(question, second)[0] == 200
            assert get(f"{where}/lists/texthash/recipients", first)[0] == 200
            # Nobody knows whether this one was made meanwhile: it is put off, and the others are not kept by it.
            assert get(question, tokens._text(bytes(32)))[0] == 503
            assert get(question, first)[0] == 200
        mailroll(folder, "token", "revoke", "mx2")
        revoked(question, second)
        assert get(question, first)[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    used = {one["name"]: one for one in json.loads(mailroll(folder, "token", "list", "--json"))}
    assert used["mx1"]["last_used_at"] is not None


def test_lists_go_over_http_to_other_machines_only_when_told_so() -> None:
    answer = commands.mailroll("gateway", "serve", "--http", "0.0.0.0:0")
    assert (answer.exit_code, "(http_not_loopback)" in answer.err) == (1, True), answer.err
