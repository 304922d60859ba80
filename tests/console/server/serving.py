"""Any application behind the Console's own protocol, on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from mailroll.console.server.asgi import Application
from mailroll.server.limits import Limits
from mailroll.server.protocol import PunctualHttp
from mailroll.server.running import configured


@contextmanager
def answering(application: Application, limits: Limits | None = None) -> Iterator[int]:
    """Serve until left; gives the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = configured(application)
    if limits is not None:
        made.http = type("Hurried", (PunctualHttp,), {"limits": limits})
    server = uvicorn.Server(made)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="answering")
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
        assert not thread.is_alive(), "the server goes on beside all other tests"
