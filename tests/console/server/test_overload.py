"""Nobody without an account can use up the Console: not by half a request, by many, by passwords or by a large body."""

import resource
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from time import perf_counter

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import close_old_connections
from pytest_django import DjangoDbBlocker

from mailroll.accounts.models import Operator
from tests.conftest import address
from tests.console.server.apart import MANY_FILES, PATIENCE, Console, of_database, served

Figures = Callable[[str, object], None]
FILES, FLOOD = 512, 600
PLACES = 20


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """One process for all: none of these may leave it in a worse state."""
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("console"), address(), files=FILES) as started:
        yield started


@pytest.fixture
def console(transactional_db: None, running: Console) -> Console:
    status, page = running.visit()
    assert status == 200, page
    return running


@pytest.fixture(autouse=True)
def many_files() -> Iterator[None]:
    """Let this process hold one end of every connection."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(MANY_FILES, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    "half", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"]
)
def test_half_a_request_from_more_than_it_has_files_for_stops_nobody(
    console: Console, half: bytes, record_property: Figures
) -> None:
    before = console.forget_peak()
    with ExitStack() as flood:
        for _ in range(FLOOD):
            line = flood.enter_context(console.connect())
            line.sendall(half)
        begun = perf_counter()
        assert [console.visit()[0] for _ in range(5)] == [200] * 5
        record_property("longest_wait_of_five", perf_counter() - begun)
        record_property("files", console.files)
        record_property("memory_grew_mib", console.most_memory - before)
        assert console.files < FILES
    assert console.visit()[0] == 200


def test_many_requests_at_once_stay_below_the_connections_of_the_database(
    console: Console, record_property: Figures
) -> None:
    waits: list[float] = []

    def ask(_: int) -> tuple[int, str]:
        return console.visit("/consent/nobodys-link/", source="127.0.0.3")

    def stroll() -> int:
        begun = perf_counter()
        status, _ = console.visit()
        waits.append(perf_counter() - begun)
        return status

    most = 0
    with ThreadPoolExecutor(150) as threads:
        answers = [threads.submit(ask, number) for number in range(450)]
        while not all(answer.done() for answer in answers):
            assert stroll() == 200
            most = max(most, of_database("walls"))
    statuses = Counter(answer.result()[0] for answer in answers)
    record_property("statuses", dict(statuses))
    record_property("most_connections", most)
    record_property("longest_wait", max(waits))
    assert set(statuses) <= {410, 503}
    assert all("The Console is busy." in answer.result()[1] for answer in answers if answer.result()[0] == 503)
    # A session that was given back is seen for a moment more: PostgreSQL ends its process after the line is closed.
    assert most <= 2 * PLACES
    close_old_connections()


def test_passwords_tried_at_once_take_the_memory_of_a_few(console: Console, record_property: Figures) -> None:
    old = Argon2PasswordHasher()
    Operator.objects.create(email="old@northgate.example", password=old.encode("correct horse", "saltsaltsalt"))
    before = console.forget_peak()

    def sign_in(number: int) -> int:
        # From networks of their own, or the throttle would come first; some at an account with a hash of before.
        who = "old@northgate.example" if number % 2 else f"nobody{number}@northgate.example"
        line = HTTPConnection("127.0.0.1", console.port, timeout=PATIENCE, source_address=(f"127.0.{number}.9", 0))
        try:
            host = {"Host": f"localhost:{console.port}"}
            line.request("GET", "/account/login/", headers=host)
            answer = line.getresponse()
            cookie, page = answer.headers["Set-Cookie"].split(";")[0], answer.read().decode()
            token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            body = f"csrfmiddlewaretoken={token}&login={who}&password=wrong"
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
            line.request("POST", "/account/login/", body, host | kind)
            answer = line.getresponse()
            answer.read()
            return answer.status
        finally:
            line.close()

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(sign_in, range(20))) == {200}
    grew = console.most_memory - before
    record_property("memory_grew_mib", grew)
    # One of before and some of now at once, and the C library may keep a freed one for each thread; it was 2 GiB.
    assert grew < 100 + 20 * 19


@pytest.mark.parametrize("head", [b"Content-Length: 312475648", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", [b"/account/login/", b"/domains/a.example/users/import/"])
def test_a_large_upload_of_nobody_is_kept_nowhere(
    console: Console, head: bytes, path: bytes, record_property: Figures
) -> None:
    memory, written = console.forget_peak(), console.written
    piece = b"x" * 65536
    part = piece if b"Length" in head else b"10000\r\n" + piece + b"\r\n"
    with console.connect() as line:
        line.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
        sent = 0
        try:
            while sent < 298 * 1024 * 1024:
                line.sendall(part)
                sent += len(piece)
        except OSError:
            pass
        answer = _read(line)
    record_property("sent", sent)
    record_property("memory_grew_mib", console.most_memory - memory)
    record_property("written", console.written - written)
    assert answer == b"" or b"This is too large." in answer
    assert console.most_memory - memory < 30
    assert console.written - written < 1024 * 1024
    assert console.visit()[0] == 200


def test_whoever_sends_too_much_by_mistake_reads_a_page(console: Console) -> None:
    with console.connect() as line:
        body = b"x" * (2 << 20)
        length = str(len(body)).encode()
        line.sendall(
            b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + b"\r\n\r\n" + body
        )
        assert b"This is too large." in _read(line)


def _read(line: socket.socket) -> bytes:
    answer = b""
    try:
        while b"</html>" not in answer and (piece := line.recv(65536)):
            answer += piece
    except OSError:
        pass
    return answer
