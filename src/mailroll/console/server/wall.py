"""Lets a request through when it is whole, small enough, and has a place."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from django.urls import Resolver404, resolve

from mailroll.console.scope import BODY
from mailroll.console.server.asgi import Application, Message, Receive, Scope, Send, answer_page, header, visitor
from mailroll.console.server.places import RequestPlaces

_GONE: Final[Message] = {"type": "http.disconnect"}
_DRAINED: Final = 64 * 1024 * 1024
"""Of a body that is too large so much is read and dropped: a browser that cannot send it all shows no answer."""
_DIGITS: Final = 15
_KEPT: Final = 4 * 1024 * 1024

Admits = Callable[[Scope], Awaitable[bool]]
"""Whether somebody may send a page of this address more than a form."""


class Wall:
    """Stands before the application, for every request."""

    def __init__(self, inner: Application, places: RequestPlaces, body_bytes: int, admits: Admits) -> None:
        self._inner, self.places, self.body_bytes, self._admits = inner, places, body_bytes, admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        visit = _Visit(scope, receive, send, self.places)
        visit.body_bytes = await self._allowed(scope, visit)
        if visit.refused is None and _announced(scope) > visit.body_bytes:
            await visit.refuse_size()
        try:
            if visit.refused is None:
                await self._inner(scope, visit.receive, visit.send)
        finally:
            visit.leave()
        await visit.finish()

    async def _allowed(self, scope: Scope, visit: "_Visit") -> int:
        """Return how much may be sent there: more than a form only by whoever may, which the database knows."""
        wanted_bytes = _page_bytes(scope)
        if wanted_bytes <= self.body_bytes or 0 <= _announced(scope) <= self.body_bytes:
            return self.body_bytes
        if not await visit.enter():
            return 0
        try:
            return wanted_bytes if await self._admits(scope) else self.body_bytes
        finally:
            visit.leave()


class _Visit:
    """One request on its way in, and its answer on the way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, places: RequestPlaces) -> None:
        self._scope, self._receive, self._send, self._places = scope, receive, send, places
        self.refused: HTTPStatus | None = None
        self.body_bytes = 0
        self._size = 0
        self._whole = self._inside = False
        self._kept: list[Message] | None = None

    async def receive(self) -> Message:
        """Hand the body over; its end only with a place. Where there is none the visitor seems to be gone."""
        if self.refused is not None:
            return _GONE
        message = await self._receive()
        if message["type"] != "http.request" or self._whole:
            return message
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._size > self.body_bytes:
            await self.refuse_size()
            return _GONE
        if self._whole and not await self.enter():
            return _GONE
        return message

    async def send(self, message: Message) -> None:
        """Keep a whole answer until the place is given back: whoever reads slowly shall not hold it."""
        if message["type"] == "http.response.start":
            sizes = [value for name, value in message["headers"] if name.lower() == b"content-length"]
            self._kept = [] if sizes and int(sizes[0]) <= _KEPT else None
        if self._kept is None:
            await self._send(message)
        else:
            self._kept.append(message)

    async def enter(self) -> bool:
        self._inside = await self._places.enter(visitor(self._scope))
        if not self._inside:
            self.refused = HTTPStatus.SERVICE_UNAVAILABLE
        return self._inside

    def leave(self) -> None:
        if self._inside:
            self._inside = False
            self._places.leave(visitor(self._scope))

    async def refuse_size(self) -> None:
        self.refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        # Whoever waits to be told to go on sends nothing before that.
        while not self._whole and self._size <= _DRAINED and header(self._scope, b"expect") is None:
            message = await self._receive()
            if message["type"] != "http.request":
                return
            self._size += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)

    async def finish(self) -> None:
        for message in self._kept or ():
            await self._send(message)
        if self.refused is HTTPStatus.SERVICE_UNAVAILABLE:
            await answer_page(self._send, self.refused, "busy")
        elif self.refused is not None:
            await answer_page(self._send, self.refused, "too_large")


def _announced(scope: Scope) -> int:
    """Return the size that a body says it has; -1 where it says none, as one in chunks does."""
    length = header(scope, b"content-length")
    if length is not None and length.isdigit() and len(length) <= _DIGITS:
        return int(length)
    return -1 if header(scope, b"transfer-encoding") is not None else 0


def _page_bytes(scope: Scope) -> int:
    """Return how much a page says that it takes."""
    try:
        return int(resolve(scope["path"]).func.__dict__.get(BODY, 0))
    except Resolver404:
        return 0
