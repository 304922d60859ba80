"""One look for however many ask: it is given again for a few seconds, and nobody begins a second one beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from time import monotonic
from typing import Generic, TypeVar

_Seen = TypeVar("_Seen")


class SharedLook(Generic[_Seen]):
    """Looks in a thread; where that takes too long, `otherwise` is the answer. For one event loop."""

    def __init__(
        self,
        look: Callable[[], _Seen],
        executor: Executor,
        *,
        lifetime: float,
        patience: float,
        otherwise: Callable[[], _Seen],
    ) -> None:
        """`lifetime`, `patience`: seconds."""
        self._look, self._executor, self._otherwise = look, executor, otherwise
        self._kept, self._patience = lifetime, patience
        self._turn = asyncio.Lock()
        self._found: _Seen | None = None
        self._found_at = 0.0

    async def __call__(self) -> _Seen:
        async with self._turn:
            if self._found is None or monotonic() - self._found_at >= self._kept:
                looking = asyncio.get_running_loop().run_in_executor(self._executor, self._look)
                try:
                    self._found = await asyncio.wait_for(looking, self._patience)
                except TimeoutError:
                    self._found = self._otherwise()
                self._found_at = monotonic()
            return self._found
