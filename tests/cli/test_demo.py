"""The demonstration where it cannot run. Its tour runs from the wheels, its Console in the journey in a browser."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from mailroll import embedded
from mailroll.cli.demo import console
from tests.cli import demonstration
from tests.cli.commands import mailroll


@pytest.fixture
def folder() -> Iterator[str]:
    with demonstration.reachable_folder() as path:
        yield path


def test_without_the_simulator_the_demo_says_what_to_install(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mailroll_simulator", None)  # Python's own way to say: there is no such module
    answer = mailroll("demo", "--folder", f"{folder}/demo")
    assert (answer.exit_code, answer.out) == (1, "")
    assert "pip install 'mailroll[demo]'" in answer.err
    assert "(simulator_not_installed)" in answer.err
    assert not Path(folder, "demo").exists()


def test_a_demo_that_runs_keeps_its_folder(folder: str) -> None:
    """Before, a second one emptied it under the first, and both broke."""
    mark = Path(folder, "demo", ".made-by-mailroll-demo")
    mark.parent.mkdir()
    kept = Path(folder, "demo", "database")
    kept.touch()
    with mark.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        answer = mailroll("demo", "--folder", str(mark.parent))
    assert (answer.exit_code, answer.out) == (1, "")
    assert "A demo runs in" in answer.err
    assert "Ctrl-C" in answer.err
    assert kept.exists()


@pytest.mark.parametrize(
    ("command", "end"),
    [
        # The terminal is closed. Before, PostgreSQL ran on, and so did Console, worker and the gateways' server.
        ("$ mailroll domain add", lambda demo: os.killpg(demo, signal.SIGHUP)),
        # It alone is killed, while a command that nobody else knows of is about to start PostgreSQL.
        ("$ mailroll organization add", lambda demo: os.kill(demo, signal.SIGKILL)),
    ],
    ids=["terminal", "killed"],
)
def test_a_demo_that_is_killed_leaves_nothing_running(
    folder: str, monkeypatch: pytest.MonkeyPatch, command: str, end: Callable[[int], None]
) -> None:
    # Before, its guardian stopped no database where the settings around it are wrong, or are of another one.
    monkeypatch.setenv("MAILROLL_URL", "none")
    data, never = Path(folder, "demo"), threading.Event()
    with demonstration.start(folder, "--tour") as demo:
        assert demo.stdout is not None
        assert any(line.startswith(command) for line in demo.stdout)
        end(demo.pid)
    for _ in range(3000):
        with (data / ".made-by-mailroll-demo").open("a") as mark, suppress(BlockingIOError):
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        never.wait(0.1)
    else:
        pytest.fail("another demo is kept from this folder for ever")
    # A command that is under way could start PostgreSQL anew: its guardian waits for it.
    assert demonstration.nothing_runs_of(folder)
    # A command that says how long PostgreSQL takes to start ends where nobody reads that: then there is none.
    assert embedded.status(data) in {embedded.FolderState.STOPPED, embedded.FolderState.ABSENT}


@pytest.mark.parametrize("place", ["file", "file/demo"])
def test_a_folder_that_cannot_be_used_is_named(folder: str, place: str) -> None:
    Path(folder, "file").touch()
    answer = mailroll("demo", "--folder", f"{folder}/{place}")
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err == (
        f"mailroll: {folder}/{place} cannot be used (Not a directory). Name another folder with --folder.\n"
    )


def test_settings_that_are_not_the_demos_keep_nobody_from_it(folder: str) -> None:
    """Before, it wanted a HOME, and a MAILROLL_URL that is right, though it uses neither."""
    Path(folder, "file").touch()
    words = [sys.executable, "-m", "mailroll", "demo", "--folder", f"{folder}/file"]
    demo = subprocess.run(words, env={"MAILROLL_URL": "none"}, capture_output=True, text=True, check=False)  # noqa: S603
    assert "Name another folder with --folder." in demo.stderr


@pytest.mark.parametrize("command", ["demo", "serve", "web"])
def test_a_port_that_no_machine_has_is_refused_by_its_option(command: str) -> None:
    """Before, the demo ended with a traceback, and the other two with a setting that nobody had made."""
    answer = mailroll(command, "--port", "65536")
    assert answer.exit_code == 2
    assert "'--port'" in answer.err


def test_a_demo_whose_console_ended_by_itself_ends_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(console, "_LOOK", 0.01)
    with subprocess.Popen((sys.executable, "-c", "")) as server, pytest.raises(typer.Exit) as end:
        console.wait(server)
    assert end.value.exit_code == 1
    assert "the Console ended by itself" in capsys.readouterr().err
