"""One look for however many ask: it is given again for a few seconds, and nobody begins a second one beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from time import monotonic


class SharedLook:
    """Looks in a thread; where that takes too long, `otherwise` is the answer. For one event loop."""

    def __init__(
        self,
        look: Callable[[], bytes],
        executor: Executor,
        *,
        kept: float,
        patience: float,
        otherwise: Callable[[], bytes],
    ) -> None:
        """`kept`, `patience`: seconds."""
        self._look, self._executor, self._otherwise = look, executor, otherwise
        self._kept, self._patience = kept, patience
        self._turn = asyncio.Lock()
        self._found, self._found_at = b"", -kept

    async def __call__(self) -> bytes:
        async with self._turn:
            if monotonic() - self._found_at >= self._kept:
                looking = asyncio.get_running_loop().run_in_executor(self._executor, self._look)
                try:
                    self._found = await asyncio.wait_for(looking, self._patience)
                except TimeoutError:
                    self._found = self._otherwise()
                self._found_at = monotonic()
            return self._found
