"""Connections of the gateway's HTTP: how many, for how long, and from where."""

import asyncio
import socket
from contextlib import suppress

import pytest
from aiohttp import ClientConnectionError
from structlog.testing import capture_logs

from mailroll.gateway.demand import AskedTally
from mailroll.gateway.http import DoorLimits, Where, application, listening, where
from mailroll.reconcile.errors import BadInput
from tests.directory.rolls import NOON
from tests.gateway.memory import Copy, Known
from tests.gateway.test_http import FRESH, RSPAMD, TENTHS, TOKEN, Client, asked, bob, serving, until


def large(copy: Copy) -> None:
    bob(copy).extend(f"somebody.with.a.number.{number:06}@xn--bcher-kva.example" for number in range(100_000))


def test_a_place_that_is_taken_is_said() -> None:
    async def run() -> None:
        async with serving(Copy(), Known({})) as client:
            with pytest.raises(BadInput) as problem:
                async with listening(
                    application(Copy(), Known({}), AskedTally(), lambda: NOON), Where("127.0.0.1", client.port), FRESH
                ):
                    pass
            assert problem.value.code == "place_taken"

    asyncio.run(run())


@pytest.mark.slow
def test_a_large_list_arrives_whole(copy: Copy) -> None:
    large(copy)

    async def test(client: Client) -> None:
        response, body = await client.ask(RSPAMD)
        assert int(response.headers["Content-Length"]) == len(body)
        assert body.count(b"\n") == 2 * (100_000 + 1) + 2

    asked(copy, test)


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()


@pytest.mark.slow
def test_a_reader_who_takes_nothing_is_dropped(copy: Copy) -> None:
    large(copy)

    async def test(client: Client) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as lazy:
            lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            lazy.setblocking(False)
            await loop.sock_connect(lazy, ("127.0.0.1", client.port))
            await loop.sock_sendall(lazy, request(RSPAMD))
            await until(lambda: any(entry["event"] == "reader_too_slow" for entry in logs))
        assert (await client.ask("/lists/rspamd/domains.map"))[0].status == 200

    with capture_logs() as logs:
        asked(copy, test, DoorLimits(fresh=3600, takes_within=0.2))


def test_a_connection_that_asks_nothing_is_closed(copy: Copy) -> None:
    async def test(client: Client) -> None:
        for sent in (b"", b"GET /lookup HTTP/1.1\r\nHost: x\r\nX-Slow: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            writer.write(sent)
            with suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()
        for _ in range(TENTHS):
            # Whoever was not fast enough on a busy machine asks again.
            with suppress(ClientConnectionError):
                assert (await client.ask(RSPAMD))[0].status == 200
                return
        pytest.fail("nobody is answered any more")

    asked(copy, test, DoorLimits(fresh=0, asks_within=0.1))


def test_connections_beyond_the_limit_are_closed_and_the_others_are_served(copy: Copy) -> None:
    async def test(client: Client) -> None:
        assert (await client.ask(RSPAMD))[0].status == 200
        held = [await asyncio.open_connection("127.0.0.1", client.port) for _ in range(40)]
        ended = [asyncio.create_task(reader.read()) for reader, _ in held]
        await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        # The client's own connection is one of the three.
        assert (await client.ask(RSPAMD))[0].status == 200
        for task in ended:
            task.cancel()
        for _, writer in held:
            writer.close()
        await asyncio.gather(*ended, return_exceptions=True)

    asked(copy, test, DoorLimits(fresh=0, connections=3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8025", ("127.0.0.1", 8025)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:80", ("::1", 80)),
        ("0.0.0.0:80", "http_not_loopback"),
        ("mx1.example:80", "http_not_loopback"),
        ("8025", "http_address_malformed"),
        ("127.0.0.1:", "http_address_malformed"),
        ("127.0.0.1:65536", "http_address_malformed"),
        ("127.0.0.1:\u0661", "http_address_malformed"),
    ],
)
def test_other_machines_are_listened_to_only_when_told_so(text: str, expected: str | tuple[str, int]) -> None:
    if isinstance(expected, tuple):
        assert where(text) == where(text, to_others=True) == expected
    else:
        with pytest.raises(BadInput) as problem:
            where(text)
        assert problem.value.code == expected


def test_other_machines_are_listened_to_when_told_so() -> None:
    assert where("192.0.2.1:80", to_others=True) == ("192.0.2.1", 80)
