"""A tenant in which something changes between any two runs costs what changed: full runs leave a footing, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Final
from uuid import uuid4

import pytest

from mailroll.audit.actor import Acting
from mailroll.connections import sources
from mailroll.directory import edit, headcounts
from mailroll.directory.models import Address, RollCount
from mailroll.directory.staging import Staged
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.model import Current
from mailroll.reconcile.plan import Plan
from mailroll.sync.departures import PlannedRoll
from mailroll.sync.footings import footing
from mailroll.sync.locks.domain_lock import taken
from mailroll.sync.models import Run, RunState, SteadyState, Trigger
from mailroll.sync.progress import Unguarded
from mailroll.sync.runs import decide, hold, make
from mailroll_simulator import Tenant
from tests.sync import world
from tests.sync.test_amending import agreed, effect, in_full, listed, looked_at_in_full, rest
from tests.sync.test_crash import blocked, start_sync, wait_until_blocked
from tests.sync.test_footing import CHANGES
from tests.sync.test_since import by_schedule
from tests.sync.test_unchanged import anew
from tests.sync.waiting import until
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

SIBLING: Final = "oakhaven.example"
PEOPLE: Final = 24
TURNS: Final = 9
STEPS: Final = (15, 300, 600, 1200, 3600)
"""Seconds between two runs: behind a hint, and by the schedule."""


@pytest.fixture
def tenant() -> Tenant:
    made = world.tenant(PEOPLE)
    made.add_shared_mailbox("Reception", local="reception")
    made.add_group("All staff", kind="distribution", local="all")
    made.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    return made


@pytest.fixture
def begun(customer: Customer) -> Customer:
    """A customer whom the schedule has just listed behind the first sync."""
    assert customer.sync().state == RunState.APPLIED
    assert in_full(customer).state == RunState.UNCHANGED
    return customer


def looked_at(run: Run) -> bool:
    """Whether it compared some objects alone."""
    return "looked_at" in run.counts


def join(customer: Customer, number: int) -> None:
    customer.tenant.add_user(f"Joiner {number}", local=f"joiner{number}")


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.AUTOMATIC])
def test_behind_a_run_that_changed_something_the_next_ones_look_at_what_is_new(
    begun: Customer, trigger: Trigger
) -> None:
    anew()
    join(begun, 0)
    begun.time.pass_(minutes=10)
    begun.domain.refresh_from_db()
    run = make.carry_out(begun.domain, trigger, uuid4(), begun.acting)
    assert (run.state, effect(run), looked_at(run)) == (RunState.APPLIED, {"create": 1}, False)
    found = []
    for number in range(1, 5):
        join(begun, number)
        begun.tenant.delete_user(f"p{number}@{DOMAIN}")
        run, questions = by_schedule(begun, seconds=600)
        assert (run.state, effect(run), looked_at(run)) == (RunState.APPLIED, {"create": 1, "retire": 1}, True)
        found.append(listed(questions))
    # Listed until a listing began a quarter of an hour behind the first cursors, and then no more.
    assert found == [True, True, False, False]
    assert begun.preview().state == RunState.UNCHANGED


def test_behind_a_run_that_changed_something_nobody_is_counted(
    begun: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_schedule(begun, seconds=600)
    monkeypatch.setattr(headcounts, "_all", None)
    for number in range(3):
        join(begun, number)
        begun.tenant.delete_user(f"p{number}@{DOMAIN}")
        run, _ = by_schedule(begun, seconds=600)
        assert (run.state, effect(run)) == (RunState.APPLIED, {"create": 1, "retire": 1})
    monkeypatch.undo()
    assert begun.preview().state == RunState.UNCHANGED


def test_once_a_day_everybody_is_counted_anew_whatever_was_kept(begun: Customer) -> None:
    by_schedule(begun, seconds=600)
    assert RollCount.objects.update(counts=[]) == 1
    assert headcounts.rest(begun.domain.id, ()).whole.users == 0
    run, _ = by_schedule(begun, seconds=86_400)
    assert (run.state, looked_at(run)) == (RunState.UNCHANGED, False)
    assert headcounts.rest(begun.domain.id, ()).whole.users == len(begun.roll()) > PEOPLE


def test_a_busy_tenant_is_left_what_full_runs_would_leave(begun: Customer) -> None:
    """Over stories of changes without a pause: no full look finds more, whatever each run went by."""
    chance = Random(11)
    fewer = told = 0
    for _ in range(TURNS):
        for _ in range(chance.randint(0, 3)):
            chance.choice(CHANGES)(begun.tenant, chance)
        run, questions = by_schedule(begun, seconds=chance.choice(STEPS))
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, run.error
        fewer += looked_at(run) and listed(questions)
        told += looked_at(run) and not listed(questions)
        waiting = agreed(run, looked_at_in_full(begun))
        if waiting is not None and chance.random() < 0.5:
            decide.release(waiting.id, "They left.", begun.acting)
    assert fewer >= 2
    assert told >= TURNS // 3


def test_whatever_is_behind_for_minutes_at_any_time_comes_in_with_a_later_run(begun: Customer) -> None:
    """Listings and answers by id do not show yet what delta has told already, of another one each time."""
    chance, faults = Random(5), begun.simulator.faults
    for turn in range(TURNS):
        chance.choice(CHANGES)(begun.tenant, chance)
        joiner = begun.tenant.add_user(f"Joiner {turn}", local=f"joiner{turn}")
        changed = begun.tenant.user(f"p{turn + 9}@{DOMAIN}")
        own = changed.text("mail")
        begun.tenant.change_user(changed, proxyAddresses=[f"SMTP:{own}", f"smtp:another{turn}@{DOMAIN}"])
        fault, user = chance.choice([("skipped_user", joiner), ("stale_row", changed)])
        faults.on(fault, path="/*s", user=user.id)
        run, _ = by_schedule(begun, seconds=chance.choice(STEPS))
        assert run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD}, run.error
        if run.waits is not None:
            decide.release(run.waits.id, "They left.", begun.acting)
        faults.off(fault)
    fewer = 0
    for _ in range(4):
        run, _ = by_schedule(begun, seconds=600)
        fewer += looked_at(run)
    assert fewer >= 3
    assert {f"joiner{turn}@{DOMAIN}" for turn in range(TURNS)} <= begun.roll().keys()
    anew()
    assert begun.preview().state == RunState.UNCHANGED


def test_who_is_told_while_listings_are_behind_is_not_lost(begun: Customer) -> None:
    join(begun, 0)
    by_schedule(begun, seconds=600)
    late = begun.tenant.add_user("Late", local="late")
    begun.simulator.faults.on("skipped_user", path="/*s", user=late.id)
    for seconds in (300, 300, 305):
        run, _ = by_schedule(begun, seconds=seconds)
        assert run.state == RunState.UNCHANGED
    begun.simulator.faults.off("skipped_user")
    assert f"late@{DOMAIN}" not in begun.roll()
    run, _ = by_schedule(begun, seconds=15)
    assert effect(run) == {"create": 1}
    rest(begun)
    assert begun.preview().state == RunState.UNCHANGED


def test_what_ended_is_confirmed_and_the_next_run_still_looks_at_little(begun: Customer) -> None:
    begun.tenant.delete_user(f"p1@{DOMAIN}")
    assert effect(by_schedule(begun, seconds=300)[0]) == {"retire": 1}
    assert Address.objects.get(address=f"p1@{DOMAIN}").confirmed_at is None
    for number in range(2):
        join(begun, number)
        run, questions = by_schedule(begun, seconds=300)
        assert (effect(run), looked_at(run), listed(questions)) == ({"create": 1}, True, True)
        assert Address.objects.get(address=f"p1@{DOMAIN}").confirmed_at is not None


@pytest.mark.parametrize(("changes", "is_part"), [(3, True), (4, False)])
def test_a_part_of_a_large_listing_may_be_left_open(
    begun: Customer, monkeypatch: pytest.MonkeyPatch, changes: int, *, is_part: bool
) -> None:
    monkeypatch.setattr(footing, "MOST", 1)
    monkeypatch.setattr(footing, "_SHARE", PEOPLE // 6)  # of 26 objects 6 may be open: three, and their users
    anew()
    for number in range(changes):
        begun.tenant.change_user(f"p{number}@{DOMAIN}", displayName=f"Another {number}")
    assert effect(in_full(begun)) == {"update": changes}
    run = in_full(begun)
    assert (run.state, looked_at(run)) == (RunState.UNCHANGED, is_part)


def test_an_edit_between_plan_and_effect_leaves_no_footing(begun: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = decide.apply_own

    def edited(*given: object, **named: object) -> None:
        edit.pin(begun.domain, begun.user(f"p5@{DOMAIN}").id, begun.acting)
        applied(*given, **named)  # type: ignore[arg-type]

    anew()
    join(begun, 0)
    with monkeypatch.context() as patched:
        patched.setattr(decide, "apply_own", edited)
        run = in_full(begun)
        assert (run.state, effect(run)) == (RunState.APPLIED, {"create": 1})
    run = in_full(begun)
    assert (run.state in {RunState.UNCHANGED, RunState.APPLIED}, looked_at(run)) == (True, False)
    assert begun.preview().state == RunState.UNCHANGED


def test_guards_load_the_roll_anew_where_anybody_wrote_it_since_the_plan_and_else_not(
    begun: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Plan] = []
    roll, applied = hold._roll, decide.apply_own

    def load(plan: Plan, recent: Departures) -> Current:
        loaded.append(plan)
        return roll(plan, recent)

    def edited(*given: object, **named: object) -> None:
        edit.pin(begun.domain, begun.user(f"p5@{DOMAIN}").id, begun.acting)
        applied(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(hold, "_roll", load)
    join(begun, 0)
    run = in_full(begun)
    assert (effect(run), looked_at(run), loaded) == ({"create": 1}, True, [])
    join(begun, 1)
    monkeypatch.setattr(decide, "apply_own", edited)
    run = by_schedule(begun)[0]
    assert (run.state, effect(run), looked_at(run), len(loaded)) == (RunState.APPLIED, {"create": 1}, True, 1)


def test_what_moves_beside_the_roll_while_a_run_takes_effect_is_looked_at(
    begun: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is billed here is billed at the domain of the primary address as soon as that is read, too."""
    sibling = edit.add_domain(begun.domain.organization, SIBLING, begun.acting)
    begun.tenant.add_domain(SIBLING)
    lodger = begun.tenant.user(f"p3@{DOMAIN}")
    begun.tenant.change_user(lodger, proxyAddresses=[f"SMTP:p3@{SIBLING}", f"smtp:p3@{DOMAIN}"])
    by_schedule(begun)
    rest(begun)
    applied = decide.apply_own

    def beside(  # noqa: PLR0917 - as there
        run: Run,
        plan: Plan,
        staged: Staged,
        acting: Acting,
        going_on: decide.GoingOn,
        made_for: PlannedRoll,
        *,
        asks: bool,
    ) -> None:
        @contextmanager
        def moving() -> Iterator[None]:
            with going_on():
                sources.add(sibling, begun.connection, acting)
                yield

        applied(run, plan, staged, acting, moving, made_for, asks=asks)

    join(begun, 0)
    with monkeypatch.context() as patched:
        patched.setattr(decide, "apply_own", beside)
        assert effect(by_schedule(begun)[0]) == {"create": 1}
    assert begun.user(f"p3@{DOMAIN}").billable
    assert effect(by_schedule(begun)[0]) == {"update": 1}
    assert not begun.user(f"p3@{DOMAIN}").billable
    assert begun.preview().state == RunState.UNCHANGED


def test_a_run_that_slept_while_a_newer_one_began_moves_no_footing(
    begun: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, applied = SteadyState.objects.values().get(), decide.apply_own

    def slept(*given: object, **named: object) -> None:
        edit.next_fence(begun.domain.id)
        applied(*given, **named)  # type: ignore[arg-type]

    join(begun, 0)
    with monkeypatch.context() as patched:
        patched.setattr(decide, "apply_own", slept)
        with pytest.raises(Unguarded):
            in_full(begun)
    assert SteadyState.objects.values().get() == kept
    assert effect(by_schedule(begun)[0]) == {"create": 1}


@pytest.mark.parametrize(
    "table",
    [
        "sync_runchange",  # the plan is kept
        "directory_address",  # it is applied
        "sync_steadystate",  # what the next one goes on from is kept
    ],
)
def test_a_run_that_is_killed_at_any_step_moves_no_footing(begun: Customer, database_url: str, table: str) -> None:
    kept = SteadyState.objects.values().get()
    join(begun, 0)
    with blocked(table):
        process = start_sync(begun, database_url)
        wait_until_blocked(process)
        process.kill()
        process.communicate()
    until(lambda: not taken(begun.domain.id), "the lock is free")
    assert SteadyState.objects.values().get() == kept
    run, _ = by_schedule(begun)
    assert effect(run) == {"create": 1}
    assert begun.preview().state == RunState.UNCHANGED
