"""Forks processes of Python that have imported already what asks for no settings: `python -m tests.fork_server FD`.

It has no threads, files or connections to leave behind. Settings are read behind the fork: it has no name of any.
"""

import gc
import importlib
import json
import os
import random
import runpy
import signal
import socket
import struct
import sys
import time
import types
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

NUMBER: Final = struct.Struct("=i")

_IMPORTED: Final = (
    *("aiohttp.web", "cryptography", "dns.asyncresolver", "idna", "msal", "msgspec", "procrastinate", "psycopg"),
    *("re2", "structlog", "typer", "uvicorn"),
    *("django.contrib.postgres", "django.core.handlers.asgi", "django.db.models", "django.forms", "django.http"),
    *("django.template", "django.urls", "mailroll.cli.app", "mailroll.connectors.registry", "mailroll.embedded"),
    *("mailroll.reconcile.pipeline", "mailroll.settings"),
)
_MOST: Final = 1 << 18
"""Bytes of a request: words and environment."""


def main(connection: socket.socket) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in _IMPORTED:
            importlib.import_module(name)
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise RuntimeError("a process with threads cannot be forked")
    gc.freeze()
    request = _serve(connection)
    _become(request["words"], request["folder"], request["environment"])


def _serve(connection: socket.socket) -> Mapping[str, Any]:
    """Return in each process that is forked what is asked of it. Ends where nobody is left who asks."""
    while True:
        message, files, _, _ = socket.recv_fds(connection, _MOST, 4)
        if message and os.fork() == 0:
            connection.close()
            return _fork(json.loads(message), *files)
        for file in files:
            os.close(file)
        # Who has waited for a process is waited for itself, so that the CPU of both counts as that of the tests.
        while _reap(os.WNOHANG if message else 0):
            pass
        if not message:
            sys.exit()


def _reap(flags: int) -> bool:
    try:
        return os.waitpid(-1, flags)[0] != 0
    except ChildProcessError:
        return False


def _fork(request: Mapping[str, Any], status: int, *streams: int) -> Mapping[str, Any]:
    """Fork again: the parent tells the number of its child and how that ends, and ends itself."""
    child = os.fork()
    if child:
        os.write(status, NUMBER.pack(child))
        for file in streams:
            os.close(file)
        os.write(status, NUMBER.pack(os.waitpid(child, 0)[1]))
        os._exit(0)
    for number, file in enumerate(streams):
        os.dup2(file, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    return request


def _become(words: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Be what `python WORDS` would be."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if words[0] == "-W":
        warnings.simplefilter(words[1])  # type: ignore[arg-type]
        words = words[2:]
    way, program, *more = words
    sys.argv = [way, *more]
    sys.path[0] = "" if way == "-c" else folder
    if way == "-m":
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        sys.modules["__main__"] = module = types.ModuleType("__main__")
        exec(compile(program, "<string>", "exec"), module.__dict__)  # noqa: S102 - what a test wrote


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
