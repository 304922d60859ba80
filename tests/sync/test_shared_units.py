"""Units that processes lease from rows: as many as a bucket gives, whoever asks at the same time."""

from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from mailroll.accounts import installation
from mailroll.connections import credentials
from mailroll.connections.models import Connection
from mailroll.connectors import registry
from mailroll.connectors.meter import UnitClaim, UnitScope
from mailroll.insight.doctor import pauses
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.reconcile.errors import Retry
from mailroll.sync import shared_units
from mailroll.sync.locks.lock_session import LockSession
from mailroll.sync.models import Run, RunState, Trigger, UnitBucket
from mailroll.sync.runs import make
from mailroll.sync.schedules import resumption
from mailroll.sync.shared_units import SharedUnits
from mailroll_simulator import Tenant
from tests.cli.commands import mailroll
from tests.connectors.meters import MemoryLedger
from tests.sync.world import DOMAIN, Customer, connect, failure

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SCOPES = (UnitScope("application", 2_500, 20.0), UnitScope("pair", 1_000, 10.0))

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_give_what_a_bucket_gives() -> None:
    chance, passed = Random(3), [0.0]
    rows, memory = SharedUnits(LockSession(), START), MemoryLedger(lambda: passed[0])
    refused = 0
    for _ in range(300):
        passed[0] += round(chance.random() / 2, 6)
        rows.at = START + timedelta(seconds=passed[0])
        claims = [UnitClaim(each, float(chance.randint(1, 60))) for each in chance.sample(SCOPES, chance.randint(1, 2))]
        if chance.random() < 0.03:
            pressed, debt, pause = chance.choice(SCOPES), chance.random() * 100, chance.random() * 5
            rows.press(pressed, debt=debt, pause=pause)
            memory.press(pressed, debt=debt, pause=pause)
        overdraw = chance.random() < 0.05
        there, here = rows.lease(claims, overdraw=overdraw), memory.lease(claims, overdraw=overdraw)
        assert [each.units for each in there] == [each.units for each in here]
        assert [each.wait for each in there] == pytest.approx([each.wait for each in here], abs=1e-3)
        refused += sum(each.units == 0 for each in here)
    assert refused > 20, "the bucket was empty now and then"


def test_whole_numbers_and_others_are_leased_together() -> None:
    """A first block is 20, and one after it is as many as were used, which need not be whole."""
    claims = [UnitClaim(SCOPES[0], 20), UnitClaim(SCOPES[1], 26.5)]
    granted = SharedUnits(LockSession(), START).lease(claims)
    assert [(each.units, each.wait) for each in granted] == [(20.0, 0.0), (26.5, 0.0)]


def test_many_at_once_get_no_more_than_one() -> None:
    granted: list[float] = []

    def lease() -> None:
        ledger = SharedUnits(LockSession(), START)
        for _ in range(40):
            granted.extend(each.units for each in ledger.lease([UnitClaim(SCOPES[1], 5.0)]))

    threads = [Thread(target=lease) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(granted) == SCOPES[1].burst


def test_a_clock_set_back_stops_nobody_for_long() -> None:
    rows = SharedUnits(LockSession(), START)
    rows.press(SCOPES[1], pause=3_600.0)
    rows.at = START - timedelta(days=30)
    [grant] = rows.lease([UnitClaim(SCOPES[1], 5.0)])
    assert (grant.units, grant.wait <= 1) == (0.0, True)
    rows.at += timedelta(minutes=1)
    assert [each.units for each in rows.lease([UnitClaim(SCOPES[1], 200.0)])] == [200.0]


def test_without_a_database_there_is_nothing_yet_and_another_try() -> None:
    class Away(LockSession):
        def rows(self, statement: str, values: object) -> list[tuple[object, ...]]:
            raise OperationalError

    rows = SharedUnits(Away())
    [grant] = rows.lease([UnitClaim(SCOPES[1], 5.0)])
    assert grant.units == 0
    assert 0 < grant.wait <= 1
    rows.press(SCOPES[1], pause=1.0)


def test_a_bucket_that_is_full_again_is_dropped_and_tells_of_no_tenant() -> None:
    rows = SharedUnits(LockSession(), START)
    rows.lease([UnitClaim(each, 5.0) for each in SCOPES])
    assert not {each.key for each in SCOPES} & set(UnitBucket.objects.values_list("key", flat=True))
    shared_units.drop_idle(START + timedelta(hours=23))
    assert UnitBucket.objects.count() == 2
    rows.press(SCOPES[0], pause=2 * 86_400.0)
    shared_units.drop_idle(START + timedelta(hours=25))
    assert UnitBucket.objects.count() == 1


def test_of_a_short_pause_it_is_not_told_that_there_is_none() -> None:
    SharedUnits(LockSession()).press(SCOPES[1], pause=50.0)
    assert pauses.examine(circumstances()).found == "Microsoft asks for no long pause."


def test_a_sync_says_for_whom_it_asks(customer: Customer) -> None:
    customer.simulator.requests.clear()
    with registry.keeping(SharedUnits(LockSession())):
        assert customer.sync().state == RunState.APPLIED
        by_person = priorities(customer)
        make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)
    assert (by_person, priorities(customer)) == ({"High"}, {"Low"})


def test_a_run_by_command_counts_with_those_of_workers_and_learns_for_them(customer: Customer) -> None:
    customer.simulator.requests.clear()
    customer.simulator.faults.on("throttle", retry_after=3_600, times=1, path="/users")
    mailroll("sync", DOMAIN)
    assert "asked to pause for 1 application or tenant" in pauses.examine(circumstances()).found


def test_a_tenant_that_is_throttled_keeps_no_other_waiting(customer: Customer) -> None:
    elsewhere = Tenant("Elsewhere", "elsewhere.onmicrosoft.com", str(uuid4()), Random(8))
    elsewhere.add_domain("elsewhere.example", default=True)
    elsewhere.add_user("Somebody", local="somebody")
    other = connect(customer.simulator, customer.simulator.add_tenant(elsewhere), "elsewhere.example")
    with registry.keeping(SharedUnits(LockSession())):
        customer.simulator.faults.on("throttle", retry_after=3_600, tenant=customer.tenant.id)
        first = by_clock(customer)
        asked = len(customer.simulator.requests.to("/"))
        second = by_clock(customer)
        assert (failure(first)["code"], failure(second)["code"]) == ("throttled", "throttled")
        assert len(customer.simulator.requests.to("/")) == asked, "within the pause nobody asks that tenant again"
        found = pauses.examine(circumstances()).found
        assert "asked to pause for 1 application or tenant" in found
        assert "Their automatic syncs wait for that." in found
        assert failure(customer.sync())["code"] == "throttled", "a person has Microsoft say so itself"
        assert len(customer.simulator.requests.to("/")) > asked
        customer.simulator.faults.off("throttle")
        assert customer.sync().state == RunState.APPLIED, "and need not wait where it is over"
        assert failure(by_clock(customer))["code"] == "throttled"
        assert other.sync().state == RunState.APPLIED


def test_an_application_that_pauses_everywhere_is_tried_once_a_minute_whoever_tries(customer: Customer) -> None:
    application = registry.kind("microsoft365").application(credentials.access(customer.connection).values)
    SharedUnits(LockSession(), START).press(application, pause=3_000.0)
    assert customer.sync().state == RunState.APPLIED, "whether the pause still holds Microsoft says itself"
    customer.simulator.requests.clear()
    customer.time.pass_(seconds=59)
    for made in (customer.sync(), customer.preview()):
        assert failure(made)["code"] == "throttled"
        assert "less than 1 minute ago" in failure(made)["message"]
    with pytest.raises(Retry, match="less than 1 minute ago") as refused:
        resumption.check(customer.connection, customer.domain, customer.acting)
    assert refused.value.after == 3_000 - 59
    assert not customer.simulator.requests.to("/")
    customer.time.pass_(seconds=1)
    assert resumption.check(customer.connection, customer.domain, customer.acting) is None
    customer.time.pass_(seconds=3_000)
    for _ in range(2):
        assert customer.sync().state == RunState.UNCHANGED, "without a pause nothing is counted"


def test_of_two_who_try_at_the_same_moment_one_does(customer: Customer) -> None:
    application = registry.kind("microsoft365").application(credentials.access(customer.connection).values)
    SharedUnits(LockSession(), START).press(application, pause=3_000.0)
    refused: list[Retry] = []

    def attempt() -> None:
        try:
            shared_units.begin_try([customer.connection], START)
        except Retry as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=attempt) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 3


def test_what_is_refused_for_one_application_is_no_try_of_another(customer: Customer) -> None:
    """A domain that is read through two is refused for the one; who reads through the other is not kept waiting."""
    shared, other = customer.connection, Connection(kind="microsoft365", cloud="global", client_id="other")
    for each in (shared, other):
        values = {"client_id": each.client_id, "cloud": each.cloud, "graph_url": each.graph_url}
        SharedUnits(LockSession(), START).press(registry.kind("microsoft365").application(values), pause=3_000.0)
    shared_units.begin_try([shared], START)
    with pytest.raises(Retry, match="less than 1 minute ago"):
        shared_units.begin_try([shared, other], START + timedelta(seconds=30))
    shared_units.begin_try([other], START + timedelta(seconds=31))


def by_clock(customer: Customer) -> Run:
    key = uuid4()
    make.carry_out(customer.domain, Trigger.AUTOMATIC, key, customer.acting)
    return Run.objects.get(id=key)


def circumstances() -> Circumstances:
    return Circumstances(installation.settings(), {})


def priorities(customer: Customer) -> set[str]:
    """What Graph was told since it was last asked for this, but for mailboxes and rooms: they know no priorities."""
    others = ("/$batch", "/places")
    seen = [each for each in customer.simulator.requests.to("/") if not each.inner]
    told = {each.headers.get("x-ms-throttle-priority", "") for each in seen if not each.path.startswith(others)}
    customer.simulator.requests.clear()
    return told
