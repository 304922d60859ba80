"""A pooler in front of the database of a test: its sessions outlive the clients, as behind PgBouncer."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import connection

_GOODBYE = b"X\x00\x00\x00\x04"
"""How a client ends its session, in PostgreSQL's protocol."""


@contextmanager
def pooled() -> Iterator[None]:
    """Let every new connection to the database of this test go through a pooler."""
    given = connection.settings_dict
    host, port = given["HOST"], int(given["PORT"] or 5432)
    sessions: list[socket.socket] = []
    with tempfile.TemporaryDirectory(prefix="pooler-") as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{folder}/.s.PGSQL.5432")
        door.listen()
        threading.Thread(target=_serve, args=(door, host, port, sessions)).start()
        before = given["HOST"], given["PORT"]
        given["HOST"], given["PORT"] = folder, "5432"
        try:
            yield
        finally:
            given["HOST"], given["PORT"] = before
            # Wakes whoever waits at it.
            door.shutdown(socket.SHUT_RDWR)
            for session in sessions:
                with suppress(OSError):
                    session.shutdown(socket.SHUT_RDWR)


def _serve(door: socket.socket, host: str, port: int, sessions: list[socket.socket]) -> None:
    with suppress(OSError):
        while True:
            client, _ = door.accept()
            session = _session(host, port)
            sessions.append(session)
            threading.Thread(target=_questions, args=(client, session)).start()
            threading.Thread(target=_answers, args=(session, client)).start()


def _session(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    session = socket.socket(socket.AF_UNIX)
    session.connect(f"{host}/.s.PGSQL.{port}")
    return session


def _questions(client: socket.socket, session: socket.socket) -> None:
    with suppress(OSError):
        while words := client.recv(65536):
            if not words.endswith(_GOODBYE):
                session.sendall(words)


def _answers(session: socket.socket, client: socket.socket) -> None:
    with session, client, suppress(OSError):
        while words := session.recv(65536):
            client.sendall(words)
