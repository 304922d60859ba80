"""HTTP servers on the loopback: sign-in, Graph, and the answers that a fault makes travel badly."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from aiohttp import web

from mailroll_simulator.door import Door
from mailroll_simulator.errors import GraphError
from mailroll_simulator.graph.wire import GraphRequest, GraphResponse, Travel
from mailroll_simulator.login.service import LoginService
from mailroll_simulator.login.wire import LoginRequest
from mailroll_simulator.values import instant

_ROOT = "/v1.0"
_LARGEST = 4 * 1024 * 1024
# How long a stop waits for answers under way; those held up by a fault would take for ever.
_PATIENCE = 0.1
_BEATS = 10  # in a second, where bytes trickle

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Graph(Protocol):
    """What answers below /v1.0."""

    def answer(self, request: GraphRequest, authorization: str | None) -> GraphResponse: ...


@asynccontextmanager
async def listening(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve every path by one handler on a free port of the loopback, and give the port."""
    application = web.Application(client_max_size=_LARGEST)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_PATIENCE)
    await runner.setup()
    door = Door()
    try:
        await web.SockSite(runner, door, ssl_context=tls).start()
        yield door.port
    finally:
        await runner.cleanup()
        await door.clear()
        door.close()


def graph_handler(service: Graph) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        path, query = _target(request)
        if path != _ROOT and not path.startswith(f"{_ROOT}/"):
            return _no_version(request)
        asked = GraphRequest(request.method, path.removeprefix(_ROOT), query, _headers(request), await request.read())
        response = service.answer(asked, request.headers.get("Authorization"))
        with response.under_way:
            if response.later is not None:
                response = await asyncio.to_thread(response.later)
            return await _travel(request, response)

    return handle


def login_handler(service: LoginService, *, front: bool) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        path, query = _target(request)
        asked = LoginRequest(request.method, path, query, _headers(request), await request.read(), front)
        response = service.answer(asked)
        return web.Response(status=response.status, body=response.body, headers=response.headers)

    return handle


def _target(request: web.Request) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Give path and query decoded, but otherwise as they were sent: no dots taken out."""
    path, _, query = request.raw_path.partition("?")
    return unquote(path), tuple(parse_qsl(query, keep_blank_values=True))


def _headers(request: web.Request) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _no_version(request: web.Request) -> web.Response:
    error = GraphError(HTTPStatus.NOT_FOUND, "ResourceNotFound", "Invalid version: this Graph answers below /v1.0.")
    identifier = str(uuid4())
    body = error.body(
        date=instant(datetime.now(UTC)).removesuffix("Z"),
        request_id=identifier,
        client_request_id=request.headers.get("client-request-id", identifier),
    )
    response = GraphResponse.of(body, error.status)
    return web.Response(status=response.status, body=response.body, headers=response.headers)


async def _travel(request: web.Request, response: GraphResponse) -> web.StreamResponse:
    """Send an answer: at once and whole, or as its fault wants.

    1. wait before the first byte
    2. reset instead of any byte
    3. announce the whole length, send the share that is to arrive, in beats where there is a rate
    4. close where it was cut
    """
    travel = response.travel
    if travel is None:
        return web.Response(status=response.status, body=response.body, headers=response.headers)
    await asyncio.sleep(travel.wait)
    if travel.reset:
        _reset(request)
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(response.body)
    await stream.prepare(request)
    share = 1.0 if travel.cut_after is None else travel.cut_after
    await _send(stream, response.body[: int(len(response.body) * share)], travel)
    if travel.cut_after is not None and request.transport is not None:
        request.transport.close()
    return stream


async def _send(stream: web.StreamResponse, body: bytes, travel: Travel) -> None:
    if travel.rate is None:
        await stream.write(body)
        return
    piece = max(1, travel.rate // _BEATS)
    for start in range(0, len(body), piece):
        await stream.write(body[start : start + piece])
        await asyncio.sleep(piece / travel.rate)


def _reset(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    # Linger of no seconds: the kernel sends a reset in place of an orderly end.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
