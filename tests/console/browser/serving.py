"""The Console as people reach it: the real ASGI application over real HTTP, on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.db import connections

from mailroll.config.asgi import application
from mailroll.server.runner import configured

_PATIENCE = 300


@contextmanager
def served() -> Iterator[str]:
    """Serve until left; gives the address. The socket listens before the thread starts, so nobody has to wait."""
    # As in config.asgi; the settings of the test's database were put over it since.
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(configured(application))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="console")
    thread.start()
    try:
        yield f"http://localhost:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listening.close()
        assert not thread.is_alive(), "the Console goes on beside all other tests"
