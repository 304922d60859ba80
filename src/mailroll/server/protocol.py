"""HTTP with an end to every wait: for a request's head, for its body, and for whoever does not read the answer.

uvicorn has none of these but for the pause between two requests (they are asked for in Kludex/uvicorn issue 157), and
accepts connections until no file can be opened any more.
"""

import asyncio
from collections import Counter
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from mailroll import events
from mailroll.server.limits import ServerLimits

_TOO_SLOW: Final = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 43\r\n"
    b"Connection: close\r\n\r\nThe request did not arrive whole in time.\r\n"
)

_log = events.logger(__name__)


class PunctualHttp(H11Protocol):
    """A connection of a visitor."""

    limits = ServerLimits()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._of_body = False
        self._until = 0.0
        self.since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn itself
        if len(self.connections) >= self.limits.open_connections and not self._make_room():
            transport.abort()
            return
        super().connection_made(transport)
        self.since = self.loop.time()
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            return
        awaited = self.conn.their_state
        if awaited is h11.SEND_BODY:
            self._expect_body(len(data))
        elif awaited is h11.IDLE and self.idle:
            if self._deadline is None:
                self._expect_head()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._is_read()
        if self.transport is not None:
            super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self.limits.read_within, self.transport.abort)

    def resume_writing(self) -> None:
        self._is_read()
        super().resume_writing()

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    @property
    def visitor(self) -> str:
        return self.client[0] if self.client else ""

    @property
    def idle(self) -> bool:
        """Whether nothing of this visitor is being answered."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _expect_head(self) -> None:
        self._stop()
        self._deadline = self.loop.call_later(self.limits.head_within, self._too_late)

    def _expect_body(self, size: int) -> None:
        if not self._of_body:
            self._stop()
            self._of_body, self._until = True, self.loop.time() + self.limits.body_within
            self._deadline = self.loop.call_at(self._until, self._too_late)
        self._until += size / self.limits.body_rate

    def _too_late(self) -> None:
        if self._of_body and self._until > self.loop.time():
            self._deadline = self.loop.call_at(self._until, self._too_late)
            return
        self._stop()
        if self.idle and not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self.transport.close()
        else:
            self.transport.abort()

    def _stop(self) -> None:
        self._of_body = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _make_room(self) -> bool:
        """Let one connection go whose request is not whole yet: the oldest one of the visitor who holds the most.

        So a flood makes room for itself and for everybody else. False where all are being answered.
        """
        ours = [other for other in self.connections if isinstance(other, PunctualHttp)]
        counts = Counter(other.visitor for other in ours)
        waiting_connections = [other for other in ours if other.idle or other.conn.their_state is h11.SEND_BODY]
        if not waiting_connections:
            _log.warning("connections_used_up", connections=len(ours))
            return False
        connection = min(waiting_connections, key=lambda other: (-counts[other.visitor], other.since))
        self.connections.discard(connection)
        connection.transport.abort()
        return True
