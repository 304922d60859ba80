"""A process that slept while another one took a domain over writes nothing."""

from datetime import datetime

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.staging import Staged
from mailroll.reconcile.errors import Refused
from mailroll.sync.models import Run, RunChange, RunState
from mailroll.sync.plans import plan_rows
from mailroll.sync.progress import Unguarded
from mailroll.sync.runs import decide
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_that_slept_while_a_newer_one_began_applies_nothing(customer: Customer) -> None:
    run = customer.preview()
    edit.next_fence(customer.domain.id)
    with pytest.raises(Unguarded):
        decide.apply_own(run, plan_rows.read(run), Staged("", "", ()), customer.acting, asks=False)
    run.refresh_from_db()
    assert (run.state, customer.everyone()) == (RunState.PLANNED, [])


def test_a_run_that_slept_behind_its_beginning_holds_nothing_either(customer: Customer) -> None:
    """Where all of a plan waits the roll is not written, so nothing there refuses it."""
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    run = customer.preview()

    def now() -> datetime:
        # It is asked first when the run says that it begins.
        if Run.objects.get(id=run.id).state == RunState.PLANNED:
            edit.next_fence(customer.domain.id)
        return customer.time()

    with pytest.raises(Unguarded):
        decide.apply_own(run, plan_rows.read(run), None, Acting("test:priya", now), asks=False)
    assert Run.objects.get(id=run.id).state == RunState.APPLYING
    assert not Run.objects.filter(state=RunState.HELD).exists()


def test_a_decision_during_which_another_process_began_changes_nothing(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    preview = customer.preview()
    customer.time.pass_(hours=1)
    before = customer.everyone()
    asked = 0

    def now() -> datetime:
        nonlocal asked
        asked += 1
        if asked == 2:
            # While Microsoft is asked again for who would go.
            edit.next_fence(customer.domain.id)
        return customer.time()

    with pytest.raises(Unguarded):
        decide.apply(preview.id, Acting("test:priya", now))
    assert asked >= 2
    assert Run.objects.get(id=preview.id).state == RunState.PLANNED
    assert customer.everyone() == before
    assert decide.apply(preview.id, customer.acting).counts["retire"] == 1


def test_rows_of_a_plan_that_somebody_touched_are_not_written_into_the_roll(customer: Customer) -> None:
    run = customer.preview()
    plan = plan_rows.read(run)
    staged = plan_rows.write(run.id, plan)
    RunChange.objects.filter(run=run, position=3).update(display_name="Mallory")
    with pytest.raises(Refused):
        decide.apply_own(run, plan, staged, customer.acting, asks=False)
    assert customer.everyone() == []
    untouched = plan_rows.write(run.id, plan)
    Run.objects.filter(id=run.id).update(state=RunState.PLANNED)
    run.refresh_from_db()
    decide.apply_own(run, plan, untouched, customer.acting, asks=False)
    assert len(customer.everyone()) == 12
