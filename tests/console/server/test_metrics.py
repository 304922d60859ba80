"""Prometheus reads the metrics of the installation, and a storm of its kind costs one look at the database."""

import asyncio
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from mailroll.console.server import metrics
from mailroll.console.server.metrics import MetricsDoor
from mailroll.insight import figures
from mailroll.measures.admission import Admission
from mailroll.settings.environment import Network
from tests.console.server.serving import answering
from tests.console.server.visits import BEHIND, console, visit

TOKEN = "a token of many characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LOOPBACK = (ip_network("127.0.0.1"),)
HOME = Admission(networks=LOOPBACK)


async def _ask(
    served: MetricsDoor, peer: str = "127.0.0.1", path: str = "/metrics", method: str = "GET", **headers: str
) -> tuple[int, str]:
    status, _, body = await visit(served, path, method, peer=peer, **headers)
    return status, body.decode()


def _looked(admission: Admission, trusted: tuple[Network, ...] = ()) -> MetricsDoor:
    return MetricsDoor(console, admission, trusted, lambda: b"counted\n")


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    return file


def test_it_is_off_until_it_is_set_who_may_read_it() -> None:
    assert asyncio.run(_ask(_looked(Admission()), **BEARER)) == (BEHIND, "the Console")


def test_only_the_token_opens_it(token: Path) -> None:
    served = _looked(Admission(token))
    assert asyncio.run(_ask(served, **BEARER)) == (200, "counted\n")
    assert asyncio.run(_ask(served)) == (401, "A token is needed.\n")
    assert asyncio.run(_ask(served, **BEARER, method="POST")) == (BEHIND, "the Console")
    assert asyncio.run(_ask(served, **BEARER, path="/metrics/")) == (BEHIND, "the Console")
    token.write_text("")
    assert asyncio.run(_ask(served, **BEARER))[0] == 503


@pytest.mark.parametrize(
    ("peer", "headers", "trusted", "status"),
    [
        ("127.0.0.1", {}, (), 200),
        ("192.0.2.1", {}, (), 403),
        # Somebody in front passes it on, and nobody has said that it may be believed: then anybody may stand behind.
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}, (), 403),
        ("127.0.0.1", {"Via": "1.1 front"}, (), 403),
        ("127.0.0.1", {"X_Forwarded_For": "192.0.2.1"}, LOOPBACK, 403),
        ("127.0.0.1", {}, LOOPBACK, 200),
        ("192.0.2.9", {"X_Forwarded_For": "127.0.0.1"}, (ip_network("192.0.2.9"),), 200),
    ],
)
def test_a_network_is_believed_only_as_far_as_the_servers_in_front(
    peer: str, headers: dict[str, str], trusted: tuple[Network, ...], status: int
) -> None:
    assert asyncio.run(_ask(_looked(HOME, trusted), peer, **headers))[0] == status


def test_a_database_that_hangs_is_told_and_not_waited_for() -> None:
    hangs = threading.Event()

    def look() -> bytes:
        hangs.wait()
        return b""

    async def ask() -> tuple[int, str]:
        try:
            return await _ask(MetricsDoor(console, HOME, (), look, patience=0.05))
        finally:
            hangs.set()

    status, words = asyncio.run(ask())
    assert (status, words.splitlines()[-1]) == (200, "mailroll_database_up 0.0")


@pytest.mark.django_db(transaction=True)
def test_a_storm_of_two_hundred_costs_one_look_at_the_database() -> None:
    looks: list[int] = []

    def look() -> bytes:
        looks.append(1)
        return metrics.measured()

    answers: list[tuple[int, bytes]] = []

    def scrape(port: int) -> None:
        prometheus = HTTPConnection("127.0.0.1", port, timeout=300)
        try:
            prometheus.request("GET", "/metrics")
            answer = prometheus.getresponse()
            answers.append((answer.status, answer.read()))
        finally:
            prometheus.close()

    with answering(MetricsDoor(console, HOME, (), look)) as port:
        threads = [threading.Thread(target=scrape, args=(port,)) for _ in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 200
    assert {status for status, _ in answers} == {200}
    # A second one only where all of them took longer than an answer is kept.
    assert 1 <= len(looks) <= 1 + len({text for _, text in answers})
    found = {family.name for family in text_string_to_metric_families(answers[0][1].decode())}
    assert "mailroll_queue_jobs" in found


@pytest.mark.django_db(transaction=True)
def test_what_the_database_says_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> Callable[[], None]:
        raise OperationalError("password authentication failed for user postgres")

    monkeypatch.setattr(figures, "count", fails)
    told: list[bytes] = []
    thread = threading.Thread(target=lambda: told.append(metrics.measured()))
    thread.start()
    thread.join()
    assert told[0].decode().splitlines()[-1] == "mailroll_database_up 0.0"
