"""No socket outlives the channel that made it, whatever the other side does."""

import asyncio
import gc
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from socket import AF_INET, IPPROTO_TCP, SHUT_RDWR, SOCK_STREAM, TCP_NODELAY, create_server
from threading import Event, Thread

import pytest
from yarl import URL

from mailroll.connectors.microsoft365.http.channel import Channel
from mailroll.connectors.microsoft365.http.clouds import CUSTOM, Cloud
from mailroll.connectors.microsoft365.http.patience import Passing
from mailroll.connectors.microsoft365.http.sockets import Sockets
from tests.connectors.hostile import PATIENT, Authority

IMPATIENT = replace(PATIENT, idle=0.1)
PART = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n"
MUCH = PART + b" " * (1 << 23)
TURNS = 10
"""Rounds of the loop in which what lies on the socket is read and the body begun."""


@contextmanager
def rude(authority: Authority, said: bytes, heard: Event | None = None) -> Iterator[str]:
    """A server that says what it says and then neither reads nor writes, nor takes leave, until the end."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server_file)
    over = Event()

    def serve() -> None:
        with suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as peer:
            peer.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # what is sent is there at once
            peer.recv(1 << 16)
            peer.sendall(said)
            if heard:
                heard.set()
            over.wait()

    with create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(SHUT_RDWR)  # nobody may have come
            thread.join()


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fail where something was left to chance: sockets that are collected while they are open say so."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(each.message) for each in said] == []


@pytest.mark.parametrize("said", [b"", PART, MUCH], ids=["nothing", "head", "much"])
def test_a_server_that_does_not_take_leave_keeps_no_socket_open(authority: Authority, said: bytes) -> None:
    async def ask(url: str) -> None:
        async with Channel.open(Cloud(CUSTOM, url, url, authority.ca_file), IMPATIENT) as channel:
            with pytest.raises(Passing):
                await channel.send("GET", URL(url), call="/users", headers={})

    with rude(authority, said) as url, nothing_left():
        asyncio.run(ask(url))


def test_a_question_that_is_given_up_keeps_no_socket_open(authority: Authority) -> None:
    """One of two questions fails, and a task group gives the other one up while its answer is under way."""

    async def ask(url: str) -> None:
        async with Channel.open(Cloud(CUSTOM, url, url, authority.ca_file), PATIENT) as channel:
            asking = asyncio.create_task(channel.send("GET", URL(url), call="/users", headers={}))
            await asyncio.to_thread(heard.wait)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.wait([asking])

    heard = Event()
    with rude(authority, PART, heard) as url, nothing_left():
        asyncio.run(ask(url))


def test_a_connection_under_way_keeps_no_socket_open(authority: Authority) -> None:
    async def ask(url: str) -> None:
        async with Channel.open(Cloud(CUSTOM, url, url, authority.ca_file), PATIENT) as channel:
            asking = asyncio.create_task(channel.send("GET", URL(url), call="/users", headers={}))
            await asyncio.to_thread(meet)
        with pytest.raises(Passing):
            await asking

    def meet() -> None:
        listener.accept()[0].close()

    with create_server(("127.0.0.1", 0)) as listener, nothing_left():
        asyncio.run(ask(f"https://127.0.0.1:{listener.getsockname()[1]}"))


def test_what_is_over_makes_no_socket() -> None:
    async def go() -> None:
        sockets = Sockets()
        await sockets.cut()
        with pytest.raises(OSError, match="the channel is closed"):
            sockets.make((AF_INET, SOCK_STREAM, 0, "", ("127.0.0.1", 9)))

    asyncio.run(go())
