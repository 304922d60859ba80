"""Each way of asking gets an answer, or says that there is none: over real lines, also broken ones."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailroll.gateway import ways
from mailroll.gateway.ways import Effect
from mailroll.reconcile.errors import BadInput


@contextmanager
def answering(answer: Callable[[bytes], bytes], place: Path | None = None) -> Iterator[str]:
    """A server that answers the first bytes of each connection, and closes it."""
    listening = socket.socket(socket.AF_UNIX) if place else socket.socket()
    listening.bind(str(place) if place else ("127.0.0.1", 0))
    listening.listen()
    where = f"unix:{place}" if place else f"inet:127.0.0.1:{listening.getsockname()[1]}"

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                line.sendall(answer(line.recv(65536)))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield where
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def netstring(text: str) -> bytes:
    return f"{len(text.encode())}:{text},".encode()


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        (netstring("OK DUNNO"), Effect.ACCEPTED),
        (netstring("OK 450 4.2.1 later"), Effect.LATER),
        (netstring("OK 550 5.1.1 nobody"), Effect.REFUSED),
        (netstring("NOTFOUND "), Effect.REFUSED),
        (netstring("TEMP away"), Effect.LATER),
        (netstring("PERM no such map"), Effect.NO_ANSWER),
        (netstring("OK "), Effect.NO_ANSWER),
        (b"", Effect.NO_ANSWER),
        (b"5:OK", Effect.NO_ANSWER),
        (b"nonsense", Effect.NO_ANSWER),
        (b"999999999:", Effect.NO_ANSWER),
    ],
)
def test_a_socketmap_answers_in_its_words(said: bytes, effect: Effect) -> None:
    with answering(lambda _: said) as place:
        assert ways.SocketmapWay(place).ask("bob@a.example").effect is effect


def test_a_socketmap_is_asked_for_the_map_that_is_named(tmp_path: Path) -> None:
    def echo(asked: bytes) -> bytes:
        return netstring(f"OK {asked.decode()}")

    with answering(echo) as place:
        assert ways.SocketmapWay(place).ask("b@a").words == "OK 10:access b@a,"
        assert ways.SocketmapWay(f"{place}:recipients").ask("b@a").words == "OK 14:recipients b@a,"
    with answering(echo, tmp_path / "s") as place:
        assert ways.SocketmapWay(place).ask("bü@a").words == "OK 12:access bü@a,"
        assert ways.SocketmapWay(f"{place}:recipients").ask("b@a").words == "OK 14:recipients b@a,"
    assert ways.SocketmapWay(place).ask("b@a").effect is Effect.NO_ANSWER
    with pytest.raises(BadInput):
        ways.SocketmapWay("somewhere").ask("b@a")


def page(status: str, body: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        (page("200 OK", '{"answer": "accept"}'), Effect.ACCEPTED),
        (page("200 OK", '{"answer": "later"}'), Effect.LATER),
        (page("200 OK", '{"answer": "unknown"}'), Effect.REFUSED),
        (page("200 OK", '{"answer": "cannot_say"}'), Effect.LATER),
        (page("200 OK", '{"answer": "perhaps"}'), Effect.NO_ANSWER),
        (page("200 OK", "[]"), Effect.NO_ANSWER),
        (page("401 Unauthorized", "no"), Effect.NO_ANSWER),
        (b"nonsense", Effect.NO_ANSWER),
        (b"", Effect.NO_ANSWER),
    ],
)
def test_the_look_up_over_http_answers(said: bytes, effect: Effect) -> None:
    with answering(lambda _: said) as place:
        assert ways.HttpWay(f"http://{place.removeprefix('inet:')}/x", "secret").ask("bob+a@a.example").effect is effect


def test_the_look_up_is_asked_with_the_token_and_names_itself_without() -> None:
    heard: list[bytes] = []

    def hear(asked: bytes) -> bytes:
        heard.append(asked)
        return page("200 OK", '{"answer": "accept"}')

    with answering(hear) as place:
        url = f"http://user:hidden@{place.removeprefix('inet:')}/x"
        way = ways.HttpWay(url, "secret")
        way.ask("bob+a@a.example")
    assert heard[0].startswith(b"GET /x/lookup?address=bob%2Ba%40a.example HTTP/1.1\r\n")
    assert b"Authorization: Bearer secret\r\n" in heard[0]
    assert "hidden" not in way.name


def test_a_database_that_is_not_there_gives_no_answer() -> None:
    assert ways.Database("postgresql://127.0.0.1:1/x").ask("b@a").effect is Effect.NO_ANSWER
    assert ways.Database("no such thing").ask("b@a").effect is Effect.NO_ANSWER


@pytest.mark.parametrize(
    ("script", "effect"),
    [
        ("echo DUNNO", Effect.ACCEPTED),
        ("echo 450 4.2.1 later", Effect.LATER),
        ("echo 550 5.1.1 nobody", Effect.REFUSED),
        ("exit 1", Effect.REFUSED),
        ("echo postmap: fatal: table error >&2; exit 1", Effect.NO_ANSWER),
    ],
)
def test_postmap_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, effect: Effect) -> None:
    program = tmp_path / "postmap"
    program.write_text(f'#!/bin/sh\ntest "$*" = "-q b@a pgsql:/x" || exit 9\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert ways.Postmap("pgsql:/x").ask("b@a").effect is effect


def test_tags_are_left_out_where_postfix_takes_them_off_itself() -> None:
    assert not ways.Postmap("texthash:/x").takes_tags_off
    assert ways.Postmap("proxy:pgsql:/x").takes_tags_off
