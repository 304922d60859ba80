"""Names of hosts, and where they lead."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from aiohttp.abc import AbstractResolver, ResolveResult

from mailroll.reconcile.errors import Broken

_AT_ONCE: Final = 4
"""Names that are looked up at the same time; of a cloud there are two."""


class HostResolver(AbstractResolver):
    """Looks names up in threads of its own.

    Those of the loop may all be taken by sign-ins, each of which waits for a connection, and so for a name: where they
    looked it up as well, nobody would be answered.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        # Of the families for which this machine has an address, as aiohttp's own resolver asks.
        look_up = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        answers = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=_text(place), port=int(place[1]), family=kind, proto=proto, flags=flags)
            for kind, _, proto, _, place in answers
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _text(place: tuple[Any, ...]) -> str:
    """Return an address; one that holds for a link alone (RFC 4007 section 11) with the number of that link."""
    match place:
        case (str(text), _, _, int(link)) if link:
            return f"{text}%{link}"
        case _:
            return str(place[0])


class PublicResolver(AbstractResolver):
    """Refuses answers that lead inside: a Microsoft host never has a private or loopback address."""

    def __init__(self, names: AbstractResolver) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = await self._names.resolve(host, port, family)
        if any(not ipaddress.ip_address(address["host"].partition("%")[0]).is_global for address in addresses):
            raise Broken(
                "host_private",
                f"The name {host} leads to an address inside a private network.",
                "Check the name servers of this machine; behind an inspecting proxy, give its certificate file.",
            )
        return addresses

    async def close(self) -> None:
        await self._names.close()
