"""The sockets of one channel: none outlives it, whatever the other side does."""

import asyncio
import errno
import socket
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from aiohttp import AddrInfoType

_TURNS: Final = 100
"""Rounds of the loop in which what was cut is closed; three are enough."""


class Sockets:
    """Makes sockets for aiohttp, and cuts those that it left open.

    aiohttp closes what ended amiss by a TLS goodbye and forgets it at once; asyncio then waits 30 s for the answer
    (ssl_shutdown_timeout). A loop that ends before leaves the socket open until chance collects it.
    """

    def __init__(self) -> None:
        self._made: WeakSet[socket.socket] = WeakSet()
        self._over = False

    def make(self, address: AddrInfoType) -> socket.socket:
        """Make one, as `aiohttp.TCPConnector(socket_factory=...)` asks for it; none once the channel is over."""
        if self._over:
            # msal's thread may still send when whoever waited for it has given up.
            raise OSError(errno.ECONNABORTED, "the channel is closed")
        family, kind, protocol, _, _ = address
        new_socket = socket.socket(family, kind, protocol)
        self._made.add(new_socket)
        return new_socket

    async def cut(self) -> None:
        """End all that is open. Both directions are shut, so that asyncio meets an end at once and closes by itself."""
        self._over = True
        for open_socket in self._open():
            with suppress(OSError):  # it may have been broken off meanwhile
                open_socket.shutdown(socket.SHUT_RDWR)
        for _ in range(_TURNS):
            if not self._open():
                return
            await asyncio.sleep(0)

    def _open(self) -> list[socket.socket]:
        return [own_socket for own_socket in self._made if own_socket.fileno() >= 0]
