"""Who is let in over HTTP: only so many at once, none that is slow, and from elsewhere only where that is wished."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from mailroll.gateway.places import is_loopback
from mailroll.reconcile.errors import BadInput

SILENT: Final = web.AppKey("silent", set[asyncio.Protocol])
"""Connections that have asked nothing yet."""

_PORT_MOST: Final = 65535


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """What nobody may exceed; times in seconds."""

    connections: int = 256
    asks_within: float = 10
    """From the connection to the end of the first request's head."""
    takes_within: float = 30
    """For each piece of an answer."""
    idle: float = 15
    """Between two requests of one connection."""
    token_within: float = 5
    """Until it has to be known whose token it is."""
    wrong_tokens: int = 20
    """In a minute from one address."""
    fresh: float = 15
    """How old a list may be that is sent."""


class Where(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def where(text: str, *, to_others: bool = False) -> Where:
    """Read HOST:PORT. Tokens go over the line as they are, so other machines are listened to only when told so."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > _PORT_MOST:
        raise BadInput("http_address_malformed", f"“{text}” is no HOST:PORT.", "Give one like 127.0.0.1:8025.")
    if not to_others and not is_loopback(host):
        raise BadInput(
            "http_not_loopback",
            f"{host} is reached from other machines, and without TLS tokens can be read on the way.",
            "Put a server with TLS before it, or add --allow-remote.",
        )
    return Where(host, int(port))


@asynccontextmanager
async def listening(application: web.Application, at: Where, limits: DoorLimits) -> AsyncIterator[int]:
    """Serve an application until the end of the block; gives the port, which the system chooses where it is 0."""
    # Requests are not logged by aiohttp: who asked what is nobody's business but the gateway's.
    runner = web.AppRunner(application, access_log=None, keepalive_timeout=limits.idle, shutdown_timeout=limits.idle)
    await runner.setup()
    try:
        if runner.server is None:
            raise RuntimeError("an application that was set up has no server")
        door = _Door(runner.server, application[SILENT], limits)
        listener = await _listener(door, at)
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            listener.close()
    finally:
        await runner.cleanup()


async def _listener(door: "_Door", at: Where) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(door.let_in, at.host, at.port)
    except OSError as error:
        raise BadInput(
            "place_taken", f"{at} cannot be listened at: {error.strerror}.", "Give another place."
        ) from error


class _Door:
    def __init__(self, server: web.Server, silent: set[asyncio.Protocol], limits: DoorLimits) -> None:
        self._server, self._silent, self._limits = server, silent, limits

    def let_in(self) -> asyncio.Protocol:
        if len(self._server.connections) >= self._limits.connections:
            return _Closed()
        handler = self._server()
        self._silent.add(handler)
        asyncio.get_running_loop().call_later(self._limits.asks_within, self._drop_silent, handler)
        return handler

    def _drop_silent(self, handler: RequestHandler) -> None:
        if handler in self._silent:
            self._silent.discard(handler)
            if handler.transport is not None:
                handler.transport.abort()


class _Closed(asyncio.Protocol):
    """A connection that is closed as soon as it is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
