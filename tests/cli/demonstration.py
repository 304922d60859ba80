"""The demonstration as a process of its own, started and ended as a person does."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Open:
    """The Console of a running demo, and what was said of it."""

    url: str
    password: str
    lookup: str
    token: str
    command: str
    """How to ask for the same address from the command line."""

    def answer(self) -> str:
        """Ask what a mail server is told."""
        request = urllib.request.Request(self.lookup, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=300) as reply:
            answer: str = json.load(reply)["answer"]
        return answer


@contextmanager
def reachable_folder() -> Iterator[str]:
    # Below /tmp itself: the database's account must be able to reach the folder.
    with tempfile.TemporaryDirectory(prefix="mailroll-demo-test-") as path:
        Path(path).chmod(0o755)
        yield path


def start(folder: str, *words: str, python: str = sys.executable) -> subprocess.Popen[str]:
    # It starts Python twenty times: what the first compiles, and it alone needs, is kept for the others.
    without = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    return subprocess.Popen(  # noqa: S603 - our own command
        [python, "-m", "mailroll", "demo", "--folder", f"{folder}/demo", *words],
        env={**environment, "PYTHONUNBUFFERED": "1"},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def toured(folder: str, python: str = sys.executable) -> tuple[int, str]:
    """Let the demo show itself; returns how it ended and what it said. Whatever comes in between, it is ended."""
    process = start(folder, "--tour", python=python)
    try:
        said, _ = process.communicate(timeout=300)
    finally:
        if process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGINT)
                process.communicate(timeout=60)
            finally:
                process.kill()
                process.communicate()
    return process.returncode, said


@contextmanager
def opened(folder: str) -> Iterator[Open]:
    """Wait for the Console, and end all of it by Ctrl-C; it must then have ended well and left nothing running."""
    process = start(folder)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "Ctrl-C ends all of it" in line:
                break
        url = re.search(r"The Console +(http://localhost:\d+)/", said)
        password = re.search(r"^  Password +(\S+)$", said, re.MULTILINE)
        assert url is not None, said
        assert password is not None, said
        curl = re.search(r"^  curl -H 'Authorization: Bearer (\S+)' '(http://127\S+)'$", said, re.MULTILINE)
        command = re.search(r"^  (env MAILROLL_DATA_DIR=.* lookup \S+)$", said, re.MULTILINE)
        assert curl is not None, said
        assert command is not None, said
        yield Open(url[1], password[1], curl[2], curl[1], command[1])
    finally:
        # As a terminal does: to the whole foreground group.
        os.killpg(process.pid, signal.SIGINT)
        rest, _ = process.communicate(timeout=300)
    assert process.returncode == 0, rest
    assert "Traceback" not in said + rest
    assert nothing_runs_of(folder)


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
