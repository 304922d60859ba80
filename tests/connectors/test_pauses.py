"""Pauses that are asked for, and servers in trouble."""

import asyncio
from contextlib import nullcontext
from email.utils import formatdate

import pytest

from mailroll.connectors.meter import UnitMeter
from mailroll.connectors.microsoft365.graph.verdicts import APPLICATION_PAUSE_MOST
from mailroll.connectors.microsoft365.http.patience import TRIES
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.reconcile.errors import MailrollError, Retry
from mailroll.reconcile.model import ExternalId
from tests.connectors.hostile import (
    START,
    TENANT,
    Authority,
    Reply,
    World,
    failed,
    guid,
    one_after_another,
    page,
    reply,
    user,
    world,
)
from tests.connectors.meters import MemoryLedger
from tests.connectors.readings import WHOLE, failing, reading

THROTTLED: list[tuple[str | None, float, float]] = [
    ("5", 5, 5),
    ("1.5", 1.5, 1.5),
    ("0", 0, 2),
    ("-4", 0, 2),
    ("5,7", 7, 7),
    ("soon", 45, 60),
    (None, 45, 60),
    (formatdate(START + 30, usegmt=True), 30, 30),
    (formatdate(START - 30, usegmt=True), 0, 2),
]


@pytest.mark.parametrize(("asked", "least", "most"), THROTTLED)
def test_a_pause_is_as_long_as_was_asked(authority: Authority, asked: str | None, least: float, most: float) -> None:
    headers = {} if asked is None else {"Retry-After": asked}
    w = reading(authority, one_after_another(failed(429, "TooManyRequests", headers=headers), WHOLE))
    [pause] = w.clock.slept
    assert least <= pause <= most * 1.1


def test_a_date_counts_from_the_answers_own_date(authority: Authority) -> None:
    headers = {"Retry-After": formatdate(START + 930, usegmt=True), "Date": formatdate(START + 900, usegmt=True)}
    [pause] = reading(authority, one_after_another(failed(429, "x", headers=headers), WHOLE)).clock.slept
    assert 30 <= pause <= 33


@pytest.mark.parametrize("asked", ["61", "200", "1000000000"])
def test_a_pause_too_long_to_sit_out_is_handed_over(authority: Authority, asked: str) -> None:
    fault, w = failing(authority, one_after_another(failed(429, "TooManyRequests", headers={"Retry-After": asked})))
    assert isinstance(fault, Retry)
    assert (fault.code, fault.after, w.clock.slept) == ("throttled", float(asked), [])
    assert len(w.server.asked) == 1


def test_a_storm_of_refusals_ends_after_five(authority: Authority) -> None:
    fault, w = failing(authority, one_after_another(failed(429, "TooManyRequests", headers={"Retry-After": "9"})))
    assert isinstance(fault, Retry)
    assert (fault.after, len(w.clock.slept), len(w.server.asked)) == (9.0, 4, TRIES)
    assert all(9.0 <= pause <= 9.9 for pause in w.clock.slept)


@pytest.mark.parametrize("status", [408, 409, 423, 500, 502, 503, 504, 507, 509])
@pytest.mark.parametrize("times", [1, 4, 5])
def test_a_server_in_trouble_gets_five_tries(authority: Authority, status: int, times: int) -> None:
    replies = [reply(raw=b"<html>", status=status, headers={"Content-Type": "text/html"})] * times
    if times < TRIES:
        assert len(reading(authority, one_after_another(*replies, WHOLE)).clock.slept) == times
        return
    fault, w = failing(authority, one_after_another(*replies))
    assert isinstance(fault, Retry)
    assert (fault.code, len(w.server.asked)) == ("graph_unavailable", TRIES)
    assert fault.after >= 300


def test_a_busy_machine_is_left_for_another(authority: Authority) -> None:
    w = reading(authority, one_after_another(failed(503, "serviceNotAvailable"), WHOLE))
    first, second = w.server.asked
    assert first.peer != second.peer


def test_a_throttled_connection_is_kept(authority: Authority) -> None:
    w = reading(authority, one_after_another(failed(429, "x", headers={"Retry-After": "1"}), WHOLE))
    first, second = w.server.asked
    assert first.peer == second.peer


def test_a_reading_takes_no_more_than_its_requests(authority: Authority) -> None:
    def script(_: object) -> Reply:
        return failed(500, "x")

    _, w = failing(authority, script)
    assert len(w.server.requests) <= 5 * 1 + 20


def _measured(authority: Authority, *replies: Reply) -> tuple[World, MemoryLedger, MailrollError | None]:
    """Read with a meter; returns what there was to see, the ledger, and what the reading ended with."""

    async def go() -> tuple[World, MemoryLedger, MailrollError | None]:
        ledger = MemoryLedger(lambda: 0.0)
        async with world(authority, meter=UnitMeter(ledger)) as w:
            ledger.now = w.clock.monotonic
            w.server.graph = one_after_another(*replies)
            try:
                await w.whole()
            except MailrollError as fault:
                return w, ledger, fault
            return w, ledger, None

    return asyncio.run(go())


@pytest.mark.parametrize(("scope", "shelves"), [("Tenant_Application", 1), ("Application", 1)])
def test_a_pause_is_noted_for_all_processes_where_it_is_meant(authority: Authority, scope: str, shelves: int) -> None:
    headers = {"Retry-After": "300", "x-ms-throttle-scope": f"{scope}/ReadWrite/app/tenant"}
    _, ledger, fault = _measured(authority, failed(429, "TooManyRequests", headers=headers))
    assert isinstance(fault, Retry)
    assert fault.after == 300
    [(key, shelf)] = ledger.shelves.items()
    assert shelf.paused_until >= 300
    assert len(key.split()) == (2 if scope == "Application" else 3)
    assert len(ledger.shelves) == shelves


@pytest.mark.parametrize(("scope", "kept"), [("Tenant_Application", 86_400.0), ("Application", APPLICATION_PAUSE_MOST)])
def test_an_application_pauses_for_an_hour_at_the_most(authority: Authority, scope: str, kept: float) -> None:
    """Every tenant stands still then, for the word of one answer."""
    headers = {"Retry-After": "86400", "x-ms-throttle-scope": f"{scope}/ReadWrite/app/tenant"}
    _, ledger, fault = _measured(authority, failed(429, "TooManyRequests", headers=headers))
    assert isinstance(fault, Retry)
    assert fault.after == kept
    [shelf] = ledger.shelves.values()
    assert shelf.paused_until == pytest.approx(kept, abs=60)


def test_an_answer_that_says_the_limit_is_near_slows_the_next_questions_down(authority: Authority) -> None:
    near = reply(page(user(1)), headers={"x-ms-throttle-limit-percentage": "1.2", "x-ms-resource-unit": "1"})
    _, ledger, fault = _measured(authority, near)
    assert fault is None
    [shelf] = ledger.shelves.values()
    assert shelf.level < 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("x-ms-resource-unit", "9" * 40), ("x-ms-resource-unit", "-3"), ("x-ms-throttle-limit-percentage", "nan")],
)
def test_nonsense_in_these_headers_slows_nothing_down(authority: Authority, name: str, value: str) -> None:
    w, ledger, fault = _measured(authority, reply(page(user(1)), headers={name: value}))
    assert (fault, ledger.shelves, w.clock.slept) == (None, {}, [])


@pytest.mark.parametrize(("urgency", "told"), [(Urgency.PERSON, "High"), (Urgency.CLOCK, "Low"), (None, None)])
def test_graph_is_told_whether_a_person_waits(authority: Authority, urgency: Urgency | None, told: str | None) -> None:
    with asked_by(urgency) if urgency is not None else nullcontext():
        w = reading(authority, one_after_another(WHOLE))
    assert {each.headers.get("x-ms-throttle-priority") for each in w.server.asked} == {told}


def test_only_identity_and_access_is_told(authority: Authority) -> None:
    """Of no other service is it said that it knows the header."""

    async def go() -> None:
        with asked_by(Urgency.PERSON):
            async with world(authority) as w:
                w.server.graph = one_after_another(reply({"responses": []}))
                await w.connector.purposes([ExternalId(f"{TENANT}:{guid(1)}")])
        assert [each.headers.get("x-ms-throttle-priority") for each in w.server.asked] == [None]

    asyncio.run(go())
