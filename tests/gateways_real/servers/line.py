"""A TCP line to a server that can be cut and mended, as a network or a server's end does it."""

import contextlib
import socket
import threading
from collections.abc import Callable

from tests.ports import reserved_port


class Line:
    """Listens on a loopback port and joins each client with a new connection to the server."""

    def __init__(self, server: Callable[[], socket.socket]) -> None:
        self.port = reserved_port()
        self._server = server
        self._listening: socket.socket | None = None
        self._ends: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def mend(self) -> None:
        """Let clients in."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._begin(self._accept, self._listening)

    def cut(self) -> None:
        """Close the port and every connection; return when nothing of the line is left."""
        listening, self._listening = self._listening, None
        if listening is not None:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for end in tuple(self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _begin(self, work: Callable[..., None], *args: socket.socket) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            if self._listening is None:
                client.close()
                return
            self._begin(self._join, client)

    def _join(self, client: socket.socket) -> None:
        with client:
            try:
                server = self._server()
            except OSError:
                return
            with server:
                self._ends |= {client, server}
                back = threading.Thread(target=_carry, args=(server, client), daemon=True)
                back.start()
                _carry(client, server)
                back.join()
                self._ends -= {client, server}


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
