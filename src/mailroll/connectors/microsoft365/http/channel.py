"""The one way out: one question over HTTPS and its whole answer, or an error. The environment has no say in it."""

import asyncio
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDictProxy
from yarl import URL

from mailroll.connectors.microsoft365.http import authorities
from mailroll.connectors.microsoft365.http.clouds import Cloud
from mailroll.connectors.microsoft365.http.names import HostResolver, PublicResolver
from mailroll.connectors.microsoft365.http.patience import LATER, Passing
from mailroll.connectors.microsoft365.http.sockets import Sockets
from mailroll.reconcile.errors import Broken, Retry

BODY_MAX: Final = 16 * 1024 * 1024
"""Bytes of one answer, packed or unpacked. 999 users with a hundred service plans each are more: see `TooLarge`."""

AT_ONCE: Final = 4
"""Requests that one reading has under way at the same time."""
_IDLE: Final = 15.0  # seconds; what aiohttp keeps a connection by default

_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
OK: Final = 200
REDIRECTS: Final = range(300, 400)  # RFC 9110 section 15.4
THROTTLED: Final = 429  # RFC 6585 section 4
TROUBLE: Final = range(500, 600)
_UNAVAILABLE: Final = 503
_GZIP_WINDOW: Final = 31  # zlib: the largest window, with the header of gzip


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for all of it."""

    connect: float = 10.0
    idle: float = 30.0
    total: float = 120.0


class TooLarge(Broken):
    """An answer is more than is read: less has to be asked for at a time."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`call` names what it answers: the path that was asked for, without ids, as errors show it.

    `retried`: it was asked for more than once, as earlier answers failed.
    """

    call: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    retried: bool = False

    @property
    def is_json(self) -> bool:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"

    @property
    def trail(self) -> str:
        """The end of a message: the id that Microsoft's support asks for, where there is one."""
        match = _IDENTIFIER.fullmatch(self.headers.get("request-id", ""))
        return f" (request {match.group()})" if match else ""


class Channel:
    """Sends to whatever URL it is given: what may be sent where is decided by the transport and the login."""

    def __init__(self, session: aiohttp.ClientSession, ca_file: str, trusted: ssl.SSLContext) -> None:
        self._session = session
        self._ca_file = ca_file
        self._authorities = trusted

    @classmethod
    @asynccontextmanager
    async def open(
        cls, cloud: Cloud, timeouts: Timeouts, resolver: AbstractResolver | None = None
    ) -> AsyncIterator["Channel"]:
        async with cls.session(cloud, timeouts, resolver) as session:
            yield cls(session, cloud.ca_file, authorities.trusted(cloud.ca_file))

    @staticmethod
    @asynccontextmanager
    async def session(
        cloud: Cloud,
        timeouts: Timeouts,
        resolver: AbstractResolver | None = None,
        *,
        limit: int = AT_ONCE,
        idle: float | None = None,
    ) -> AsyncIterator[aiohttp.ClientSession]:
        """Open what a channel sends over: `limit` connections at the most, kept `idle` seconds with nothing on them."""
        names = resolver or HostResolver()
        sockets = Sockets()
        connector = aiohttp.TCPConnector(
            resolver=names if cloud.own_network else PublicResolver(names),
            limit=limit,
            keepalive_timeout=_IDLE if idle is None else idle,
            socket_factory=sockets.make,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(
                total=timeouts.total, connect=timeouts.connect, sock_connect=timeouts.connect, sock_read=timeouts.idle
            ),
            # The body is unpacked by us, with a limit; cookies and proxies of the environment are nobody's wish here.
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            headers={"User-Agent": "mailroll", "Accept-Encoding": "gzip"},
        )
        try:
            async with session:
                yield session
        finally:
            await names.close()
            await sockets.cut()

    async def send(
        self,
        method: str,
        url: URL,
        *,
        call: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        notify: Callable[[], object] | None = None,
    ) -> HttpAnswer:
        """Ask once, and follow no redirect; raises `Passing` for what may pass, `Broken` for what will not.

        `notify` is called once the question was sent, or is about to be where a connection has to be opened first.
        """
        if notify is not None:
            # By the loop's next turn a question is written for which there is a connection.
            asyncio.get_running_loop().call_soon(notify)
        try:
            async with self._session.request(
                method, url, headers=headers, data=body, allow_redirects=False, ssl=self._authorities
            ) as response:
                content = await _content(response, call)
        except (TimeoutError, aiohttp.ClientError) as fault:
            raise _failure(fault, url.host or "", call) from fault
        if response.status == _UNAVAILABLE:
            # A busy machine stays busy, so the next try shall meet another one: a new connection, which aiohttp makes
            # for new terms of encryption.
            self._authorities = authorities.load(self._ca_file)
        return HttpAnswer(call, response.status, response.headers, content)


async def _content(response: aiohttp.ClientResponse, call: str) -> bytes:
    """Read the body piece by piece, so that a bomb is stopped at the limit and not after it."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        response.close()
        raise malformed(call, "is packed in a way that was not asked for")
    unpacker = zlib.decompressobj(_GZIP_WINDOW) if encoding == "gzip" else None
    pieces, packed, size = [], 0, 0
    async for piece in response.content.iter_any():
        packed += len(piece)
        try:
            part = unpacker.decompress(piece, BODY_MAX - size + 1) if unpacker else piece
        except zlib.error as fault:
            response.close()
            raise _cut_short() from fault
        size += len(part)
        if max(packed, size) > BODY_MAX:
            response.close()
            raise TooLarge(
                "answer_too_large",
                f"Microsoft's answer to {call} is larger than {BODY_MAX >> 20} MiB.",
                "Nothing of it is used. Where answers come in pages, smaller ones were too large as well: report this.",
            )
        pieces.append(part)
    if unpacker and packed and (not unpacker.eof or unpacker.unused_data):
        raise _cut_short()
    return b"".join(pieces)


_INTERMEDIARY: Final = "If a proxy stands between this machine and Microsoft, let it pass these hosts untouched."
_REACH: Final = "Check the network, the name servers and the firewall of this machine."


def malformed(call: str, flaw: str, cure: str = f"Nothing of it is used. {_INTERMEDIARY}") -> Broken:
    """Return the error for an answer that breaks the protocol: which one, and what is wrong with it."""
    return Broken("answer_malformed", f"Microsoft's answer to {call} {flaw}.", cure)


def _cut_short() -> Passing:
    return Passing(Broken("page_cut_short", "Answers end before they are whole, again and again.", _INTERMEDIARY))


def _failure(fault: Exception, host: str, call: str) -> Passing | Broken:
    """Sort by what can be done; the most particular classes come first."""
    match fault:
        case aiohttp.ClientConnectorDNSError():
            return _passing("host_unknown", f"The name {host} could not be found.", _REACH)
        case aiohttp.ClientSSLError() | aiohttp.ServerFingerprintMismatch():
            return Broken(
                "tls_refused",
                f"The certificate or the encryption that {host} offers is not to be trusted.",
                "If a proxy inspects traffic, give its certificate file; else check the clock of this machine.",
            )
        case aiohttp.ClientConnectorError(os_error=ConnectionResetError()):
            return _passing("tls_broken_off", f"{host} broke off before the connection was encrypted.", _REACH)
        case aiohttp.ConnectionTimeoutError() | aiohttp.ClientConnectorError():
            return _passing("host_unreachable", f"No connection to {host} could be made.", _REACH)
        case asyncio.TimeoutError():
            return _passing("answer_too_slow", f"An answer of {host} did not come in time.", _REACH)
        case aiohttp.ClientPayloadError():
            return _cut_short()
        case aiohttp.ClientConnectionError():
            return _passing("connection_lost", f"The connection to {host} broke.", _REACH)
        case _:
            return malformed(call, f"is not HTTP as {host} speaks it")


def _passing(code: str, message: str, fix: str) -> Passing:
    return Passing(Retry(code, message, fix, after=LATER))
