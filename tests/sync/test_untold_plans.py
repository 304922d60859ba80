"""Users whose licences do not tell of a mailbox are asked for their plans with each run, and cost no listing."""

from random import Random
from typing import Final

import pytest

from mailroll.sync.footings import footing
from mailroll.sync.models import RunState, SteadyState
from mailroll.sync.runs import decide
from mailroll_simulator import Tenant
from mailroll_simulator.licences import assigned_plans
from tests.sync import world
from tests.sync.test_amending import BY_ID, agreed, effect, listed, looked_at_in_full
from tests.sync.test_footing import CHANGES
from tests.sync.test_since import by_schedule
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE: Final = 24
LATE: Final = "EXCHANGESTANDARD"
"""A product in its time of grace: a licence of it says nothing of the state that a user's plan is in."""
SINCE: Final = "2026-01-01T00:00:00Z"
ROUNDS: Final = 12


@pytest.fixture
def tenant() -> Tenant:
    tenant = world.tenant(PEOPLE)
    tenant.add_group("All staff", kind="distribution", local="all")
    for number in range(3):
        tenant.assign_licence(f"p{number}@{DOMAIN}", LATE)
    tenant.lapse(LATE, "Warning")
    return tenant


@pytest.fixture
def begun(customer: Customer) -> Customer:
    """A customer of whom the schedule lists nobody any more."""
    assert customer.sync().state == RunState.APPLIED
    runs = [by_schedule(customer) for _ in range(4)]
    assert {run.state for run, _ in runs} == {RunState.UNCHANGED}
    assert not listed(runs[-1][1])
    return customer


def set_plans(tenant: Tenant, local: str, status: str) -> None:
    """Let plans come to another state, as a subscription runs out: nothing that is listed or told shows it."""
    plans = assigned_plans((LATE,), SINCE, status=status)
    tenant.user(f"{local}@{DOMAIN}").properties["assignedPlans"] = plans


def test_their_plans_are_looked_at_by_each_run_and_nobody_is_listed_for_it(begun: Customer) -> None:
    begun.tenant.add_user("Joiner", local="joiner")
    run, questions = by_schedule(begun)
    assert (run.state, effect(run), listed(questions)) == (RunState.APPLIED, {"create": 1}, False)
    set_plans(begun.tenant, "p1", "Deleted")
    run, questions = by_schedule(begun)
    assert (effect(run), listed(questions)) == ({"update": 1}, False)
    shown = looked_at_in_full(begun)
    assert shown.state == RunState.UNCHANGED
    set_plans(begun.tenant, "p1", "Warning")
    run, questions = by_schedule(begun)
    assert (effect(run), listed(questions)) == ({"update": 1}, False)


def test_so_they_are_where_a_listing_shows_what_is_new(begun: Customer) -> None:
    # A few minutes behind new cursors, a listing may be older than they are.
    begun.sync()
    for number, status in enumerate(("Deleted", "Warning", "Deleted")):
        set_plans(begun.tenant, "p1", status)
        begun.tenant.add_user(f"Joiner {number}", local=f"joiner{number}")
        run, questions = by_schedule(begun, seconds=60)
        assert (effect(run), listed(questions)) == ({"create": 1, "update": 1}, True)
        assert run.counts["looked_at"] < PEOPLE


def test_nothing_that_is_told_is_no_word_on_their_plans(begun: Customer) -> None:
    for _ in range(3):
        run, questions = by_schedule(begun)
        assert (run.state, BY_ID in questions) == (RunState.UNCHANGED, True)
        assert not SteadyState.objects.get().imprint


def test_where_they_are_many_everybody_is_compared(begun: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footing, "MOST", 2)
    by_schedule(begun)
    run, questions = by_schedule(begun)
    assert (listed(questions), "looked_at" in run.counts) == (True, False)


def test_runs_leave_what_full_ones_would(begun: Customer) -> None:
    chance = Random(12)
    told = 0
    for _ in range(ROUNDS):
        for _ in range(chance.randint(0, 2)):
            chance.choice(CHANGES)(begun.tenant, chance)
        local = f"p{chance.randrange(6)}"
        if any(user.upn == f"{local}@{DOMAIN}" for user in begun.tenant.users):
            begun.tenant.assign_licence(f"{local}@{DOMAIN}", LATE)
            set_plans(begun.tenant, local, chance.choice(("Warning", "Deleted", "Suspended")))
        run, questions = by_schedule(begun, seconds=chance.choice((300, 1200)))
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, run.error
        told += not listed(questions)
        waiting = agreed(run, looked_at_in_full(begun))
        if waiting is not None:
            decide.release(waiting.id, "They left.", begun.acting)
    assert told >= ROUNDS // 3
