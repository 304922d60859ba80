"""The Console, a worker and their database in one command, started and stopped as a person would."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pytest

from mailroll import embedded
from mailroll.embedded import postmaster
from mailroll.embedded.places import places
from tests.cli.filled import stopped
from tests.ports import reserved_port

PATIENCE = 300


@contextmanager
def served(folder: Path, port: int, *command: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a command, `mailroll serve` unless named, in a folder of its own, and leave nothing of it behind."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment.pop("MAILROLL_URL", None)
    environment |= {"MAILROLL_DATA_DIR": str(folder / "data")}
    # What another account left where one stands is run by none of the processes.
    (folder / "uvicorn.py").write_text("raise SystemExit('Taken from the folder that one stands in.')")
    words = [sys.executable, "-P", "-m", "mailroll", *(command or ("serve", "--concurrency", "2")), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE)


@pytest.fixture
def folder() -> Iterator[Path]:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-serve-test-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def told(process: "subprocess.Popen[str]", *words: str) -> str:
    """Read what it prints until every one of these words has come, and return that."""
    assert process.stdout is not None
    missing = set(words)
    lines: list[str] = []
    while missing:
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"it ended before it said {missing}: {''.join(lines)}")
        lines.append(line)
        missing -= {word for word in missing if word in line}
    return "".join(lines)


def processes_of(folder: Path) -> str:
    """The command lines that name the folder: the database's, and whoever was started with it."""
    return "\n".join(
        line
        for line in subprocess.run(
            ["ps", "-eo", "pid,args"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        if str(folder) in line
    )


def test_serve_runs_the_console_and_a_worker_and_stops_all_of_it(folder: Path) -> None:
    port = reserved_port()
    with served(folder, port) as process:
        start = f"http://localhost:{port}/start/"
        printed = told(process, f"The Console: http://localhost:{port}\n", "Working on 2 domains at a time.", start)
        until_answered(port)
        begin(next(line.strip() for line in printed.splitlines() if start in line))
        # Whatever ends the database, it is brought back, and nobody has to see to the rest.
        data = folder / "data"
        killed = postmaster.find(places(data))
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        told(process, "mailroll: PostgreSQL had ended by itself, and runs again.")
        assert embedded.status(data) is embedded.FolderState.RUNNING
        until_answered(port)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    assert embedded.status(folder / "data") is embedded.FolderState.STOPPED
    assert processes_of(folder) == ""
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def begin(link: str) -> None:
    """Make the first operator as a browser would; the link lets nobody in after that."""
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    with browser.open(link, timeout=PATIENCE) as page:
        assert page.url.endswith("/start/")
        form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert form is not None
    given = {
        "csrfmiddlewaretoken": form[1],
        "name": "Priya Raman",
        "email": "priya@northgate.example",
        "organization": "Northgate IT",
        **dict.fromkeys(("password", "again"), "correct horse battery staple"),
    }
    with browser.open(Request(page.url, urlencode(given).encode()), timeout=PATIENCE) as page:  # noqa: S310 - loopback
        assert page.url.endswith("/account/second/")
    with pytest.raises(HTTPError) as ended, build_opener(ProxyHandler({})).open(link, timeout=PATIENCE):
        pass
    assert ended.value.code == 410
    ended.value.close()


def test_the_console_alone_names_the_port_it_listens_on(folder: Path) -> None:
    stopped(folder / "data")
    port = reserved_port()
    try:
        with served(folder, port, "web") as process:
            told(process, f"The Console: http://localhost:{port}\n")
            until_answered(port)
    finally:
        embedded.stop(folder / "data")


def test_when_the_console_cannot_start_the_rest_is_stopped_too(folder: Path) -> None:
    stopped(folder / "data")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with served(folder, taken.getsockname()[1]) as process:
            said, _ = process.communicate(timeout=PATIENCE)
            assert process.returncode == 1
    # The link of the first run would be opened at whoever has the port.
    assert "address already in use" in said
    assert "/start/" not in said
    assert embedded.status(folder / "data") is embedded.FolderState.STOPPED


def until_answered(port: int) -> None:
    """The page that says that the Console listens comes before it does."""
    never = threading.Event()
    for _ in range(10 * PATIENCE):
        connection = HTTPConnection("localhost", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/")
            assert connection.getresponse().status < 500
        except ConnectionRefusedError:
            connection.close()
            never.wait(0.1)
        else:
            connection.close()
            return
    pytest.fail("the Console never answered")
