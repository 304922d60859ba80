"""A directory hints at a change before it tells of it: the domain is looked at again until it does, for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from mailroll.audit import clock
from mailroll.connections.models import ChangeSubscription
from mailroll.gateway.answers import Answer, answer
from mailroll.gateway.recipients import StoredRoll
from mailroll.sync.models import QuietSpell, Run, RunState, Schedule
from mailroll.sync.notifications import hints
from mailroll.sync.schedules import pace, quiet, schedule
from mailroll.sync.workers.pulse import Beat, Pulse
from tests.sync.test_since import by_schedule
from tests.sync.test_unchanged import settle
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

INTERVAL = timedelta(days=1)
AT_MOST = timedelta(minutes=5)
JOINER = f"joiner@{DOMAIN}"


def by_beat(customer: Customer) -> None:
    assert Pulse(customer.time).beat() == Beat(1, 1)


def by_run(customer: Customer) -> None:
    assert by_schedule(customer, seconds=0)[0].state == RunState.UNCHANGED


both = pytest.mark.parametrize("look", [by_beat, by_run])
Look = Callable[[Customer], None]


@pytest.fixture
def hinted(customer: Customer) -> Customer:
    """A customer in a quiet spell, half a day before its time, of whom a hint says that something changed just now."""
    # Hints are written by the clock of the database.
    now = clock.now()
    customer.time.at = now - timedelta(hours=3)
    schedule.switch_on_unseen(customer.domain, customer.acting)
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    by_schedule(customer)
    assert QuietSpell.objects.get().until is not None
    jitter = (now.timestamp() / INTERVAL.total_seconds() + 0.5) % 1
    Schedule.objects.update(jitter=jitter, interval=INTERVAL // timedelta(minutes=1))
    Schedule.objects.update(next_run_at=slot_behind(now))
    customer.tenant.late = 3600
    customer.tenant.add_user("Joiner", local="joiner")
    hint(customer)
    assert next_run_at() <= customer.time()
    return customer


def hint(customer: Customer) -> None:
    """Have the directory hint at a change, and let two seconds pass."""
    row, _ = ChangeSubscription.objects.get_or_create(
        connection=customer.connection, type="user", defaults={"attend_at": clock.now()}
    )
    assert hints.take_effect([row.id]) == 1
    customer.time.at = hinted_at() + timedelta(seconds=2)


def hinted_at() -> datetime:
    found = Schedule.objects.get().hinted_at
    assert found is not None
    return found


def next_run_at() -> datetime:
    found = Schedule.objects.get().next_run_at
    assert found is not None
    return found


def slot_behind(now: datetime) -> datetime:
    return pace.next_slot(now, INTERVAL, Schedule.objects.get().jitter)


def verdict(customer: Customer) -> Answer:
    return answer(JOINER, StoredRoll(), customer.time()).answer


@both
def test_a_joiner_told_of_minutes_after_the_hint_is_accepted_minutes_later(hinted: Customer, look: Look) -> None:
    time = hinted.time
    for _ in range(3):
        look(hinted)
        assert verdict(hinted) is Answer.UNKNOWN
        assert time() < next_run_at() <= time() + AT_MOST
        time.at = next_run_at()
    hinted.tenant.late = 0
    if look is by_beat:
        assert Pulse(time).beat() == Beat(1, 0)
    run, _ = by_schedule(hinted, seconds=0)
    assert (run.state, run.counts["create"]) == (RunState.APPLIED, 1)
    assert verdict(hinted) is Answer.ACCEPT
    # It was told of: who looks again within the quarter of an hour changes nothing of its time.
    assert next_run_at() == slot_behind(time())
    time.pass_(seconds=30)
    by_run(hinted)
    assert time() < hinted_at() + timedelta(minutes=15)
    assert next_run_at() == slot_behind(time())


@both
def test_where_nothing_is_ever_told_four_more_looks_are_made_and_then_none(hinted: Customer, look: Look) -> None:
    time, looks = hinted.time, 0
    while next_run_at() <= hinted_at() + timedelta(minutes=20):
        time.at = max(time(), next_run_at())
        look(hinted)
        looks += 1
    assert looks == 1 + 4
    assert time() >= hinted_at() + timedelta(minutes=15)
    assert next_run_at() == slot_behind(time())


def test_a_beat_forgets_a_hint_behind_which_a_run_found_something(hinted: Customer) -> None:
    run = Run.objects.filter(id=Run.objects.latest("number").id)
    for state, counts in ((RunState.UNCHANGED, True), (RunState.FAILED, True), (RunState.APPLIED, False)):
        run.update(state=state, started_at=hinted_at())
        (lease,) = quiet.take(hinted.time(), 1)
        assert lease.hinted_at == (hinted_at() if counts else None)
        quiet.give_back([lease])
    # It began before the hint.
    run.update(started_at=hinted_at() - timedelta(seconds=1))
    assert quiet.take(hinted.time(), 1)[0].hinted_at == hinted_at()


@pytest.mark.parametrize("before", [timedelta(milliseconds=1), timedelta(days=1)])
def test_a_hint_that_came_to_its_row_late_or_by_a_clock_set_back_is_not_lost(
    hinted: Customer, before: timedelta
) -> None:
    by_beat(hinted)
    time = hinted.time
    time.at = next_run_at()
    (lease,) = quiet.take(time(), 1)
    # Its statement began before the domain was asked about, and waited for whoever held the row.
    Schedule.objects.update(hinted_at=time() - before)
    assert quiet.write([lease], time(), time()) == frozenset()
    # What was hinted at before it was taken is written of.
    quiet.give_back([lease])
    assert quiet.write(quiet.take(time(), 1), time(), time()) == {hinted.domain.id}


def test_neither_a_flood_of_hints_nor_a_wrong_clock_nor_a_failure_makes_more_looks(hinted: Customer) -> None:
    first = hinted_at()
    by_beat(hinted)
    again = next_run_at()
    for _ in range(50):
        hint(hinted)
    assert first + hints.APART <= next_run_at() <= min(again, hinted_at() + hints.APART)
    hinted.time.at = max(next_run_at(), hinted.time())
    by_beat(hinted)
    assert hinted.time() + hints.APART < next_run_at() <= hinted.time() + AT_MOST
    # What was told while a clock was wrong, or long ago, moves nothing.
    for jump in (timedelta(days=300), -timedelta(days=300)):
        slot = slot_behind(hinted.time())
        Schedule.objects.update(hinted_at=hinted.time() + jump, next_run_at=slot)
        by_run(hinted)
        assert next_run_at() == slot
    # Where runs fail, it is for their patience to say.
    Schedule.objects.update(hinted_at=hinted.time())
    hinted.time.pass_(seconds=2)
    hinted.simulator.faults.on("forbidden")
    assert by_schedule(hinted, seconds=0)[0].state == RunState.FAILED
    assert next_run_at() == pace.next_attempt(hinted.time(), 1, Schedule.objects.get().jitter)
