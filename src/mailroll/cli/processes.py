"""Runs several of our commands as one: each in a process group of its own, all stopped in order when one ends."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from types import FrameType

PATIENCE = 45.0
"""Seconds for each to end by itself; a worker needs the time of the longest apply."""


class Processes:
    """Children of this process. Ctrl-C reaches this process alone, which then stops them in its own order."""

    def __init__(self) -> None:
        self._events: SimpleQueue[str | None] = SimpleQueue()
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start `mailroll` with these words."""
        child = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "mailroll", *words], env=environment, start_new_session=True
        )
        self._children[name] = child
        threading.Thread(target=self._watch, args=(name, child), daemon=True).start()

    def wait(self) -> str | None:
        """Wait until this process is asked to stop (None), or a child has ended (its name)."""
        return self._events.get()

    def stop(self, *names: str) -> None:
        """Stop children one after the other; whatever does not end in time is killed with its whole group."""
        for name in names:
            child = self._children.get(name)
            if child is None:
                continue
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
            # Its own children, if it left any; without any the group is gone.
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take note of SIGTERM and SIGINT instead of dying of them. Before the first child is started."""

        def ask(_signal: int, _frame: FrameType | None) -> None:
            self._events.put(None)

        before = {one: signal.signal(one, ask) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _watch(self, name: str, child: "subprocess.Popen[bytes]") -> None:
        child.wait()
        self._events.put(name)
