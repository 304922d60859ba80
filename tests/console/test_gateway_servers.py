"""Check on the Gateway tab asks the servers too: those that tell where they answer, and nothing else."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from mailroll.accounts.models import Token
from mailroll.audit import clock
from mailroll.gateway import endpoints
from mailroll.gateway.copy import RollCopy
from mailroll.gateway.http import DoorLimits, HttpListener, Where
from mailroll.gateway.keeper import Keeper
from mailroll.gateway.models import AnswerCount, Asker, ListeningPlace
from mailroll.gateway.places import SocketPlace
from mailroll.gateway.server import Service, SocketmapServer
from tests.console.pages import words
from tests.console.test_gateway_check import roll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)
URL = f"/domains/{DOMAIN}/gateway/check/"
WAIT = 300


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, ...]]:
    """Answer over socketmap and HTTP as `gateway serve` does; begins once the places were told."""
    service, ready, loop, stop = Service(RollCopy()), threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    keeper = Keeper(service.roll, service.tally, service.clock, folder, service.admissions)
    places: list[str] = []

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            places.append(await SocketmapServer(SocketPlace(host="127.0.0.1"), 9).start(service, stack))
            places.append(await HttpListener(Where("127.0.0.1", 0), DoorLimits()).start(service, stack))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(WAIT)
        keeper.start()
        keeper.tell(places)
        never = threading.Event()
        for _ in range(6000):
            if ListeningPlace.objects.count() == len(places):
                break
            never.wait(0.05)
        yield tuple(places)
    finally:
        keeper.stop()
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def test_servers_are_asked_by_socketmap_and_over_http(customer: Customer, owner: Client, tmp_path: Path) -> None:
    roll(customer)
    with running(tmp_path) as (socketmap, http):
        page = words(owner.post(URL))
        _, _, rest = page.partition(f"Socketmap, {socketmap.removeprefix('socketmap:')} on {socket.gethostname()}")
        # In the order of their places: HTTP stands first.
        over_http = page.partition(f"HTTP, {http} on {socket.gethostname()}")[2].removesuffix(rest)
        assert f"An alias robert@{DOMAIN} is accepted is accepted accept" in over_http
        assert "6 of 6 answers are as they should be" in over_http
        assert f"A retired user gone@{DOMAIN} is refused is refused OK 550 5.1.1" in rest
        assert "6 of 6 answers are as they should be" in rest
        assert page.count("6 of 6 answers") == 3
    # The server wrote down what was asked when it ended: nobody did.
    assert not AnswerCount.objects.exists()
    assert not Asker.objects.exists()
    assert not Token.objects.exists()
    assert "No server tells that it runs" in words(owner.post(URL))


def test_a_server_that_is_gone_is_asked_once(customer: Customer, owner: Client) -> None:
    roll(customer)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    endpoints.tell([f"socketmap:inet:127.0.0.1:{port}", f"http://127.0.0.1:{port}"], clock.now())
    page = words(owner.post(URL))
    assert page.count("gets no answer") == 2
    assert page.count("Nothing more was asked, because one question got no answer.") == 2
    assert not Token.objects.exists()


def test_what_only_another_machine_reaches_is_told_and_not_asked(customer: Customer, owner: Client) -> None:
    roll(customer)
    now = clock.now()
    for place in ("socketmap:unix:/run/map", "http://127.0.0.1:8025"):
        ListeningPlace.objects.create(machine="mx1", place=place, told_at=now)
    ListeningPlace.objects.create(machine="mx2", place="socketmap:unix:/run/old", told_at=now - timedelta(minutes=2))
    page = words(owner.post(URL))
    assert "Socketmap, unix:/run/map on mx1 It answers on its own machine only. Ask there: mailroll gateway" in page
    assert f"mailroll gateway verify {DOMAIN} --socketmap unix:/run/map" in page
    assert f"mailroll gateway verify {DOMAIN} --http http://127.0.0.1:8025 --token-file FILE" in page
    assert "mx2" not in page
    assert "gets no answer" not in page


@pytest.mark.parametrize(
    ("place", "machine", "reached"),
    [
        ("socketmap:unix:/run/map", "here", "socketmap:unix:/run/map"),
        ("socketmap:unix:/run/map", "mx1", None),
        ("socketmap:inet:127.0.0.1:9", "here", "socketmap:inet:127.0.0.1:9"),
        ("socketmap:inet:[::1]:9", "mx1", None),
        ("socketmap:inet:localhost:9", "mx1", None),
        ("socketmap:inet:0.0.0.0:9", "here", "socketmap:inet:127.0.0.1:9"),
        ("socketmap:inet:0.0.0.0:9", "mx1", "socketmap:inet:mx1:9"),
        ("socketmap:inet:10.0.0.7:9", "mx1", "socketmap:inet:10.0.0.7:9"),
        ("http://[::]:80", "here", "http://[::1]:80"),
        ("http://[::]:80", "mx1", "http://mx1:80"),
        ("http://127.0.0.1:80", "mx1", None),
    ],
)
def test_a_place_is_reached_from_where_it_can_be(place: str, machine: str, reached: str | None) -> None:
    assert endpoints.reached(place, machine, "here") == reached
