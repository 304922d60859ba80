"""Stops what a command started when that command was killed and could not. A program of its own, without our code.

It reads lines from a pipe that only the command holds open: `child PID` for each process that leads a group, `then
JSON` for a command to run in the end, and `done`. Where the pipe ends without `done`, it does what was left to do.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

_LOOK = 0.05


def guard(lines: Iterable[str], patience: float) -> None:
    """Read until the end, then stop every group: asked first, and killed after `patience` seconds."""
    children: list[int] = []
    last: list[list[str]] = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "done":
            return
        if word == "child":
            children.append(int(rest))
        elif word == "then":
            last.append(json.loads(rest))
    for child in children:
        _end(child, patience)
    for words in last:
        subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own


def _end(group: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(_LOOK)
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    guard(sys.stdin, float(sys.argv[1]))
