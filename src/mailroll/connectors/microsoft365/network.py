"""The one way out: a session that takes nothing from the environment, and names that resolve to public addresses."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from mailroll.connectors.microsoft365.clouds import Cloud
from mailroll.reconcile.errors import BadInput, Broken


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of an answer, and for all of it."""

    connect: float = 10.0
    idle: float = 30.0
    total: float = 120.0


def session_for(cloud: Cloud, timeouts: Timeouts, resolver: AbstractResolver | None = None) -> aiohttp.ClientSession:
    """Open the session of one connection; which authorities it trusts is said with each request."""
    names = resolver or aiohttp.ThreadedResolver()
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=names if cloud.own_network else PublicResolver(names), limit=4),
        timeout=aiohttp.ClientTimeout(
            total=timeouts.total, connect=timeouts.connect, sock_connect=timeouts.connect, sock_read=timeouts.idle
        ),
        # The body is unpacked by us, with a limit; cookies and proxies of the environment are nobody's wish here.
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        headers={"User-Agent": "mailroll", "Accept-Encoding": "gzip"},
    )


class PublicResolver(AbstractResolver):
    """Refuses answers that lead inside: a Microsoft host never has a private or loopback address."""

    def __init__(self, names: AbstractResolver) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        if any(not ipaddress.ip_address(each["host"].partition("%")[0]).is_global for each in found):
            raise Broken(
                "host_private",
                f"The name {host} leads to an address inside a private network.",
                "Check the name servers of this machine; behind an inspecting proxy, give its certificate file.",
            )
        return found

    async def close(self) -> None:
        await self._names.close()


def authorities(ca_file: str) -> ssl.SSLContext:
    """Return whom to trust: those in the file, else the system's; raises `BadInput` where it cannot be read."""
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as fault:
        raise BadInput(
            "ca_file_unreadable",
            f"The file of certificate authorities {ca_file} cannot be read as PEM.",
            "Give the path of a PEM file that this program may read.",
        ) from fault
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
