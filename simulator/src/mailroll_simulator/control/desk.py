"""The control surface as an HTTP service."""

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from aiohttp import web

from mailroll_simulator.control.directory import DIRECTORY
from mailroll_simulator.control.notices import NOTICES
from mailroll_simulator.control.routes import Call, Route
from mailroll_simulator.control.services import SERVICES
from mailroll_simulator.login.service import LoginService
from mailroll_simulator.values import Json
from mailroll_simulator.world import World

_NAMES = frozenset(("localhost", "127.0.0.1"))


def reset(world: World, login: LoginService) -> None:
    """Switch all faults off, follow the real time, forget requests and sign-ins; directories and limits stay."""
    world.faults.clear()
    world.clock.resume()
    world.requests.clear()
    world.limits.clear()
    world.tokens.forgive()
    login.store.clear()


def _reset(call: Call) -> Json:
    reset(call.world, call.login)
    return None


def _describe(call: Call) -> Json:
    """Say what there is."""
    return {
        "what": "A simulated Microsoft 365, not Microsoft. Bodies are JSON objects; 204 means done.",
        "login_url": call.world.login_url,
        "graph_url": call.world.graph_url,
        "front_url": call.world.front_url,
        "routes": [{"method": route.method, "path": route.pattern, "does": route.text} for route in ROUTES],
    }


ROUTES: tuple[Route, ...] = (
    Route("GET", "/", "this", _describe),
    Route(
        "POST",
        "/reset",
        "faults off, the real time, requests and sign-ins forgotten; directories and limits stay",
        _reset,
    ),
    *SERVICES,
    *DIRECTORY,
    *NOTICES,
)


def control_handler(world: World, login: LoginService) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Answer on the control port.

    1. only under a name of the loopback, so that no page of a browser gets here by a name of its own
    2. nothing that a page of a browser sends changes anything
    3. unknown things are 404, wrong values 400
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        if urlsplit(f"//{request.headers.get('Host', '')}").hostname not in _NAMES:
            return _error(HTTPStatus.FORBIDDEN, "this is for programs on this machine")
        path = request.raw_path.partition("?")[0]
        segments = tuple(unquote(part) for part in path.strip("/").split("/"))
        found = next(
            ((route, values) for route in ROUTES if (values := route.match(request.method, segments)) is not None), None
        )
        if found is None:
            return _error(HTTPStatus.NOT_FOUND, "no such route; GET / lists them")
        if request.method != HTTPMethod.GET and request.headers.get("Origin") is not None:
            return _error(HTTPStatus.FORBIDDEN, "not for pages of a browser")
        route, values = found
        try:
            call = Call(world, login, values, dict(request.query), _body(await request.read()))
            answer = route.pull(call)
        except LookupError as error:
            return _error(HTTPStatus.NOT_FOUND, str(error))
        except (ValueError, TypeError) as error:
            return _error(HTTPStatus.BAD_REQUEST, str(error))
        if answer is None:
            return web.Response(status=HTTPStatus.NO_CONTENT)
        return _json(HTTPStatus.OK, answer)

    return handle


def _body(raw: bytes) -> Mapping[str, Any]:
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise TypeError("the body is not a JSON object")
    return body


def _error(status: int, text: str) -> web.Response:
    return _json(status, {"error": text})


def _json(status: int, value: Json) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(value).encode(),
        headers={"Content-Type": "application/json", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
    )
