"""A process that slept while another one took a domain over writes nothing."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Address, DomainAlias
from mailroll.directory.staging import Staged
from mailroll.reconcile.errors import Refused
from mailroll.sync import progress
from mailroll.sync.models import Run, RunChange, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.plans import plan_rows
from mailroll.sync.progress import Unguarded
from mailroll.sync.runs import answer, ask, decide, make
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, Customer, failure

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


def overtaken(customer: Customer, run: UUID) -> Callable[[], datetime]:
    """The clock of a process that sleeps, once its run reads, until another one has begun with the domain."""
    slept = False

    def now() -> datetime:
        nonlocal slept
        if not slept and not connection.in_atomic_block and Run.objects.filter(id=run).exists():
            slept = True
            edit.next_fence(customer.domain.id)
        return customer.time()

    return now


def test_a_run_that_slept_through_a_newer_one_writes_nothing(customer: Customer) -> None:
    run = uuid4()
    make.carry_out(customer.domain, Trigger.MANUAL, run, Acting("test:priya", overtaken(customer, run)))
    assert failure(Run.objects.get(id=run))["code"] == "run_superseded"
    assert customer.everyone() == []


@pytest.mark.parametrize("fault", [None, "forbidden"])
def test_a_run_that_slept_while_a_newer_one_began_is_no_failure_of_its_domain(
    customer: Customer, fault: str | None
) -> None:
    """Neither where it is refused itself, nor where a directory refuses what it asked once it woke."""
    schedule.switch_on_unseen(customer.domain, customer.acting)
    if fault is not None:
        customer.simulator.faults.on(fault)
    run, before = uuid4(), Schedule.objects.values().get()
    make.carry_out(customer.domain, Trigger.AUTOMATIC, run, Acting("test:priya", overtaken(customer, run)))
    assert Run.objects.get(id=run).state == RunState.FAILED
    assert Schedule.objects.values().get() == before


def test_a_run_that_slept_behind_its_end_moves_no_next_time(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    run = customer.sync()
    edit.next_fence(customer.domain.id)
    customer.time.pass_(hours=3)
    before = Schedule.objects.values().get()
    schedule.succeeded(run, customer.time())
    assert Schedule.objects.values().get() == before


def test_a_run_that_slept_answers_no_request_that_another_process_took_up(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, newer, planned = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting), uuid4(), make.keep

    def slept(*given: object) -> object:
        edit.next_fence(customer.domain.id)
        RunRequest.objects.update(run=newer)
        return planned(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(make, "keep", slept)
    answer.answer(asked, progress.never)
    assert failure(Run.objects.get(id=asked))["code"] == "run_superseded"
    assert RunRequest.objects.values_list("run", "outcome").get() == (newer, "")


def test_what_was_read_before_a_process_slept_proves_no_alias_domain(customer: Customer) -> None:
    alias, run = "brightwater-alias.example", uuid4()
    edit.add_domain_alias(customer.domain, alias, customer.acting)
    customer.tenant.add_domain(alias)
    make.carry_out(customer.domain, Trigger.MANUAL, run, Acting("test:priya", overtaken(customer, run)))
    assert failure(Run.objects.get(id=run))["code"] == "fenced_off"
    assert DomainAlias.objects.get().proved_at is None
    customer.sync()
    assert DomainAlias.objects.get().proved_at is not None


def test_a_run_that_slept_behind_its_end_confirms_no_address_to_be_gone(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, aliased = customer.tenant.user(f"p1@{DOMAIN}"), [f"SMTP:p1@{DOMAIN}", f"smtp:sales@{DOMAIN}"]
    customer.tenant.change_user(user, proxyAddresses=aliased)
    customer.sync()
    customer.tenant.change_user(user, proxyAddresses=aliased[:1])
    customer.sync()
    customer.time.pass_(minutes=15)
    planned = make.keep

    def slept(*given: object) -> object:
        staged = planned(*given)  # type: ignore[arg-type]
        edit.next_fence(customer.domain.id)
        return staged

    with monkeypatch.context() as patched:
        patched.setattr(make, "keep", slept)
        assert customer.sync().state == RunState.UNCHANGED
    sales = Address.objects.filter(address=f"sales@{DOMAIN}", ending_since__isnull=False)
    assert sales.get().confirmed_at is None
    customer.sync()
    assert sales.get().confirmed_at is not None


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
