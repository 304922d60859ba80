"""The words of ASGI, as far as they are used here (asgi.readthedocs.io, "HTTP & WebSocket ASGI Message Format")."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.template.loader import render_to_string

from mailroll.console.middleware.headers import HEADERS

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the value of a header that may stand once; of several, none is believed."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0] if len(found) == 1 else None


def visitor(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    told = {**headers, "Content-Length": str(len(body))}
    lines = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def answer_page(send: Send, status: int, name: str, **context: object) -> None:
    """Answer with a page that asks nothing of session or database."""
    page = render_to_string(f"console/errors/{name}.html", context).encode()
    headers = {**HEADERS, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    if status == 503:  # noqa: PLR2004 - as RFC 9110 numbers it
        headers["Retry-After"] = "5"
    await answer(send, status, page, headers)
