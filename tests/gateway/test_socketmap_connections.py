"""Connections of the socket map: how they are cut, crowded, silent, and where they are made."""

import asyncio
import socket
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from mailroll.directory.models import Serving
from mailroll.gateway import places, socketmap
from mailroll.gateway.places import SocketPlace
from mailroll.gateway.server import Service
from mailroll.gateway.socketmap import Maps
from mailroll.reconcile.errors import BadInput
from tests.gateway.test_snapshots import ONE, roll
from tests.gateway.test_socketmap import MOST, Noon, ask, connected, read, served


def test_ten_thousand_connections_against_a_limit() -> None:
    """Whoever is in stays in; whoever comes too much is dropped; and whoever comes later is let in."""
    with served(roll()) as (at, _), ExitStack() as held:
        inside = [held.enter_context(connected(at)) for _ in range(MOST)]
        assert [ask(line, "domains books.example") for line in inside] == ["OK OK"] * MOST
        dropped = 0
        for _ in range(10_000):
            with connected(at) as line:
                try:
                    dropped += read(line) == ""
                except ConnectionResetError:
                    dropped += 1
        assert dropped == 10_000
        assert ask(inside[0], "domains books.example") == "OK OK"
        inside[1].shutdown(socket.SHUT_RDWR)
        assert read(inside[1]) == ""
        with connected(at) as line:
            assert ask(line, "domains books.example") == "OK OK"


def conversation() -> tuple[socketmap.Connections, socketmap.Conversation, "Line"]:
    connections = socketmap.Connections(Maps(roll(), Service(roll()).tally, Noon()), MOST)
    one, line = connections.conversation(), Line()
    one.connection_made(line)
    return connections, one, line


class Line(asyncio.Transport):
    """A transport whose other end never reads: it takes note of what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.reading = True
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.waiting += len(data)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert high is not None

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def abort(self) -> None:
        self.aborted = True


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time is set by hand."""

    at = 0.0

    def time(self) -> float:
        return self.at


@pytest.mark.parametrize("reads", [True, False])
def test_who_lies_about_is_dropped_in_time(reads: bool) -> None:
    loop = Loop()
    dropped: list[tuple[bool, bool]] = []

    async def lie() -> None:
        connections, one, line = conversation()
        _, other, idle = conversation()
        if reads:
            one.data_received(b"30:recipients b")
            loop.at = socketmap.PATIENCE - 1
            one.data_received(b"o")
        else:
            one.pause_writing()
            assert not line.reading
        connections.open.add(other)
        for at in (socketmap.PATIENCE - 1, socketmap.PATIENCE + 1, socketmap.IDLE + 1):
            loop.at = at
            connections.sweep()
            dropped.append((line.aborted, idle.aborted))

    try:
        loop.run_until_complete(lie())
    finally:
        loop.close()
    assert dropped == [(False, False), (True, False), (True, True)]


def test_a_unix_socket_has_its_mode_and_goes_with_the_server(tmp_path: Path) -> None:
    path = tmp_path / "map"
    with served(roll(), place=SocketPlace(path=path)) as (at, _):
        assert at == f"socketmap:unix:{path}"
        assert path.stat().st_mode & 0o777 == 0o660
        with connected(at) as line:
            assert ask(line, "recipients bob@books.example") == "OK OK"
        with pytest.raises(BadInput, match="Another server"):
            places.listen(SocketPlace(path=path), 0o660)
    assert not path.exists()


def test_only_a_socket_that_nobody_listens_on_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "map"
    places.listen(SocketPlace(path=path), 0o600).close()
    assert path.is_socket()
    with places.listen(SocketPlace(path=path), 0o600):
        assert path.is_socket()
    path.unlink()
    path.write_text("mine", encoding="ascii")
    with pytest.raises(BadInput, match="is no socket"):
        places.listen(SocketPlace(path=path), 0o600)
    assert path.read_text(encoding="ascii") == "mine"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("inet:0.0.0.0:20025", "place_open"),
        ("inet:mx.example:20025", "place_open"),
        ("inet:127.0.0.1:x", "place_malformed"),
        ("inet:127.0.0.1:70000", "place_malformed"),
        ("inet:127.0.0.1", "place_malformed"),
        ("unix:relative", "place_malformed"),
        ("127.0.0.1:1", "place_malformed"),
        ("", "place_malformed"),
    ],
)
def test_places_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        places.parse(text)
    assert refused.value.code == code


def test_places_are_written_as_they_are_read() -> None:
    for text in ("unix:/run/mailroll/map", "inet:127.0.0.1:20025", "inet:[::1]:20025", "inet:localhost:1"):
        assert str(places.parse(text)) == text
    assert str(places.parse("inet:0.0.0.0:1", anywhere=True)) == "inet:0.0.0.0:1"


def test_serving_is_told_by_the_copy_alone() -> None:
    copy = roll()
    one = copy.domains[ONE]
    copy.put([replace(one, served=replace(one.served, serving=Serving.PASS))])
    with served(copy) as (at, _), connected(at) as line:
        assert ask(line, "recipients nobody@books.example") == "OK OK"
