"""Programs that a test starts: their ports, when they are ready, and their end by pid."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 300.0
"""Seconds: far more than anything takes on a busy machine; who waits this long has failed."""

_PAUSE = 0.02


def wait(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as something is true; an error that names it if it never is."""
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not so within {patience:.0f} seconds")
        time.sleep(_PAUSE)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    words: Sequence[str | Path], environment: Mapping[str, str], log: Path, ready: Callable[[], object]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program, in a process group of its own, until the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the words are ours
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    try:
        wait(lambda: process.poll() is not None or ready(), f"{words[0]} is ready")
        if process.poll() is not None:
            raise RuntimeError(f"{words[0]} ended by itself: {log.read_text(errors='replace')[-4000:]}")
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started, which all is in its group."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    wait(lambda: not _group_lives(process.pid), "the group of a program is gone")


def _group_lives(group: int) -> bool:
    """Whether any process of a group is left; those that only wait to be reaped by init count as gone."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, its_group, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(its_group) == group and state != "Z":
                return True
    return False
