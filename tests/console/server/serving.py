"""Any application behind the Console's own protocol, on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from mailroll.console.server.asgi import Application
from mailroll.server.limits import ServerLimits
from mailroll.server.protocol import PunctualHttp
from mailroll.server.runner import configured

PATIENCE = 300


@contextmanager
def answering(application: Application, limits: ServerLimits | None = None) -> Iterator[int]:
    """Serve until left; gives the port."""
    with listener() as listening, serving(application, listening, limits):
        yield listening.getsockname()[1]


@contextmanager
def met(application: Application, limits: ServerLimits, said: bytes) -> Iterator[socket.socket]:
    """Serve a visitor who has come and said this before: then nobody is too late, however slow this machine is."""
    with listener() as listening, socket.create_connection(listening.getsockname(), PATIENCE) as line:
        line.sendall(said)
        with serving(application, listening, limits):
            yield line


def listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


@contextmanager
def serving(application: Application, listening: socket.socket, limits: ServerLimits | None) -> Iterator[None]:
    made = configured(application)
    if limits is not None:
        made.http = type("Hurried", (PunctualHttp,), {"limits": limits})
    server = uvicorn.Server(made)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="answering")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server goes on beside all other tests"
