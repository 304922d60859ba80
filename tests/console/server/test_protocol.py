"""Every wait for a visitor has an end; whoever is merely slow comes through."""

import asyncio
import socket
from dataclasses import replace

import pytest

from mailroll.console.server.asgi import Receive, Scope, Send, answer
from mailroll.server.limits import ServerLimits
from tests.console.server.serving import PATIENCE, answering, met

HURRIED = ServerLimits(head_within=0.3, body_within=0.3, body_rate=10, read_within=0.3)
PATIENT = replace(HURRIED, head_within=60, body_within=60, read_within=60)


async def _repeat(_: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    await answer(send, 200, b"got " + body, {})


async def _much(_: Scope, receive: Receive, send: Send) -> None:
    await receive()
    left = asyncio.ensure_future(receive())
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while not left.done():
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        # What is sent to somebody who has left is dropped at once by uvicorn, without a word and without a pause.
        await asyncio.sleep(0)


def _all(line: socket.socket) -> bytes:
    answer = b""
    try:
        while piece := line.recv(65536):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
def test_a_head_that_does_not_come_ends_the_connection(sent: bytes) -> None:
    with answering(_repeat, HURRIED) as port, socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(sent)
        assert _all(line).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_the_head_of_a_second_request_has_to_come_too() -> None:
    with met(_repeat, HURRIED, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as line:
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        line.sendall(b"GET / HTTP/1.1\r\n")
        assert b"408 Request Timeout" in _all(line)


def test_a_body_that_does_not_come_ends_the_connection() -> None:
    with met(_repeat, HURRIED, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx") as line:
        assert _all(line) == b""


def test_a_body_has_more_time_the_more_of_it_came() -> None:
    """The first part earns what the second one needs: ten bytes a second."""
    limits = replace(PATIENT, body_within=0.0, body_rate=1)
    with answering(_repeat, limits) as port, socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 61\r\n\r\n" + b"x" * 60)
        line.sendall(b"y")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")


def test_an_answer_that_nobody_reads_ends_the_connection() -> None:
    asked = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with met(_much, HURRIED, asked) as line, pytest.raises(ConnectionResetError):  # noqa: PT012 - with any of them
        line.recv(1)
        # The other side ends it; until then nothing is read here.
        while True:
            line.sendall(b"x")


def test_whoever_holds_most_makes_room() -> None:
    limits = replace(PATIENT, connections=16)
    with answering(_repeat, limits) as port:
        quiet = socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=("127.0.0.2", 0))
        flood = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(40)]
        last = socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=("127.0.0.3", 0))
        for line in (last, quiet):
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(65536).startswith(b"HTTP/1.1 200")
        for line in (*flood, last, quiet):
            line.close()
