"""The line that a request came over: who asks, whether it was safe from view, and what is done where it was not.

Only a web server named in `MAILROLL_TRUSTED_PROXIES` is believed when it says for whom it asks and how. Without one
nothing tells whether the person's own line was safe: then nobody is sent elsewhere, as that would go round in circles.
"""

from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from mailroll.console.server.asgi import Application, Message, Receive, Scope, Send, answer

_STRICT: Final = (b"strict-transport-security", b"max-age=31536000")
"""A year, as the list that browsers bring along asks for at least (hstspreload.org). Browsers leave it out of account
over plain HTTP: RFC 6797, section 8.1."""


class WaitingLine:
    """Stands before everything else."""

    def __init__(self, inner: Application, url: str, trusted: Iterable[IPv4Network | IPv6Network]) -> None:
        """`url` is the Console's own address."""
        self._inner, self._url = inner, url
        networks = [str(network) for network in trusted]
        self._knows = bool(networks)
        self._enter: Application = ProxyHeadersMiddleware(self._go, networks) if networks else self._go  # type: ignore[arg-type,assignment] # uvicorn's own words for ASGI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._enter(scope, receive, send)

    async def _go(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._url.startswith("https:"):
            await self._inner(scope, receive, send)
            return

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], _STRICT]}
            await send(message)

        if self._knows and scope["scheme"] == "http":
            await answer(strict, HTTPStatus.PERMANENT_REDIRECT, b"", {"Location": self._url + _target(scope)})
            return
        await self._inner(scope, receive, strict)


def _target(scope: Scope) -> str:
    path: str = scope["raw_path"].decode("ascii")
    query: str = scope["query_string"].decode("latin-1")
    # Two slashes at the beginning would name another host to a browser.
    return "/" + path.lstrip("/") + (f"?{query}" if query else "")
