"""Places for requests in work: as many as the database has connections for, a short queue, and nobody has all of it."""

import asyncio
from collections import Counter, deque


class RequestPlaces:
    """Counts requests in work and those that wait, of one process."""

    def __init__(self, number: int, *, queue_length: int, patience: float) -> None:
        """`number` requests are in work at once and `queue_length` more wait, none longer than `patience` seconds."""
        self.number, self.waiting, self.patience = number, queue_length, patience
        self._inside = 0
        self._of: Counter[str] = Counter()
        self._queue: deque[asyncio.Future[bool]] = deque()

    @property
    def share(self) -> int:
        """How many of all places and of the queue one visitor may have."""
        return (self.number + self.waiting) // 2

    async def enter(self, visitor: str) -> bool:
        """Take a place, waiting for one where all are taken. False where there is none: then nothing was taken."""
        if self._of[visitor] >= self.share or len(self._queue) >= self.waiting:
            return False
        self._of[visitor] += 1
        if self._inside < self.number:
            self._inside += 1
            return True
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        giving_up = turn.get_loop().call_later(self.patience, _settle, turn)
        entered = False
        try:
            entered = await turn
        finally:
            giving_up.cancel()
            if turn.cancelled() or not entered:
                self._forget(turn, visitor)
        return entered

    def leave(self, visitor: str) -> None:
        """Give a place back, to whoever waits longest."""
        self._go(visitor)
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._inside -= 1

    def _forget(self, turn: "asyncio.Future[bool]", visitor: str) -> None:
        self._go(visitor)
        if turn in self._queue:
            self._queue.remove(turn)

    def _go(self, visitor: str) -> None:
        self._of[visitor] -= 1
        if self._of[visitor] <= 0:
            del self._of[visitor]


def _settle(turn: "asyncio.Future[bool]") -> None:
    if not turn.done():
        turn.set_result(False)
