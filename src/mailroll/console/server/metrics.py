"""`/metrics`: what Prometheus reads of the whole installation, from whichever process of the Console it asks.

The values are the database's, so that it makes no difference which process answers, and none is lost with one. However
many ask, they are counted once in a few seconds; where the database does not answer, that is what is told.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Final

from django.db import Error, connection, transaction
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from mailroll import events
from mailroll.audit import clock
from mailroll.console.server.asgi import Application, Receive, Scope, Send, answer, header, visitor
from mailroll.insight import figures
from mailroll.measures import table
from mailroll.measures.admission import Admission, Admittance, is_within
from mailroll.measures.shared_look import SharedLook
from mailroll.measures.text import CONTENT_TYPE, Scrape, render
from mailroll.settings.environment import Network
from mailroll.sync import totals

PATIENCE: Final = 8.0
"""Seconds for the database to count: below the ten that Prometheus waits (`scrape_timeout`)."""
KEPT: Final = 5.0
"""Seconds that an answer is given again."""

_PATH: Final = "/metrics"
_PASSED_ON: Final = {b"x-forwarded-for", b"forwarded", b"via"}
_TEXT: Final = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
_REFUSALS: Final = {
    Admittance.WRONG_PLACE: (HTTPStatus.FORBIDDEN, b"Metrics are not read from here.\n"),
    Admittance.WRONG_TOKEN: (HTTPStatus.UNAUTHORIZED, b"A token is needed.\n"),
    Admittance.NO_TOKEN_KEPT: (HTTPStatus.SERVICE_UNAVAILABLE, b"The file of the token cannot be used.\n"),
}

_log = events.logger(__name__)


def measured() -> bytes:
    """Count, in a session that ends with the answer, and that the database itself ends in time."""
    try:
        totals.write_down()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{PATIENCE:.0f}s"])
            return render(figures.count(clock.now()))
    except Error:
        return _away()
    finally:
        connection.close()


def _away() -> bytes:
    scrape = Scrape()
    scrape.set(table.DATABASE_UP, 0)
    return render(scrape)


class MetricsDoor:
    """Stands before everything else but the health of the process: Prometheus knows no host name of ours."""

    def __init__(
        self,
        inner: Application,
        admission: Admission,
        trusted: Sequence[Network] = (),
        look: Callable[[], bytes] = measured,
        patience: float = PATIENCE,
    ) -> None:
        self._inner, self._admission, self._trusted = inner, admission, trusted
        thread = ThreadPoolExecutor(1, "metrics")
        self._counted = SharedLook(look, thread, lifetime=KEPT, patience=patience, otherwise=_away)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_scrape = scope["type"] == "http" and scope["path"] == _PATH and scope["method"] in {"GET", "HEAD"}
        if not is_scrape or self._admission.is_off:
            await self._inner(scope, receive, send)
            return
        hearsay = any(name in _PASSED_ON for name, _ in scope["headers"]) and not self._trusts(scope)

        async def respond(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - as ASGI calls it
            await self._respond(scope, send, None if hearsay else visitor(scope))

        if self._trusted:
            proxies = [str(network) for network in self._trusted]
            await ProxyHeadersMiddleware(respond, proxies)(scope, receive, send)  # type: ignore[arg-type] # its own words for ASGI
        else:
            await respond(scope, receive, send)

    def _trusts(self, scope: Scope) -> bool:
        return is_within(visitor(scope), self._trusted)

    async def _respond(self, scope: Scope, send: Send, source: str | None) -> None:
        authorization = (header(scope, b"authorization") or b"").decode("latin-1")
        entry = self._admission.judge(authorization, source)
        if entry is Admittance.GRANTED:
            await answer(send, HTTPStatus.OK, await self._counted(), {**_TEXT, "Content-Type": CONTENT_TYPE})
            return
        if entry is Admittance.NO_TOKEN_KEPT:
            _log.error("metrics_token_unusable", file=str(self._admission.token_file))
        status, words = _REFUSALS[entry]
        challenge = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else {}
        await answer(send, status, words, {**_TEXT, **challenge})
