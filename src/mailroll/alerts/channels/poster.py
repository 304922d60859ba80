"""Posts to an address that people gave, and to no place inside: names are resolved once, and what was found is used.

Whoever administers an organization may name an address, and this machine may reach others that the Internet does not
(CWE-918, server-side request forgery).
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from mailroll.accounts import installation
from mailroll.alerts.channels.errors import NotSent
from mailroll.settings.environment import Network

PATIENCE: Final = 10.0
"""Seconds that a receiver has for all of it: to be found, to take the message, and to answer."""
_READ: Final = 16 * 1024
"""Bytes of an answer that are read; of most nothing is needed but the number."""
_REDIRECT, _FAILURE = 300, 400
_REACHABLE: Final = "Look whether it runs, and whether this machine may reach it."
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""A gateway makes the last 32 bits an IPv4 address (RFC 6052)."""
_PROTOCOLS: Final = IPv4Network("192.0.0.0/24")
"""Of the IETF's protocols (RFC 6890), some of which Python counts as global; nobody's desk is there."""
LOOKING: Final = "alerts look-up"
"""The name of the threads that ask name servers."""

Address = IPv4Address | IPv6Address
Look = Callable[[str, int], Awaitable[list[Address]]]


@dataclass(frozen=True, slots=True)
class ReceiverReply:
    """What a receiver answered, and after how many milliseconds."""

    status: int
    body: bytes
    milliseconds: int

    @property
    def words(self) -> str:
        return f"Answered {self.status} in {self.milliseconds} ms."


def is_outside(address: Address, allowed: tuple[Network, ...] = ()) -> bool:
    """Whether it may be connected to: an address of the Internet, or of a network that the installation allows."""
    if any(address in network for network in allowed):
        return True
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if within is None and address in _NAT64:
            within = IPv4Address(int(address) & 0xFFFF_FFFF)
        if within is not None:
            return is_outside(within)
        # Deprecated (RFC 3879), and still inside where somebody uses it.
        if address.is_site_local:
            return False
    elif address in _PROTOCOLS:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def look_up(host: str, port: int) -> list[Address]:
    """Ask the machine's name servers.

    In a thread that nobody waits for: the loop would join those of its own before it ends, however long they hang.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Address] | None] = loop.create_future()

    def settle(outcome: list[Address] | None) -> None:
        if not answer.done():
            answer.set_result(outcome)

    def ask() -> None:
        outcome: list[Address] | None = None
        with contextlib.suppress(OSError, ValueError):
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            outcome = [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in rows]
        # Whoever asked may have left, and the loop with them.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=ask, name=LOOKING, daemon=True).start()
    addresses = await answer
    if addresses is None:
        raise NotSent("channel_unknown_host", f"The name {host} could not be found.", "Look at how it is spelt in DNS.")
    return addresses


class _Pinned(AbstractResolver):
    """Gives the addresses that were found and checked, and asks nobody again."""

    def __init__(self, addresses: list[Address]) -> None:
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - the hook's shape
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,  # noqa: PLR2004 - of IPv4
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        return None


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    look: Look = look_up,
    patience: float = PATIENCE,
) -> ReceiverReply:
    """Post, follow nothing, and return a reply below 300. Raises `NotSent`, which says what went wrong.

    `look` finds the addresses of a name; `patience`: seconds for all of it.
    """
    return asyncio.run(_post(URL(url), body, headers, look, patience))


async def _post(url: URL, body: bytes, headers: Mapping[str, str], look: Look, patience: float) -> ReceiverReply:
    host, began = url.host or "", time.monotonic()
    try:
        async with asyncio.timeout(patience):
            addresses = await _addresses(url, look)
            connector = aiohttp.TCPConnector(resolver=_Pinned(addresses), force_close=True, use_dns_cache=False)
            # A variable of the environment shall not choose who hears it (trust_env), nor a receiver keep a cookie.
            async with (
                aiohttp.ClientSession(
                    connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
                ) as session,
                session.post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                text = await response.content.read(_READ)
    except TimeoutError as late:
        raise NotSent("channel_silent", f"No answer of {host} within {patience:g} seconds.", _REACHABLE) from late
    except aiohttp.ClientSSLError as problem:
        raise NotSent(
            "channel_certificate",
            f"The certificate of {host} is not to be trusted.",
            "It has to be valid, of that name, and of an authority that this machine trusts.",
        ) from problem
    except (aiohttp.ClientError, OSError, ValueError) as problem:
        raise NotSent("channel_unreachable", f"The connection to {host} failed.", _REACHABLE) from problem
    spent = round((time.monotonic() - began) * 1000)
    if response.status >= _FAILURE:
        raise NotSent(
            "channel_refused",
            f"Refused: {host} answered {response.status}.",
            "Look there whether the address and its secret still hold; if not, edit the channel.",
        )
    if response.status >= _REDIRECT:
        raise NotSent(
            "channel_redirected",
            f"{host} leads elsewhere ({response.status}), and no redirect is followed.",
            "Edit the channel, and give it the address behind that.",
        )
    return ReceiverReply(response.status, text, spent)


async def _addresses(url: URL, look: Look) -> list[Address]:
    """Find where to connect to. An address in numbers never asks a resolver, so it is checked here as well."""
    host, allowed = url.host or "", installation.settings().alert_networks
    try:
        addresses = [ip_address(host.partition("%")[0])]
    except ValueError:
        addresses = await look(host, url.port or 443)
    if url.scheme != "https" and not all(any(address in network for network in allowed) for address in addresses):
        raise NotSent(
            "channel_without_tls",
            f"Without TLS nothing leaves for {host}.",
            "Give it an https address. Only networks of MAILROLL_ALERT_NETWORKS are posted to without TLS.",
        )
    if not addresses or not all(is_outside(address, allowed) for address in addresses):
        raise NotSent(
            "channel_private",
            f"The name {host} leads into a private network.",
            "MAILROLL_ALERT_NETWORKS names those that are allowed.",
        )
    return addresses
