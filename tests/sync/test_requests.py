"""Asking for a run, following it, joining it and cancelling it."""

from collections.abc import Callable
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import Refused
from mailroll.sync import progress, tasks
from mailroll.sync.locks import domain_lock
from mailroll.sync.models import RequestOutcome, Run, RunProgress, RunRequest, RunState, RunStep, Trigger
from mailroll.sync.progress import Stopped, never
from mailroll.sync.runs import answer as answers
from mailroll.sync.runs import ask, decide, make, rows
from mailroll.sync.runs.outcomes import Settled
from mailroll.sync.schedules import schedule
from mailroll.sync.workers.tick import fill
from tests.schema.versions import later_version
from tests.sync.test_crash import blocked
from tests.sync.waiting import beside, somebody_waits_for_a_lock, until
from tests.sync.world import Customer, failure


def followed(run: UUID) -> ask.Followed:
    found = ask.follow(run)
    assert found is not None
    return found


def answer(run: UUID) -> None:
    answers.answer(run, never)


def test_a_run_that_was_asked_for_has_a_page_before_it_begins(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
    waiting = followed(run)
    assert (waiting.run, waiting.progress, waiting.leads_to) == (None, None, None)
    assert waiting.request is not None
    assert (waiting.request.outcome, waiting.request.actor) == ("", "test:priya")
    assert AuditEntry.objects.filter(action="run.asked", details__run=str(run)).exists()


def test_the_run_comes_under_the_id_that_was_given(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    answer(run)
    done = followed(run)
    assert done.run is not None
    assert done.request is not None
    assert (done.run.state, done.request.outcome, done.leads_to) == (RunState.APPLIED, RequestOutcome.DONE, None)
    assert len(customer.roll()) == 12


def test_a_preview_that_was_asked_for_changes_nothing(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
    answer(run)
    assert Run.objects.get(id=run).state == RunState.PLANNED
    assert customer.everyone() == []


def test_a_double_click_asks_for_one_run(customer: Customer) -> None:
    first = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    second = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    assert first == second
    assert tasks.waiting() == 1
    assert AuditEntry.objects.filter(action="run.asked").count() == 1


def test_a_run_under_way_is_joined(customer: Customer) -> None:
    first = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with blocked():
        run = beside(lambda: answer(first))
        until(somebody_waits_for_a_lock, "the run applies", run.is_alive)
        assert ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting) == first
        assert schedule.view(customer.domain, customer.time()).under_way == first
        later = RunRequest.objects.create(
            domain=customer.domain, trigger=Trigger.PREVIEW, actor="test:sam", asked_at=customer.time()
        )
        answer(later.id)
        assert followed(later.id).leads_to == first
    run.join()
    assert Run.objects.count() == 1


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.PREVIEW])
def test_a_run_that_began_under_other_settings_is_no_answer(customer: Customer, trigger: Trigger) -> None:
    first = ask.for_run(customer.domain, trigger, customer.acting)
    with blocked("connections_connection"):
        run = beside(lambda: answer(first))
        until(somebody_waits_for_a_lock, "the run reads", run.is_alive)
        Domain.objects.update(revision=F("revision") + 1)
        preview = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
        assert preview != first
        answer(preview)
        waiting = followed(preview)
        assert (waiting.run, waiting.leads_to, waiting.under_way) == (None, None, True)
    run.join()
    earlier = Run.objects.get(id=first)
    assert earlier.state == RunState.PLANNED or failure(earlier)["code"] == "plan_moved_on"
    assert not rows.may_take_effect(earlier)
    answer(preview)
    assert Run.objects.get(id=preview).state == RunState.PLANNED


def test_a_run_that_only_seems_under_way_is_not_joined(customer: Customer) -> None:
    dead = customer.preview()
    Run.objects.update(state=RunState.READING)
    again = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
    assert again != dead.id
    answer(again)
    assert {run.state for run in Run.objects.all()} == {RunState.FAILED, RunState.PLANNED}


def test_a_run_whose_worker_died_is_made_again_and_its_page_leads_there(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    customer.preview()
    Run.objects.create(
        id=run,
        domain=customer.domain,
        trigger=Trigger.MANUAL,
        state=RunState.READING,
        actor="test:priya",
        fence=1,
        revision=1,
        started_at=customer.time(),
    )
    answer(run)
    done = followed(run)
    assert done.run is not None
    assert done.run.state == RunState.FAILED
    assert done.leads_to is not None
    assert Run.objects.get(id=done.leads_to).state == RunState.APPLIED


def test_a_request_does_not_join_its_own_run_of_a_worker_that_was_silent_for_long(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with blocked():
        silent = beside(lambda: answer(run))
        until(somebody_waits_for_a_lock, "the run applies", silent.is_alive)
        # Another worker is given its job. Should the silent one die now, nobody else would make the run again.
        answer(run)
        assert [*RunRequest.objects.values_list("outcome", "run")] == [("", run)]
    silent.join()
    assert (followed(run).leads_to, RunRequest.objects.get().outcome) == (None, RequestOutcome.DONE)
    answer(run)
    assert Run.objects.get().state == RunState.APPLIED


def test_a_run_that_was_made_is_not_made_again_where_nobody_said_so(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    answer(run)
    RunRequest.objects.update(outcome="", settled_at=None)
    answer(run)
    assert Run.objects.count() == 1
    assert RunRequest.objects.get().outcome == RequestOutcome.DONE


def died_over_its_plan(customer: Customer, monkeypatch: pytest.MonkeyPatch, trigger: Trigger) -> UUID:
    """A sync whose worker died when its plan was kept, and before it was applied."""
    run = ask.for_run(customer.domain, trigger, customer.acting)
    with monkeypatch.context() as patch:
        patch.setattr(decide, "apply_own", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            answer(run)
    assert (Run.objects.get(id=run).state, customer.everyone()) == (RunState.PLANNED, [])
    return run


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.AUTOMATIC])
def test_a_sync_whose_worker_died_between_its_plan_and_the_roll_is_made_again(
    customer: Customer, monkeypatch: pytest.MonkeyPatch, trigger: Trigger
) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    run = died_over_its_plan(customer, monkeypatch, trigger)
    answer(run)
    assert len(customer.roll()) == 12
    assert list(Run.objects.order_by("number").values_list("state", flat=True)) == [
        RunState.SUPERSEDED,
        RunState.APPLIED,
    ]


@pytest.mark.parametrize("drop", [ask.cancel, decide.discard])
def test_a_plan_whose_worker_died_before_it_took_effect_is_dropped_at_once_and_for_good(
    customer: Customer, monkeypatch: pytest.MonkeyPatch, drop: Callable[[UUID, Acting], object]
) -> None:
    run, acting = died_over_its_plan(customer, monkeypatch, Trigger.MANUAL), Acting("test:priya")
    with domain_lock.alone(customer.domain.id, acting.now()), pytest.raises(Refused):
        drop(run, acting)
    drop(run, acting)
    assert (Run.objects.get().state, RunRequest.objects.get().outcome) == (
        RunState.DISCARDED,
        RequestOutcome.CANCELLED,
    )
    answer(run)
    with pytest.raises(Refused):
        decide.apply(run, acting)
    assert (Run.objects.count(), customer.everyone()) == (1, [])
    again = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    answer(again)
    assert (again != run, len(customer.roll())) == (True, 12)


def test_a_sync_that_was_cancelled_leaves_no_plan_where_its_worker_died_before_it_heard(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = died_over_its_plan(customer, monkeypatch, Trigger.MANUAL)
    RunProgress.objects.update(cancelled_by="test:priya")
    with pytest.raises(Refused):
        decide.apply(run, Acting("test:priya"))
    assert (Run.objects.get().state, customer.everyone()) == (RunState.CANCELLED, [])


def test_a_sync_that_became_a_preview_or_whose_plan_was_dropped_is_not_made_again(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
    answer(run)
    for state in (RunState.PLANNED, RunState.DISCARDED):
        RunRequest.objects.update(outcome="", settled_at=None)
        Run.objects.update(state=state)
        answer(run)
        assert RunRequest.objects.get().outcome == RequestOutcome.DONE
    assert Run.objects.count() == 1


def test_a_run_that_waits_can_be_cancelled(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    ask.cancel(run, customer.acting)
    answer(run)
    dropped = followed(run)
    assert dropped.run is None
    assert dropped.request is not None
    assert dropped.request.outcome == RequestOutcome.CANCELLED
    assert AuditEntry.objects.filter(action="run.cancelled", details__run=str(run)).exists()


def test_a_run_that_reads_can_be_cancelled_and_changes_nothing(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    customer.simulator.faults.on("slow_page", wait=60.0)
    making = beside(lambda: answer(run))
    until(lambda: Run.objects.filter(id=run).exists(), "the run begins", making.is_alive)
    ask.cancel(run, customer.acting)
    making.join()
    assert Run.objects.get(id=run).state == RunState.CANCELLED
    assert customer.everyone() == []
    assert RunRequest.objects.get(id=run).outcome == RequestOutcome.DONE


def test_a_run_that_waits_to_be_made_again_can_be_cancelled(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    answers.answer(run, Run.objects.exists)
    assert RunRequest.objects.get().run == run
    ask.cancel(run, customer.acting)
    answer(run)
    assert RunRequest.objects.get().outcome == RequestOutcome.CANCELLED
    assert (Run.objects.get().state, customer.everyone()) == (RunState.FAILED, [])


@pytest.mark.parametrize("state", [RunState.READING, RunState.APPLYING])
def test_a_run_whose_worker_died_can_be_cancelled_before_another_takes_it(customer: Customer, state: RunState) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    request = RunRequest.objects.get()
    make.begin(customer.domain, Trigger.MANUAL, uuid4(), customer.acting, request)
    Run.objects.update(state=state)
    assert request.run is not None
    ask.cancel(request.run, customer.acting)
    answer(run)
    assert RunRequest.objects.get().outcome == RequestOutcome.CANCELLED
    assert (Run.objects.get().state, customer.everyone()) == (RunState.FAILED, [])


def test_a_run_that_was_cancelled_is_not_made_again_where_its_worker_died_before_it_heard(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with domain_lock.alone(customer.domain.id, customer.time()):
        make.begin(customer.domain, Trigger.MANUAL, run, customer.acting, RunRequest.objects.get())
        ask.cancel(run, customer.acting)
        assert ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting) != run
        answer(run)
        assert RunRequest.objects.get(id=run).outcome == "", "its worker may live"
    answer(run)
    assert RunRequest.objects.get(id=run).outcome == RequestOutcome.CANCELLED
    assert Run.objects.get().state == RunState.CANCELLED


@pytest.mark.parametrize("is_settled", [True, False])
def test_whoever_syncs_behind_a_cancelled_run_whose_worker_died_gets_a_run_of_their_own(
    customer: Customer, *, is_settled: bool
) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with domain_lock.alone(customer.domain.id, customer.time()):
        make.begin(customer.domain, Trigger.MANUAL, run, customer.acting, RunRequest.objects.get())
        ask.cancel(run, customer.acting)
    if is_settled:
        with domain_lock.alone(customer.domain.id, customer.time()):
            assert Run.objects.get().state == RunState.CANCELLED
    again = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    assert RunRequest.objects.get(id=run).outcome == RequestOutcome.CANCELLED
    answer(run)
    answer(again)
    assert (again != run, len(customer.roll())) == (True, 12)


def test_a_run_that_is_cancelled_while_a_worker_takes_it_does_not_begin(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    request = RunRequest.objects.get()
    ask.cancel(run, customer.acting)
    with pytest.raises(Settled):
        make.carry_out(customer.domain, Trigger.MANUAL, run, customer.acting, never, request)
    assert not Run.objects.exists()


def test_a_run_that_applies_cannot_be_cancelled(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with blocked():
        making = beside(lambda: answer(run))
        until(somebody_waits_for_a_lock, "the run applies", making.is_alive)
        with pytest.raises(Refused) as refused:
            ask.cancel(run, customer.acting)
    making.join()
    assert refused.value.code == "too_late_to_cancel"
    assert Run.objects.get(id=run).state == RunState.APPLIED


def test_a_run_that_ended_cannot_be_cancelled(customer: Customer) -> None:
    with pytest.raises(Refused):
        ask.cancel(customer.sync().id, customer.acting)


def test_a_run_says_how_far_it_came(customer: Customer) -> None:
    first = customer.sync()
    progress = RunProgress.objects.get(run=first)
    assert (progress.step, progress.objects_read) == (RunStep.APPLY, 12)
    assert set(progress.began) == {step.value for step in RunStep}


def test_a_reading_is_measured_against_one_in_whole_under_its_settings(customer: Customer) -> None:
    def expected() -> int | None:
        with domain_lock.alone(customer.domain.id, customer.time()):
            run = make.begin(customer.domain, Trigger.PREVIEW, uuid4(), customer.acting)
            with progress.follow(run, customer.acting) as along:
                along.count(12)
                total = along.total
                along.count(1)
                assert along.total is None, "there are more than were expected"
                along.write()
        return total

    assert expected() is None
    customer.sync()
    assert expected() == 12
    RunProgress.objects.filter(step=RunStep.READ).update(objects_read=79)
    assert expected() == 12, "of one that was cut short it is not known how many there were"
    Domain.objects.update(revision=F("revision") + 1)
    assert expected() is None


def test_a_stopped_worker_leaves_its_run_for_the_next(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with pytest.raises(Stopped):
        make.carry_out(customer.domain, Trigger.MANUAL, run, customer.acting, lambda: True)
    assert RunRequest.objects.get(id=run).outcome == ""
    answer(run)
    leads_to = followed(run).leads_to
    assert leads_to is not None
    assert Run.objects.get(id=leads_to).state == RunState.APPLIED


def test_what_the_database_says_once_a_later_version_changed_it_ends_no_request(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sync_run ADD CONSTRAINT changed CHECK (state <> 'planned')")
        try:
            with later_version():
                answer(run)
        finally:
            cursor.execute("ALTER TABLE sync_run DROP CONSTRAINT changed")
    assert failure(Run.objects.get(id=run))["code"] == "database_newer"
    answer(run)
    assert Run.objects.filter(state=RunState.APPLIED).exists()


def test_an_automatic_run_is_dropped_once_the_switch_is_off(customer: Customer) -> None:
    asked = RunRequest.objects.create(
        domain=customer.domain, trigger=Trigger.AUTOMATIC, actor="schedule", asked_at=customer.time()
    )
    answer(asked.id)
    asked.refresh_from_db()
    assert asked.outcome == RequestOutcome.CANCELLED
    assert not Run.objects.exists()


def test_an_automatic_run_is_not_made_when_a_person_has_just_synced(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    asked = RunRequest.objects.create(
        domain=customer.domain, trigger=Trigger.AUTOMATIC, actor="schedule", asked_at=customer.time()
    )
    customer.time.pass_(seconds=1)
    synced = customer.sync()
    answer(asked.id)
    assert followed(asked.id).leads_to == synced.id


def test_nobody_follows_a_run_that_never_was(customer: Customer) -> None:
    assert ask.follow(uuid4()) is None


def test_a_domain_that_applies_keeps_neither_the_clock_nor_a_page_waiting(customer: Customer) -> None:
    run = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with blocked():
        making = beside(lambda: answer(run))
        until(somebody_waits_for_a_lock, "the run applies", making.is_alive)
        schedule.set_interval(customer.domain, 15, customer.acting)
        schedule.switch_on_unseen(customer.domain, customer.acting)
        customer.time.pass_(hours=1)
        assert fill(customer.time(), 100, leaves_quiet=False)[0] == 0
        assert making.is_alive()
    making.join()
