"""Processes of Python that are forked and not started, for tests that are not about the start.

What a command or a worker imports takes four times the CPU of all else that it does before it begins.
"""

import functools
import inspect
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from tests.fork_server import NUMBER

_PIPES: Final = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
_PATIENCE: Final = 30.0


class _Forked(subprocess.Popen[Any]):
    """As `subprocess.Popen` of this Python with `-m` or `-c`, and `-W` before it if any.

    It has its own number, streams, environment, folder and exit code; what it inherits from is `tests.fork_server`.
    """

    _status: socket.socket

    def _execute_child(self, *arguments: object) -> None:
        plan = inspect.signature(super()._execute_child).bind(*arguments).arguments  # type: ignore[misc]
        if any(plan[name] for name in ("preexec_fn", "pass_fds", "shell", "start_new_session")):
            raise ValueError("a forked process has none of that: start one with subprocess.Popen")
        environment = os.environ if plan["env"] is None else plan["env"]
        folder = os.fspath(plan["cwd"] or Path.cwd())
        request = {"words": plan["args"][1:], "folder": folder, "environment": dict(environment)}
        streams = [plan["p2cread"], plan["c2pwrite"], plan["errwrite"]]
        files = [number if file == -1 else file for number, file in enumerate(streams)]
        self._status, status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with status:
            socket.send_fds(_server()[1], [json.dumps(request).encode()], [status.fileno(), *files])
        (self.pid,) = NUMBER.unpack(self._status.recv(NUMBER.size))
        self._child_created = True
        self._close_pipe_fds(*(plan[name] for name in _PIPES))  # type: ignore[attr-defined]

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        try:
            message = self._status.recv(NUMBER.size, socket.MSG_DONTWAIT if wait_flags & os.WNOHANG else 0)
        except BlockingIOError:
            return 0, 0
        self._status.close()
        return self.pid, NUMBER.unpack(message)[0]

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        lock: threading.Lock = self._waitpid_lock  # type: ignore[attr-defined]
        if lock.acquire(blocking=False):
            try:
                number, status = self._try_wait(os.WNOHANG) if self.returncode is None else (0, 0)
                if number:
                    self.returncode = os.waitstatus_to_exitcode(status)
            finally:
                lock.release()
        return self.returncode


ForkedPython: type["subprocess.Popen[Any]"] = _Forked if sys.platform == "linux" else subprocess.Popen
"""Other systems have no sockets that keep messages apart, or libraries that do not outlive a fork."""


@functools.cache
def _server() -> tuple["subprocess.Popen[bytes]", socket.socket]:
    own, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # Whatever it imports that read the settings would fail without this name.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    words = [sys.executable, "-m", "tests.fork_server", str(other.fileno())]
    root, quiet = Path(__file__).parents[1], subprocess.DEVNULL
    with other:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            words, env=environment, cwd=root, stdin=quiet, stdout=quiet, pass_fds=[other.fileno()]
        )
    return process, own


def stop() -> None:
    """End the server of this process, if there is any."""
    if _server.cache_info().currsize:
        process, connection = _server()
        connection.close()
        process.wait(_PATIENCE)
        _server.cache_clear()
