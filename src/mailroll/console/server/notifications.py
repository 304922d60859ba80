"""Where Microsoft tells of changes: nobody signs in for it, and nothing of what comes is believed but that somebody who
knows one of our secrets says "look".

As of "Receive change notifications through webhooks" (learn.microsoft.com, concepts/change-notifications-delivery-
webhooks): an address proves that it wants them by saying a token back within 10 seconds, as plain text, and takes them
with 202 within 3 seconds, else they are sent again for 4 hours. Whoever takes too long too often is told late or not at
all; so what came takes effect after the answer, together once a second, which is the same for what is forged.
"""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from time import monotonic
from typing import Final
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from django.db import Error, InterfaceError, connection

from mailroll import events
from mailroll.connections.subscriptions import states
from mailroll.console.server.asgi import Application, Receive, Scope, Send, answer
from mailroll.measures.accumulator import PROCESS
from mailroll.measures.table import NOTIFICATIONS
from mailroll.settings import NOTIFICATION_PATH
from mailroll.sync.notifications import hints

BODY_MAX: Final = 256 * 1024
"""Bytes of one request: some 500 notifications."""
HELD_MAX: Final = 8 * 1024 * 1024
"""Bytes of all requests that are being read. Where there are more, the one that came first makes room: Microsoft's are
whole at once, and whoever sends theirs bit by bit keeps nobody else's out."""
NUMBER_MAX: Final = 1_000
"""Notifications of one request; where there are more, none is judged. Microsoft's have some 500 bytes each. What is
forged can have three, and to judge 87,000 would hold up everybody whom this process serves."""
_DRAINED: Final = 4 * BODY_MAX
TOKEN_MAX: Final = 2_048
"""Characters of a token to say back; those that were seen have some 100."""
KEPT_MAX: Final = 100_000
"""Subscriptions that wait to take effect: more than any installation has, as what is forged is not among them."""
APART: Final = 1.0
"""Seconds between two statements."""

_TEXT: Final = {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}

_log = events.logger(__name__)


class ToldChange(msgspec.Struct, rename="camel"):
    """What is looked at of a notification; `lifecycle_event` where it is about the subscription itself."""

    client_state: str | None = None
    lifecycle_event: str | None = None


class ToldChanges(msgspec.Struct):
    value: list[ToldChange]


_BODY: Final = msgspec.json.Decoder(ToldChanges)
Effect = Callable[[Collection[UUID], Collection[UUID]], int]


def take_effect(rows: Collection[UUID], attend: Collection[UUID]) -> int:
    """Make domains due, in a session that ends with it."""
    try:
        return hints.take_effect(rows, attend)
    finally:
        connection.close()


class HintBasket:
    """What was told and has not taken effect, each subscription once; lives in one loop."""

    def __init__(self, effect: Effect = take_effect, apart: float = APART) -> None:
        self._effect, self._apart = effect, apart
        self._rows: dict[UUID, bool] = {}
        self._thread = ThreadPoolExecutor(1, "notifications")
        self._emptying: asyncio.Task[None] | None = None
        self._last = -apart

    def put(self, row: UUID, *, attend: bool) -> None:
        if row in self._rows or len(self._rows) < KEPT_MAX:
            self._rows[row] = attend or self._rows.get(row, False)
        if self._emptying is None:
            self._emptying = asyncio.get_running_loop().create_task(self._empty())

    async def _empty(self) -> None:
        """Let what waits take effect, until nothing does. Where the database does not answer, it waits on."""
        try:
            while self._rows:
                await asyncio.sleep(max(0.0, self._last + self._apart - monotonic()))
                rows, self._rows = self._rows, {}
                attend = [row for row, needs in rows.items() if needs]
                try:
                    await asyncio.get_running_loop().run_in_executor(self._thread, self._effect, [*rows], attend)
                except (Error, InterfaceError) as problem:
                    _log.warning("notifications_wait", problem=type(problem).__name__)
                    for row, needs in rows.items():
                        self._rows[row] = needs or self._rows.get(row, False)
                self._last = monotonic()
        finally:
            self._emptying = None


@dataclass(eq=False, slots=True)
class _HeldBody:
    """What came of a request whose end has not come."""

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    gave_way: bool = False


class NotificationDoor:
    """Stands before everything that knows sessions, host names or forms. Where it is off, there is no such address."""

    def __init__(self, inner: Application, *, is_on: bool, basket: HintBasket | None = None) -> None:
        self._inner, self._is_on = inner, is_on
        self._basket = basket or HintBasket()
        self._bodies: dict[_HeldBody, None] = {}
        self.held = 0
        """Bytes of requests that are not whole yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_notification = self._is_on and scope["type"] == "http" and scope["path"] == NOTIFICATION_PATH
        if not is_notification or scope["method"] != "POST":
            await self._inner(scope, receive, send)
            return
        body = await self._body(receive)
        if isinstance(body, HTTPStatus):
            PROCESS.add(NOTIFICATIONS, "busy" if body is HTTPStatus.SERVICE_UNAVAILABLE else "unreadable")
            more = {"Retry-After": "60"} if body is HTTPStatus.SERVICE_UNAVAILABLE else {}
            await answer(send, body, b"", {**_TEXT, **more})
            return
        try:
            query = parse_qs(scope["query_string"].decode("ascii"), keep_blank_values=True, max_num_fields=20)
        except ValueError:
            query = {"validationToken": [""]}
        if "validationToken" in query:
            await self._say_back(query["validationToken"], send)
        else:
            await answer(send, self._take_notifications(body), b"", _TEXT)

    async def _body(self, receive: Receive) -> bytes | HTTPStatus:
        """Read it, or return how it is refused; of what is too large some more is read, so that the answer arrives."""
        body = _HeldBody()
        self._bodies[body] = None
        size = 0
        try:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return HTTPStatus.BAD_REQUEST
                if body.gave_way:
                    return HTTPStatus.SERVICE_UNAVAILABLE
                piece = message.get("body", b"")
                size += len(piece)
                if size <= BODY_MAX:
                    self._hold(body, piece)
                if size > _DRAINED or not message.get("more_body", False):
                    return b"".join(body.pieces) if size <= BODY_MAX else HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        finally:
            self._let_go(body)

    def _hold(self, body: _HeldBody, piece: bytes) -> None:
        """Keep a piece; for what is too much of all, what began longest ago makes room."""
        while self.held + len(piece) > HELD_MAX:
            first = next(held_body for held_body in self._bodies if held_body.size and held_body is not body)
            first.gave_way = True
            self._let_go(first)
        body.pieces.append(piece)
        body.size += len(piece)
        self.held += len(piece)

    def _let_go(self, body: _HeldBody) -> None:
        if body in self._bodies:
            del self._bodies[body]
            self.held -= body.size
            body.pieces.clear()

    @staticmethod
    async def _say_back(tokens: list[str], send: Send) -> None:
        """Say the token back, harmless to what takes it for a page: in Microsoft's own nothing is changed."""
        if len(tokens) != 1 or not 0 < len(tokens[0]) <= TOKEN_MAX:
            PROCESS.add(NOTIFICATIONS, "unreadable")
            await answer(send, HTTPStatus.BAD_REQUEST, b"", _TEXT)
            return
        await answer(send, HTTPStatus.OK, escape(tokens[0]).encode("utf-8", "replace"), _TEXT)

    def _take_notifications(self, body: bytes) -> HTTPStatus:
        """Keep what is proved. Whether anything was, nobody is told."""
        try:
            notifications = _BODY.decode(body).value
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            PROCESS.add(NOTIFICATIONS, "unreadable")
            return HTTPStatus.BAD_REQUEST
        if len(notifications) > NUMBER_MAX:
            PROCESS.add(NOTIFICATIONS, "unreadable")
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        for notification in notifications:
            row = states.judge(notification.client_state or "")
            PROCESS.add(NOTIFICATIONS, "forged" if row is None else "taken")
            if row is not None:
                self._basket.put(row, attend=notification.lifecycle_event is not None)
        return HTTPStatus.ACCEPTED
