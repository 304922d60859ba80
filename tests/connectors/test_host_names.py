"""Names of hosts lead to the addresses that the machine has for them."""

import asyncio
import socket

import pytest

from mailroll.connectors.microsoft365.http.names import HostResolver


def test_an_address_of_one_link_says_which_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it nothing can be sent there: aiohttp connects to what is said here, and to no link."""
    places = [("192.0.2.1", 443), ("2001:db8::1", 443, 0, 0), ("fe80::1", 443, 0, 2)]
    answers = [(socket.AF_INET6 if len(place) > 2 else socket.AF_INET, 1, 6, "", place) for place in places]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)

    async def go() -> list[str]:
        resolver = HostResolver()
        try:
            return [answer["host"] for answer in await resolver.resolve("graph.example", 443)]
        finally:
            await resolver.close()

    assert asyncio.run(go()) == ["192.0.2.1", "2001:db8::1", "fe80::1%2"]
