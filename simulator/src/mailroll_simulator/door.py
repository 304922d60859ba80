"""A listening socket that remembers whom it let in, and can show everybody out."""

import asyncio
import socket
from contextlib import suppress
from typing import Any
from weakref import WeakSet

LOOPBACK = "127.0.0.1"
# Rounds of the loop in which what was cut is closed; three are enough.
_TURNS = 100


class Door(socket.socket):
    """Listens on a free port of the loopback.

    Servers forget a connection once they have closed it, and one that has not shaken hands they do not know yet. TLS
    waits 30 s for a goodbye (asyncio's ssl_shutdown_timeout), and a loop that ends before leaves the socket open.
    """

    def __init__(self) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._let_in: WeakSet[socket.socket] = WeakSet()
        self.bind((LOOPBACK, 0))
        self.listen()

    @property
    def port(self) -> int:
        return int(self.getsockname()[1])

    def accept(self) -> tuple[socket.socket, Any]:
        guest, address = super().accept()
        self._let_in.add(guest)
        return guest, address

    async def clear(self) -> None:
        """End every connection. Both directions are shut, so that asyncio meets an end at once and closes by itself."""
        for guest in self._inside():
            with suppress(OSError):  # it may have gone meanwhile
                guest.shutdown(socket.SHUT_RDWR)
        for _ in range(_TURNS):
            if not self._inside():
                return
            await asyncio.sleep(0)

    def _inside(self) -> list[socket.socket]:
        return [guest for guest in self._let_in if guest.fileno() >= 0]
