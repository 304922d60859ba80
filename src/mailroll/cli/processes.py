"""Runs several of our commands as one: each in a process group of its own, all stopped in order when one ends."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final, Self

PATIENCE = 45.0
"""Seconds for each to end by itself; a worker needs the time of the longest apply."""

MAILROLL: Final = (sys.executable, "-P", "-m", "mailroll")
"""How our command is started anew. Without `-P` Python would take modules from the folder that one stands in: whoever
can write there, as in /tmp, would run what they like with our keys (https://docs.python.org/3.11/using/cmdline.html).
"""


class Guardian:
    """A process beside this one, which stops what this one started should it be killed: see `guardian`.

    Files in `keep` stay open there until it has; commands run in `environment`, or in that of this process.
    """

    def __init__(self, keep: Sequence[int] = (), environment: Mapping[str, str] | None = None) -> None:
        words = [sys.executable, "-I", "-S", str(Path(__file__).with_name("guardian.py")), str(PATIENCE)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603 - our own
            words,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,
            pass_fds=keep,
            env=environment,
        )

    @property
    def waits_for(self) -> Sequence[int]:
        """What it waits for the end of: a child that inherits this ends by itself before anything is stopped."""
        return [] if self._process.stdin is None else [self._process.stdin.fileno()]

    def watch(self, child: int) -> None:
        """Have this child stopped, which leads a process group."""
        self._tell(f"child {child}")

    def finally_run(self, command: Sequence[str]) -> None:
        """Name a command that has to run after all children ended."""
        self._tell(f"then {json.dumps(command)}")

    def dismiss(self) -> None:
        """Say that nothing is left to be stopped."""
        self._tell("done")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            pass

    def _tell(self, line: str) -> None:
        # Without the guardian all is as well as it was before there was one: whoever stops every process of a service
        # at once, as systemd does, ends it first. Nothing is buffered, or closing the pipe would fail over the rest.
        if pipe := self._process.stdin:
            with suppress(BrokenPipeError):
                pipe.write(f"{line}\n".encode())


class Processes:
    """Children of this process. Ctrl-C reaches this process alone, which then stops them in its own order.

    Should it be killed, a `Guardian` does that.
    """

    def __init__(self, command: Sequence[str] = MAILROLL) -> None:
        self._command = command
        self._events: SimpleQueue[str | None] = SimpleQueue()
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._guardian: Guardian | None = None

    def start(self, name: str, words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start `mailroll` with these words."""
        child = subprocess.Popen([*self._command, *words], env=environment, start_new_session=True)  # noqa: S603 - our own
        self._children[name] = child
        self._watched.watch(child.pid)
        threading.Thread(target=self._watch, args=(name, child), daemon=True).start()

    def finally_run(self, *words: str) -> None:
        """Name a command of ours that has to run after all of them ended, should this process be killed."""
        self._watched.finally_run([*self._command, *words])

    def wait(self, meanwhile: Callable[[], object] = lambda: None, every: float = 10.0) -> str | None:
        """Wait until this process is asked to stop (None), or a child has ended (its name).

        `meanwhile` is called every so many seconds.
        """
        while True:
            try:
                return self._events.get(timeout=every)
            except Empty:
                meanwhile()

    def stop(self, *names: str) -> None:
        """Stop children one after the other; whatever does not end in time is killed with its whole group."""
        for name in names:
            self._stop(name)

    def stop_all(self) -> None:
        """Stop all children at the same time."""
        for child in self._children.values():
            child.terminate()
        self.stop(*self._children)

    def _stop(self, name: str) -> None:
        child = self._children.get(name)
        if child is None:
            return
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

        before = {signal_number: signal.signal(signal_number, ask) for signal_number in (signal.SIGTERM, signal.SIGINT)}
        try:
            with Guardian() as self._guardian:
                yield
                self._guardian.dismiss()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @property
    def _watched(self) -> Guardian:
        if self._guardian is None:
            raise RuntimeError("nothing is started before `listening`")
        return self._guardian

    def _watch(self, name: str, child: "subprocess.Popen[bytes]") -> None:
        child.wait()
        self._events.put(name)
