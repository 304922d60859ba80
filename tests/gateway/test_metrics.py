"""What a gateway server tells of itself: every answer counted and timed, and how old its copy of the roll is."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from ipaddress import ip_network

from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from mailroll.gateway.copy import Position, RollCopy
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.http import DoorLimits, Where, application, listening
from mailroll.gateway.http.metrics import Measured
from mailroll.gateway.places import SocketPlace
from mailroll.gateway.server import Service, SocketmapServer
from mailroll.gateway.server_figures import BOUNDS, Latency, measure
from mailroll.gateway.socketmap import netstring
from mailroll.measures import table
from mailroll.measures.admission import Admission
from tests.directory.rolls import NOON
from tests.gateway.memory import Copy, Known
from tests.gateway.test_snapshots import roll
from tests.measures.series import series

TOKEN = "a good one"
HOME = Admission(networks=(ip_network("127.0.0.1"),))


def _served(admission: Admission, *asked: str, passed_on: bool = False) -> tuple[int, str]:
    """Ask for addresses by HTTP, then for the metrics."""
    listing, tally = Copy(), AskedTally()
    domain = listing.add("brightwater.example", "ada@brightwater.example")
    roll = RollCopy(Position("7", "1:1:", NOON - timedelta(seconds=90)))
    look = partial(measure, tally.since_start, roll, lambda: NOON)

    async def run() -> tuple[int, str]:
        made = application(
            listing, Known({TOKEN: frozenset({domain.organization})}), tally, lambda: NOON, DoorLimits(),
            measured=Measured(admission, look),
        )  # fmt: skip
        async with listening(made, Where("127.0.0.1", 0), DoorLimits()) as port, ClientSession() as session:
            url = f"http://127.0.0.1:{port}"
            for address in asked:
                bearer = {"Authorization": f"Bearer {TOKEN}"}
                async with session.get(f"{url}/lookup", params={"address": address}, headers=bearer) as answer:
                    assert answer.status == 200
            headers = {"X-Forwarded-For": "127.0.0.1"} if passed_on else {}
            async with session.get(f"{url}/metrics", headers=headers) as answer:
                return answer.status, await answer.text()

    return asyncio.run(run())


def test_answers_are_told_by_verdict_and_no_address_with_them() -> None:
    status, text = _served(HOME, "ada@brightwater.example", "eve@brightwater.example", "ada@elsewhere.example")
    assert status == 200
    assert "brightwater" not in text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert {sample.name for sample in samples} <= {name for measure in table.GATEWAY for name in series(measure)}
    found = {(one.name, *sorted(one.labels.values())): one.value for one in samples}
    assert found["mailroll_server_answers_total", "accept", "http"] == 1
    assert found["mailroll_server_answers_total", "http", "unknown"] == 1
    assert found["mailroll_server_answers_total", "http", "not_ours"] == 1
    assert found["mailroll_server_answer_seconds_count",] == 3
    assert found["mailroll_server_answer_seconds_bucket", "+Inf"] == 3
    assert found["mailroll_server_copy_age_seconds",] == 90


def test_it_is_off_until_it_is_set_who_may_read_it_and_a_token_for_lists_is_none_for_metrics() -> None:
    assert _served(Admission())[0] == 404
    assert _served(Admission(networks=(ip_network("192.0.2.0/24"),)))[0] == 403
    assert _served(HOME, passed_on=True)[0] == 403


def test_what_postfix_is_told_is_counted_and_timed() -> None:
    address = "bob@books.example"
    service = Service(roll())
    asked = [netstring(f"recipients {text}") for text in (address, address, "nobody@elsewhere.example")]
    told = netstring("OK OK") * 2 + netstring("NOTFOUND ")

    async def ask() -> None:
        async with AsyncExitStack() as stack:
            where = await SocketmapServer(SocketPlace(host="127.0.0.1"), most=1).start(service, stack)
            reads, writes = await asyncio.open_connection("127.0.0.1", int(where.rpartition(":")[2]))
            said = b""
            for question in asked:
                writes.write(question)
                said += await reads.readuntil(b",")
            assert said == told
            writes.close()
            await writes.wait_closed()

    asyncio.run(ask())
    found = measure(service.tally.since_start, service.roll, lambda: NOON)
    assert found.values[table.SERVER_ANSWERS] == {("socketmap", "accept"): 2, ("socketmap", "not_ours"): 1}
    assert found.distributions[table.SERVER_SECONDS].count == 3


def test_what_took_as_long_as_a_bound_counts_below_it() -> None:
    latency = Latency()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] * 2, 60.0):
        latency.observe(seconds)
    told = latency.distribution()
    assert [number for _, number in told.buckets][:2] == [2, 3]
    assert (told.buckets[-1][1], told.count) == (3, 4)
