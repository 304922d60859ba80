"""A domain that is read from two connections: what nobody tells of anew costs a question for each, and no plan."""

from collections import Counter

import pytest

from mailroll.connections import sources
from mailroll.sync.models import QuietSpell, Run, RunState
from mailroll.sync.schedules import schedule
from mailroll.sync.workers.pulse import Beat, Pulse
from tests.sync.settling import set_back
from tests.sync.test_amending import effect
from tests.sync.test_siblings import other_connection
from tests.sync.test_since import DELTAS, asked, by_schedule
from tests.sync.test_unchanged import listings, repeats, settle, told
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def steady(customer: Customer) -> Customer:
    sources.add(customer.domain, other_connection(customer), customer.acting)
    customer.domain.refresh_from_db()
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    return customer


def listed(customer: Customer, seconds: float = 1200) -> tuple[Run, int]:
    """Make a run by the schedule; returns it, and how often users were listed for it."""
    before = listings(customer)
    return by_schedule(customer, seconds)[0], listings(customer) - before


def test_where_both_say_what_they_did_nothing_is_planned_and_then_nobody_is_listed(steady: Customer) -> None:
    schedule.switch_on_unseen(steady.domain, steady.acting)
    expected = told(steady.sync())
    run, times = listed(steady)
    assert (repeats(run), times, told(run)) == (True, 2, expected)
    run, questions = by_schedule(steady)
    assert (repeats(run), Counter(questions)) == (True, Counter(DELTAS * 2))
    # From now on there is no run, as long as neither tells of anything.
    spell = QuietSpell.objects.get()
    assert spell.until is not None
    before, runs = len(asked(steady)), Run.objects.count()
    steady.time.pass_(hours=2)
    assert Pulse(steady.time).beat() == Beat(1, 1)
    assert (Counter(asked(steady)[before:]), Run.objects.count()) == (Counter(DELTAS * 2), runs)


def test_what_either_says_anew_is_asked_of_both_and_what_one_lists_is_planned_with_all_of_it(steady: Customer) -> None:
    assert listed(steady)[1] == 2
    steady.tenant.add_user("Joiner", local="joiner")
    run, times = listed(steady)
    assert (run.state, effect(run), times) == (RunState.APPLIED, {"create": 1}, 0)
    settle(steady)
    # One of the two listings lacks somebody: no word of the other makes it an echo, and nobody goes by it.
    set_back(steady.domain)
    user = steady.tenant.user(f"p3@{DOMAIN}")
    steady.simulator.faults.on("skipped_user", path="/users", user=user.id, times=1)
    run, times = listed(steady)
    assert (run.state, times) == (RunState.UNCHANGED, 2)
    assert "/directoryObjects/getByIds" in asked(steady)[-20:]
    assert f"p3@{DOMAIN}" in steady.roll()


def test_where_one_of_them_fails_the_other_is_read_and_nothing_is_repeated(steady: Customer) -> None:
    assert listed(steady)[1] == 2
    roll = steady.roll()
    steady.simulator.faults.on("throttle", path="/users/delta", retry_after=600, times=1)
    run, times = listed(steady)
    assert (run.state, times) == (RunState.UNCHANGED, 1)
    assert {each["trusted"] for each in run.sources} == {True, False}
    assert steady.roll() == roll
    # Nothing of it was kept, and neither tells of anything since.
    run, times = listed(steady)
    assert (run.state, repeats(run), times) == (RunState.UNCHANGED, True, 0)
