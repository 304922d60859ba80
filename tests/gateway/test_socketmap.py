"""Postfix's protocol over real sockets: what is answered, what is dropped, and that the server goes on."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.directory.models import Serving
from mailroll.gateway import socketmap
from mailroll.gateway.answers import ACCESS, Answer, Life
from mailroll.gateway.copy import RollCopy, ServerClock
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.places import SocketPlace
from mailroll.gateway.server import Service, SocketmapServer
from mailroll.gateway.socketmap import Maps, netstring
from tests.directory.rolls import NOON
from tests.gateway.test_snapshots import ONE, roll

MOST = 20
WAIT = 300


class Noon(ServerClock):
    def __call__(self) -> object:  # type: ignore[override]
        return NOON


@contextmanager
def served(copy: RollCopy, most: int = MOST, place: SocketPlace | None = None) -> Iterator[tuple[str, Service]]:
    """Run a listener in a thread of its own."""
    service, ready, where = Service(copy, clock=Noon()), threading.Event(), [""]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            where[0] = await SocketmapServer(place or SocketPlace(host="127.0.0.1"), most).start(service, stack)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(WAIT)
        yield where[0], service
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@contextmanager
def connected(where: str) -> Iterator[socket.socket]:
    kind, _, rest = where.removeprefix("socketmap:").partition(":")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(WAIT)
            line.connect(rest)
            yield line
    else:
        host, _, port = rest.rpartition(":")
        with socket.create_connection((host, int(port)), WAIT) as line:
            yield line


def read(line: socket.socket) -> str:
    """Read one netstring, or nothing where the connection is closed."""
    said = b""
    while b":" not in said:
        if not (more := line.recv(1)):
            return ""
        said += more
    length = int(said[:-1]) + 1
    content = b""
    while len(content) < length:
        content += line.recv(length - len(content))
    assert content.endswith(b",")
    return content[:-1].decode()


def ask(line: socket.socket, request: str | bytes) -> str:
    data = request.encode() if isinstance(request, str) else request
    line.sendall(b"%d:%b," % (len(data), data))
    return read(line)


@pytest.fixture(scope="module")
def where() -> Iterator[str]:
    with served(roll()) as (at, _):
        yield at


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        ("recipients bob@books.example", "OK OK"),
        ("recipients BOB+tag@bücher.example", "NOTFOUND "),
        ("recipients BOB+tag@Books.example", "OK OK"),
        ("recipients ann@books.example", "OK OK"),
        ("recipients nobody@books.example", "NOTFOUND "),
        ("recipients bob@elsewhere.example", "NOTFOUND "),
        ("recipients @books.example", "NOTFOUND "),
        ("recipients joiner@books.example", "TEMP this mailbox takes no mail at the moment"),
        ("recipients postmaster@bücher.example", "OK OK"),
        ("recipients bob", "NOTFOUND "),
        ("recipients ", "NOTFOUND "),
        ("recipients", "NOTFOUND "),
        ("domains books.example", "OK OK"),
        ("domains BÜCHER.example", "OK OK"),
        ("domains sub.books.example", "NOTFOUND "),
        ("domains bob@books.example", "OK OK"),
        ("access bob@books.example", "OK DUNNO"),
        ("access nobody@books.example", f"OK {ACCESS[Answer.UNKNOWN]}"),
        ("access joiner@books.example", f"OK {ACCESS[Answer.LATER]}"),
        ("access bob@elsewhere.example", "OK DUNNO"),
        ("access books.example", "NOTFOUND "),
        ("access bob@", "NOTFOUND "),
        ("aliases bob@books.example", "PERM no such map: recipients, domains, access"),
        ("", "PERM no such map: recipients, domains, access"),
        ('recipients "a b"@books.example', "NOTFOUND "),
        ("recipients zoë@books.example", "NOTFOUND "),
        ("recipients " + "x" * 10_000 + "@books.example", "NOTFOUND "),
        ("recipients bob\0@books.example", "NOTFOUND "),
        (b"recipients bob\xff@books.example", "NOTFOUND "),
    ],
)
def test_the_table_of_replies(where: str, request_: str | bytes, reply: str) -> None:
    with connected(where) as line:
        assert ask(line, request_) == reply
        assert ask(line, "recipients bob@books.example") == "OK OK"


def test_an_old_list_says_later_and_never_no() -> None:
    copy = roll()
    copy.put([replace(copy.domains[ONE], served=replace(copy.domains[ONE].served, read_at=NOON - timedelta(days=4)))])
    with served(copy) as (at, _), connected(at) as line:
        assert ask(line, "recipients bob@books.example") == "OK OK"
        assert ask(line, "recipients nobody@books.example").startswith("TEMP ")
        assert ask(line, "access nobody@books.example").startswith("TEMP ")


def test_a_server_without_any_list_says_later() -> None:
    with served(RollCopy()) as (at, _), connected(at) as line:
        for asked in ("recipients bob@books.example", "domains books.example", "access bob@books.example"):
            assert ask(line, asked).startswith("TEMP ")
        assert ask(line, "other x").startswith("PERM ")


def test_what_is_asked_is_counted() -> None:
    copy = roll()
    with served(copy) as (at, service), connected(at) as line:
        ask(line, "recipients bob@books.example")
        ask(line, "access nobody@bücher.example")
        ask(line, "domains books.example")
    # What is accepted is counted in bulk, at the latest as the server ends.
    assert service.tally.answers == {(ONE, "accept"): 1, (ONE, "unknown"): 1}
    assert service.tally.askers == {(ONE, "socketmap", ""): NOON}


@pytest.mark.parametrize(
    "bad",
    [
        b"x",
        b":",
        b"-1:",
        b"01:a,",
        b"3:abcd",
        b"999999:",
        b"1000000",
        b"100001:" + b"x" * 100_001 + b",",
        b" 1:a,",
        "٣:abc,".encode(),
        b"\0" * 10,
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_netstring_ends_its_connection_alone(where: str, bad: bytes) -> None:
    with connected(where) as good, connected(where) as line:
        line.sendall(bad)
        with suppress(ConnectionResetError):
            assert read(line) == ""
        assert ask(good, "recipients bob@books.example") == "OK OK"


def test_the_longest_request_is_answered(where: str) -> None:
    with connected(where) as line:
        assert ask(line, "recipients " + "x" * (socketmap.LONGEST - 11)) == "NOTFOUND "


@given(st.lists(st.integers(1, 60), max_size=20))
def test_requests_are_answered_however_they_are_cut(where: str, cuts: list[int]) -> None:
    asked = [f"{name}@books.example" for name in ("bob", "nobody", "ann", "x" * 99)]
    data = b"".join(netstring(f"recipients {one}") for one in asked)
    with connected(where) as line:
        for cut in cuts:
            line.sendall(data[:cut])
            data = data[cut:]
        line.sendall(data)
        assert [read(line) for _ in asked] == ["OK OK", "NOTFOUND ", "OK OK", "NOTFOUND "]


def test_a_client_that_never_reads_stops_being_read(where: str) -> None:
    """Its own sending blocks, so what waits for it is bounded, until it is dropped; others are answered."""
    with connected(where) as line, connected(where) as good:
        line.setblocking(False)
        sent = 0
        request = netstring("recipients bob@books.example") * 1000
        pause = threading.Event()
        with suppress(ConnectionError):
            for _ in range(200):
                with suppress(BlockingIOError):
                    while True:
                        sent += line.send(request)
                        assert sent < 200_000_000
                pause.wait(0.001)
        assert ask(good, "recipients bob@books.example") == "OK OK"


def test_what_is_asked_again_is_answered_from_memory_and_counted() -> None:
    copy = roll()
    with served(copy) as (where, service), connected(where) as line:
        for _ in range(5):
            assert ask(line, "recipients bob@books.example") == "OK OK"
    assert service.tally.answers == {(ONE, "accept"): 5}
    assert service.tally.known == {ONE: {"bob@books.example": 5}}


def test_what_is_kept_in_memory_is_never_older_than_the_roll() -> None:
    copy = roll()
    maps = Maps(copy, AskedTally(), Noon())
    request = b"recipients bob@books.example"
    frame = b"%d:%b," % (len(request), request)

    def told() -> bytes:
        return maps.at_once(frame) or maps.reply(request)

    assert told() == told() == b"5:OK OK,"
    copy.change(ONE, {"bob@books.example": None}, {})
    assert told() == told() == maps.reply(request) != b"5:OK OK,"
    copy.change(ONE, {"bob@books.example": Life(None, None)}, {})
    assert told() == told() == b"5:OK OK,"
    copy.put((), [ONE])
    assert told() == told() == maps.reply(request) == b"9:NOTFOUND ,"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["recipients", "access", "domains", "check", "aliases"]),
            st.sampled_from(
                ["bob", "BOB", "ann", "nobody", "postmaster", "bob+x", "left", "joiner", "", "bob@x", "zo\xeb"]
            ),
            st.sampled_from(["@books.example", "@Books.EXAMPLE", "@b\xfccher.example", "@elsewhere.example", "@", ""]),
        ),
        max_size=30,
    ),
    st.sampled_from(Serving),
)
def test_asked_in_any_order_the_answers_are_those_of_one_question(
    asked: list[tuple[str, str, str]], serving: Serving
) -> None:
    copy = roll()
    copy.put([replace(copy.domains[ONE], served=replace(copy.domains[ONE].served, serving=serving))])
    kept, fresh = Maps(copy, AskedTally(), Noon()), Maps(copy, AskedTally(), Noon())
    for table, local, name in asked * 2:
        request = f"{table} {local}{name}".encode()
        assert (kept.at_once(b"%d:%b," % (len(request), request)) or kept.reply(request)) == fresh.reply(request)
    kept.count()
    assert kept._tally == fresh._tally


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b":",
        b"28:recipients bob@books.example",
        b"27:recipients bob@books.example,",
        b"028:recipients bob@books.example,",
        b"28:recipients bob@books.example;",
        b"28:recipients bob@books.example,28:recipients bob@books.example,",
        b"x:recipients bob@books.example,",
    ],
)
def test_what_is_not_one_whole_netstring_is_not_answered_at_once(frame: bytes) -> None:
    maps = Maps(roll(), AskedTally(), Noon())
    assert maps.at_once(b"28:recipients bob@books.example,") == b"5:OK OK,"
    assert maps.at_once(frame) is None
