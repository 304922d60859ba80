"""What is answered to whom: lists in each form, and single addresses, of the domains that a token is for."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from time import monotonic, perf_counter
from typing import Final

from aiohttp import web
from django.db import DatabaseError, OperationalError, connection

from mailroll import events, log_context
from mailroll.accounts.tokens import Bearer
from mailroll.gateway.answers import Answer, Because, Verdict, answer
from mailroll.gateway.demand import HTTP, AskedTally
from mailroll.gateway.formats import FORMS
from mailroll.gateway.http.door import SILENT, DoorLimits
from mailroll.gateway.http.gate import Tokens, Tries, token_of
from mailroll.gateway.http.metrics import METRICS, Measured, ServerMetrics
from mailroll.gateway.http.pages import ListPage, ListRequest, NothingToListError, Pages, chosen
from mailroll.gateway.lists import Listing
from mailroll.reconcile.text import storable

_CHUNK: Final = 64 * 1024
_THREADS: Final = 2
_MINUTE: Final = 60
_BEARER: Final = web.RequestKey("bearer", Bearer)
_DOMAIN_MOST: Final = 255
_GOOD_MOST: Final = 1000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = events.logger(__name__)


def application(
    listing: Listing,
    tokens: Tokens,
    tally: AskedTally,
    now: Callable[[], datetime],
    limits: DoorLimits | None = None,
    *,
    measured: Measured | None = None,
) -> web.Application:
    """Make the application. `listing` is trusted: it has to be one that does not shrink without a reason.

    `measured`: what is told to Prometheus, and to whom; None for nothing.
    """
    bounds = limits or DoorLimits()
    # Of their own, so that nobody waits at the gate while a long list is written.
    writers = ThreadPoolExecutor(_THREADS, thread_name_prefix="lists")
    askers = ThreadPoolExecutor(_THREADS, thread_name_prefix="questions")
    # A database that hangs keeps these threads, and nobody waits for them whose token is known.
    doorkeepers = ThreadPoolExecutor(_THREADS, thread_name_prefix="tokens")
    gate = _Gate(tokens, Tries(bounds.wrong_tokens, _MINUTE), doorkeepers, bounds.token_within)
    lists = _Lists(Pages(listing, writers, fresh=bounds.fresh), tally, now, bounds.takes_within)
    lookups = _Lookups(listing, tally, askers)
    metrics = ServerMetrics(measured, askers)

    @web.middleware
    async def let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await (handler(request) if request.path == METRICS else gate.let_in(request, handler))

    async def threads(_application: web.Application) -> AsyncIterator[None]:
        yield
        for executor in (writers, askers):
            await asyncio.to_thread(executor.shutdown, cancel_futures=True)
        doorkeepers.shutdown(wait=False, cancel_futures=True)

    app = web.Application(middlewares=[_heard, _unavailable, let_in])
    app[SILENT] = set()
    app.cleanup_ctx.append(threads)
    app.router.add_get("/lists/{form}/{file}", lists.answer)
    app.router.add_get("/lists/{form}/{domain}/{file}", lists.answer)
    app.router.add_get("/lookup", lookups.answer)
    app.router.add_get(METRICS, metrics.answer)
    return app


@web.middleware
async def _heard(request: web.Request, handler: Handler) -> web.StreamResponse:
    request.app[SILENT].discard(request.protocol)
    with log_context.bound(request=secrets.token_hex(8)):
        return await handler(request)


@web.middleware
async def _unavailable(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say so where the database is away: whoever asks keeps the list it has."""
    try:
        return await handler(request)
    except DatabaseError as error:
        log.warning("list_unavailable", error=type(error).__name__)
        return _said(503, "The list is not available, try again later.", {"Retry-After": str(_MINUTE)})


class _Gate:
    def __init__(self, tokens: Tokens, tries: Tries, executor: Executor, within: float) -> None:
        self._tokens, self._tries, self._executor, self._within = tokens, tries, executor, within
        self._good: OrderedDict[bytes, None] = OrderedDict()

    async def let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who brings a good token. Nobody guesses one: the limit is for the work that wrong ones make."""
        source, text = request.remote or "", token_of(request.headers.get("Authorization", ""))
        key = hashlib.sha256(text.encode()).digest()
        if key not in self._good and self._tries.enough(source, monotonic()):
            return _said(429, "Too many wrong tokens, try again later.", {"Retry-After": str(_MINUTE)})
        bearer = self._tokens.known(text) if text else None
        if text and bearer is None:
            try:
                bearer = await self._ask(text)
            except TimeoutError:
                raise OperationalError("nobody could say whose token it is") from None
        if bearer is None:
            self._good.pop(key, None)
            if text:
                self._tries.wrong(source, monotonic())
                log.warning("token_refused", source=source)
            return _said(401, "A token is needed.", {"WWW-Authenticate": 'Basic realm="mailroll", charset="UTF-8"'})
        self._good[key] = None
        while len(self._good) > _GOOD_MOST:
            self._good.popitem(last=False)
        request[_BEARER] = bearer
        return await handler(request)

    async def _ask(self, text: str) -> Bearer | None:
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._tokens.bearer, text)
        return await asyncio.wait_for(future, self._within)


class _Lists:
    def __init__(self, pages: Pages, tally: AskedTally, now: Callable[[], datetime], takes_within: float) -> None:
        self._pages, self._tally, self._now, self._takes_within = pages, tally, now, takes_within

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Send a file of a form: of one domain, or of all that the token is for."""
        form = FORMS.get(request.match_info["form"])
        part = next((part for part in form.parts if part.name == request.match_info["file"]), None) if form else None
        domain = request.match_info.get("domain")
        if part is None or (domain is not None and len(domain) > _DOMAIN_MOST):
            return _nothing()
        zipped = _takes_gzip(request.headers.get("Accept-Encoding", ""))
        list_request = ListRequest(
            part, request[_BEARER].organizations, None if domain is None else domain.lower(), zipped
        )
        try:
            page = await self._pages.page(list_request)
        except NothingToListError:
            return _nothing()
        self._tally.add_list(page.domains, self._now(), _asker(request[_BEARER]))
        headers = {
            "ETag": page.etag,
            "Last-Modified": format_datetime(page.modified.astimezone(UTC), usegmt=True),
            "Cache-Control": "private, no-cache",
            "Vary": "Authorization, Accept-Encoding",
        }
        if _unchanged(request, page):
            return web.Response(status=304, headers=headers)
        response = web.StreamResponse(headers=headers)
        response.content_type, response.charset = part.media_type, "utf-8"
        response.content_length = page.size
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        await response.prepare(request)
        if request.method != "HEAD":
            await self._send(request, response, page)
        return response

    async def _send(self, request: web.Request, response: web.StreamResponse, page: ListPage) -> None:
        """Send a page piece by piece; who does not take them in time is dropped."""
        try:
            for offset in range(0, page.size, _CHUNK):
                async with asyncio.timeout(self._takes_within):
                    await response.write(page.read(offset, _CHUNK))
        except TimeoutError:
            log.warning("reader_too_slow", source=request.remote)
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError("a reader was too slow") from None


class _Lookups:
    def __init__(self, listing: Listing, tally: AskedTally, executor: Executor) -> None:
        self._listing, self._tally, self._executor = listing, tally, executor

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer for one address as mail servers are answered."""
        address = request.query.get("address", "")
        question = partial(self._ask, address, request[_BEARER])
        began_at = perf_counter()
        verdict = await asyncio.get_running_loop().run_in_executor(self._executor, question)
        self._tally.since_start.latency.observe(perf_counter() - began_at)
        return web.json_response({"address": address, "answer": verdict.answer, "because": verdict.because})

    def _ask(self, address: str, bearer: Bearer) -> Verdict:
        # No text of PostgreSQL holds a NUL, nor half of a character.
        text = address if storable(address) == address else ""
        try:
            with self._listing.moment() as moment:
                verdict = answer(text, moment.roll, moment.at)
                theirs = {domain.served.id for domain in chosen(moment.domains(), bearer.organizations, None)}
                if verdict.domain is not None and verdict.domain not in theirs:
                    return Verdict(Answer.NOT_OURS, Because.NO_DOMAIN)
                if not bearer.own:
                    self._tally.add(verdict, text, moment.roll, moment.at, _asker(bearer))
        finally:
            connection.close()
        return verdict


def _asker(bearer: Bearer) -> tuple[str, str]:
    return HTTP, bearer.name


def _takes_gzip(accepted: str) -> bool:
    for coding in accepted.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.strip().rstrip("0.") != "q="
    return False


def _unchanged(request: web.Request, page: ListPage) -> bool:
    """Tell by the tag, and only where none was given by the time (RFC 9110, section 13.2.2)."""
    if "If-None-Match" in request.headers:
        tags = request.headers["If-None-Match"]
        return tags.strip() == "*" or page.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = request.if_modified_since
    return since is not None and page.modified <= since


def _nothing() -> web.Response:
    """One answer for what there is not and for what the token is not for."""
    return _said(404, "There is no such list.", {})


def _said(status: int, text: str, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, text=f"{text}\n", headers=headers)
