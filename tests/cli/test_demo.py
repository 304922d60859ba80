"""The demonstration, run as a stranger runs it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest


@pytest.fixture
def folder() -> Iterator[str]:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-demo-test-") as path:
        Path(path).chmod(0o755)
        yield path


def demo(folder: str, *words: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "mailroll", "demo", "--folder", f"{folder}/demo", *words],
        env={**environment, "PYTHONUNBUFFERED": "1"},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def nothing_runs_of(folder: str) -> bool:
    # A program's environment names the folder even where its command line does not.
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if folder.encode() in told:
            return False
    return True


def test_the_tour_runs_from_start_to_end_and_leaves_nothing_running(folder: str) -> None:
    process = demo(folder, "--tour")
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert "Preview: this would change: brightwater.example" in said
    assert "Everything is as it should be: brightwater.example" in said
    assert "The demo is over" in said
    assert nothing_runs_of(folder)


def test_the_console_opens_and_ctrl_c_ends_all_of_it(folder: str) -> None:
    process = demo(folder)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C ends all of it" in line:
            break
    url = re.search(r"The Console +(http://localhost:\d+/)", said)
    assert url is not None, said
    with build_opener(ProxyHandler({})).open(url[1], timeout=30) as page:
        assert "Mailroll" in page.read().decode()
    # As a terminal does: to the whole foreground group.
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 0, rest
    assert "Traceback" not in said + rest
    assert nothing_runs_of(folder)
