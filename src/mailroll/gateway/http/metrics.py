"""`/metrics` of a gateway server: of this one process, while that of the Console is of the whole installation."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from mailroll import events
from mailroll.measures.admission import Admission, Admittance
from mailroll.measures.shared_look import SharedLook
from mailroll.measures.text import CONTENT_TYPE, Scrape, render

METRICS: Final = "/metrics"
_KEPT: Final = 1.0
_PATIENCE: Final = 8.0
_PASSED_ON: Final = ("X-Forwarded-For", "Forwarded", "Via")
_STATUS: Final = {
    Admittance.OFF: 404,
    Admittance.WRONG_PLACE: 403,
    Admittance.WRONG_TOKEN: 401,
    Admittance.NO_TOKEN_KEPT: 503,
}

_log = events.logger(__name__)


@dataclass(frozen=True, slots=True)
class Measured:
    """Who may read the metrics, and what they are now; `look` is called in a thread."""

    admission: Admission
    look: Callable[[], Scrape]


class ServerMetrics:
    def __init__(self, measured: Measured | None, executor: Executor) -> None:
        self._admission = measured.admission if measured is not None else Admission()
        look = measured.look if measured is not None else Scrape
        self._look = SharedLook(
            lambda: render(look()), executor, lifetime=_KEPT, patience=_PATIENCE, otherwise=lambda: render(Scrape())
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        # Whoever passes a question on hides where it came from, and nobody in between is believed here.
        visitor = None if any(name in request.headers for name in _PASSED_ON) else request.remote
        entry = self._admission.judge(request.headers.get("Authorization", ""), visitor)
        if entry is Admittance.GRANTED:
            return web.Response(body=await self._look(), headers={"Content-Type": CONTENT_TYPE, **_NOT_KEPT})
        if entry is Admittance.NO_TOKEN_KEPT:
            _log.error("metrics_token_unusable", file=str(self._admission.token_file))
        challenge = {"WWW-Authenticate": "Bearer"} if entry is Admittance.WRONG_TOKEN else {}
        return web.Response(status=_STATUS[entry], text=f"{entry}\n", headers={**challenge, **_NOT_KEPT})


_NOT_KEPT: Final = {"Cache-Control": "no-store"}
