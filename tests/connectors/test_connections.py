"""Connections that break, stall, cannot be made or lead elsewhere; and the environment, which has no say."""

import asyncio
import gzip
import json
import socket
import zlib
from dataclasses import replace
from threading import Thread

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from mailroll.connectors.microsoft365.http.channel import BODY_MAX, Channel, Timeouts
from mailroll.connectors.microsoft365.http.clouds import CLOUDS
from mailroll.connectors.microsoft365.http.patience import TRIES, Passing
from mailroll.connectors.microsoft365.listing.listings import PAGE_SIZES
from mailroll.reconcile.errors import Broken, MailrollError, Retry
from tests.connectors.hostile import (
    PATIENT,
    Authority,
    Reply,
    failed,
    one_after_another,
    page,
    reply,
    user,
    world,
)
from tests.connectors.readings import HASTY, WHOLE, failing, reading

CUTS = [0, 1, 12, 40, len(WHOLE.data) // 2, len(WHOLE.data) - 1]


@pytest.mark.parametrize("then", ["close", "reset"])
@pytest.mark.parametrize("length", CUTS)
def test_a_page_cut_anywhere_is_read_again(authority: Authority, length: int, then: str) -> None:
    w = reading(authority, one_after_another(Reply(WHOLE.data[:length], then), WHOLE))
    assert len(w.server.asked) == 2


@pytest.mark.parametrize("length", CUTS)
def test_a_page_that_is_always_cut_is_never_taken_for_whole(authority: Authority, length: int) -> None:
    fault, w = failing(authority, lambda _: Reply(WHOLE.data[:length], "close"))
    assert fault.code in {"connection_lost", "page_cut_short"}
    assert len(w.clock.slept) == TRIES - 1


def _packed(body: bytes, cut: int | None = None) -> Reply:
    packed = gzip.compress(body, 9)
    return reply(raw=packed[:cut], headers={"Content-Encoding": "gzip"})


def test_a_packed_page_is_read(authority: Authority) -> None:
    reading(authority, one_after_another(_packed(json.dumps(page(user(1))).encode())))


@pytest.mark.parametrize("cut", [1, 10, -9, -1])
def test_a_packed_page_that_is_cut_is_never_taken_for_whole(authority: Authority, cut: int) -> None:
    fault, _ = failing(authority, lambda _: _packed(json.dumps(page(user(1))).encode(), cut))
    assert fault.code == "page_cut_short"


def test_a_chunk_that_is_missing_is_noticed(authority: Authority) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    fault, _ = failing(authority, lambda _: Reply(head + b'c\r\n{"value":[]}\r\n', "close"))
    assert fault.code == "page_cut_short"


def test_a_stalled_answer_is_given_up(authority: Authority) -> None:
    fault, w = failing(authority, lambda _: Reply(WHOLE.data[:-1], "hang"), timeouts=HASTY)
    assert isinstance(fault, Retry)
    assert (fault.code, len(w.server.asked)) == ("answer_too_slow", TRIES)


def test_silence_is_given_up(authority: Authority) -> None:
    fault, _ = failing(authority, lambda _: Reply(b"", "hang"), timeouts=HASTY)
    assert fault.code == "answer_too_slow"


def test_a_bomb_is_stopped_at_the_limit(authority: Authority) -> None:
    fault, w = failing(authority, lambda _: _packed(b" " * (BODY_MAX * 4)))
    assert isinstance(fault, Broken)
    assert (fault.code, len(w.server.asked)) == ("answer_too_large", len(PAGE_SIZES))


def test_an_answer_of_any_length_is_stopped_at_the_limit(authority: Authority) -> None:
    fault, _ = failing(authority, lambda _: reply(raw=b" " * (BODY_MAX + 1)))
    assert fault.code == "answer_too_large"


def test_a_bomb_of_bombs_is_stopped(authority: Authority) -> None:
    inner = zlib.compress(b"\0" * BODY_MAX * 2, 9)
    fault, _ = failing(authority, lambda _: _packed(inner + b"\0" * BODY_MAX))
    assert fault.code == "answer_too_large"


@pytest.mark.parametrize("which", ["expired_file", "wrong_name_file", "self_signed_file"])
def test_a_certificate_that_is_not_to_be_trusted_is_refused(authority: Authority, which: str) -> None:
    async def go() -> None:
        async with world(authority, certificate=getattr(authority, which)) as w:
            with pytest.raises(Broken) as caught:
                await w.connector.tenant()
            assert caught.value.code == "tls_refused"
            assert not w.server.requests

    asyncio.run(go())


def send(url: str, *, resolver: AbstractResolver | None = None, timeouts: Timeouts = PATIENT) -> MailrollError:
    """Ask a host of a named cloud; returns what stood in the way."""

    async def go() -> MailrollError:
        async with Channel.open(CLOUDS["global"], timeouts, resolver) as channel:
            try:
                await channel.send("GET", URL(url), call="/users", headers={})
            except Passing as passing:
                return passing.error
            except MailrollError as fault:
                return fault
            raise AssertionError("it answered")

    return asyncio.run(go())


ALERT = bytes.fromhex("15 0301 0002 02 46")  # fatal, protocol_version: what a server says that has only TLS 1.0


@pytest.mark.parametrize(
    ("said", "code"),
    [(ALERT, "tls_refused"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls_refused"), (b"", "tls_broken_off")],
)
def test_a_handshake_that_fails_is_told_apart(said: bytes, code: str) -> None:
    def met(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(4096)
            peer.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=met, args=(listener,))
        thread.start()
        assert send(f"https://127.0.0.1:{listener.getsockname()[1]}/").code == code
        thread.join()


def test_a_handshake_that_stalls_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hurried = replace(PATIENT, connect=0.3)
        assert send(f"https://127.0.0.1:{listener.getsockname()[1]}/", timeouts=hurried).code == "host_unreachable"


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert send(f"https://127.0.0.1:{port}/").code == "host_unreachable"


class FakeNames(AbstractResolver):
    """Names that lead where a test says, or nowhere."""

    def __init__(self, *hosts: str) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if not self._hosts:
            raise OSError(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0) for each in self._hosts
        ]

    async def close(self) -> None:
        """Nothing is open."""


def test_a_name_that_does_not_exist_is_said_to_be_unknown() -> None:
    assert send("https://graph.microsoft.com/", resolver=FakeNames()).code == "host_unknown"


@pytest.mark.parametrize(
    "hosts",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["172.16.0.1"],
        ["192.168.0.1"],
        ["169.254.169.254"],
        ["0.0.0.0"],  # noqa: S104
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:10.0.0.1"],
        ["20.190.128.1", "10.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_refused(hosts: list[str]) -> None:
    assert send("https://graph.microsoft.com/", resolver=FakeNames(*hosts)).code == "host_private"


def test_the_environment_chooses_no_proxy_no_authority_and_no_region(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    monkeypatch.setenv("CURL_CA_BUNDLE", "/nowhere")
    monkeypatch.setenv("MSAL_FORCE_REGION", "westeurope")
    monkeypatch.setenv("REGION_NAME", "westeurope")
    reading(authority, one_after_another(WHOLE))


def test_cookies_are_not_kept(authority: Authority) -> None:
    headers = {"Set-Cookie": "a=b", "Retry-After": "1"}
    w = reading(authority, one_after_another(failed(429, "x", headers=headers), WHOLE))
    assert all("cookie" not in each.headers for each in w.server.asked)
