"""Decisions that a person asks for and a worker carries out: once, in that person's name, and never silently."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import load
from mailroll.directory.models import User
from mailroll.insight import run_queries
from mailroll.reconcile.errors import MailrollError, Refused
from mailroll.reconcile.plan import older_fingerprint
from mailroll.sync import tasks
from mailroll.sync.locks.domain_lock import AlreadyRunning, alone
from mailroll.sync.models import Decision, RequestOutcome, Run, RunRequest, RunState, Trigger
from mailroll.sync.plans import plan_rows
from mailroll.sync.progress import never
from mailroll.sync.runs import answer as answers
from mailroll.sync.runs import ask, decide
from mailroll.sync.schedules import schedule
from mailroll.sync.workers.tick import fill
from tests.sync.test_crash import blocked
from tests.sync.waiting import beside, somebody_waits_for_a_lock, until
from tests.sync.world import DOMAIN, Customer, failure

SAM = Acting("test:sam")


@pytest.fixture(autouse=True)
def _today(customer: Customer) -> None:
    """A worker knows no other clock than the real one."""
    customer.time.at = datetime.now(UTC)


@pytest.fixture
def held(customer: Customer) -> Run:
    """Five of twelve would be removed; one joined and was let in."""
    return customer.hold()


def asked(run: Run, decision: Decision = Decision.APPLY, reason: str = "", who: Acting = SAM) -> RunRequest:
    assert ask.for_decision(run.id, decision, who, reason) == run.id
    return RunRequest.objects.get(decides=run, outcome="")


def answer(request: RunRequest) -> RunRequest:
    answers.answer(request.id, never)
    request.refresh_from_db()
    return request


def code(request: RunRequest) -> str:
    assert request.error is not None
    return str(request.error["code"])


def test_a_plan_waits_for_the_worker_and_is_applied_in_the_name_of_who_asked(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    assert (tasks.waiting(), customer.everyone()) == (1, [])
    assert answer(request).outcome == RequestOutcome.DONE
    run.refresh_from_db()
    assert (run.state, len(customer.roll())) == (RunState.APPLIED, 12)
    done = AuditEntry.objects.filter(details__run=str(run.id)).order_by("id")
    assert [(entry.action, entry.actor) for entry in done] == [
        ("run.apply_asked", "test:sam"),
        ("run.applied", "test:sam"),
    ]


def test_a_release_keeps_who_decided_and_why(held: Run, customer: Customer) -> None:
    answer(asked(held, Decision.RELEASE, "The customer agreed"))
    held.refresh_from_db()
    assert (held.state, held.decided_by, held.decision_reason) == (
        RunState.APPLIED,
        "test:sam",
        "The customer agreed",
    )
    assert len(customer.roll()) == 8
    told = AuditEntry.objects.filter(action__in=("run.release_asked", "run.released")).values_list("details", flat=True)
    assert [details["reason"] for details in told] == ["The customer agreed"] * 2


def test_a_release_may_name_the_run_that_the_removals_were_parted_from(held: Run) -> None:
    parent = held.parent
    assert parent is not None
    assert ask.for_decision(parent.id, Decision.RELEASE, SAM, "Agreed") == held.id


def test_a_double_click_decides_once(customer: Customer) -> None:
    run = customer.preview()
    first, second = asked(run), asked(run, who=customer.acting)
    assert first == second
    assert tasks.waiting() == 1
    answer(first)
    with pytest.raises(Refused) as late:
        ask.for_decision(run.id, Decision.APPLY, SAM)
    assert late.value.code == "run_not_planned"
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert [list(actions).count(action) for action in ("run.apply_asked", "run.applied")] == [1, 1]


def test_what_cannot_be_decided_is_refused_at_once(held: Run) -> None:
    doubt = {"code": "listing_incomplete", "level": "holds-removals", "facts": {"objects": "40"}, "of": "reading"}
    for decision, reason, expected in (
        (Decision.APPLY, "", "run_not_planned"),
        (Decision.RELEASE, "  ", "reason_missing"),
        (Decision.RELEASE, "Anyway", "hold_not_for_release"),
    ):
        if expected == "hold_not_for_release":
            Run.objects.filter(id=held.id).update(findings=[doubt])
        with pytest.raises(MailrollError) as refused:
            ask.for_decision(held.id, decision, SAM, reason)
        assert refused.value.code == expected
        assert not RunRequest.objects.exists()


def test_a_run_that_never_was_cannot_be_decided(customer: Customer) -> None:
    with pytest.raises(MailrollError) as refused:
        ask.for_decision(uuid4(), Decision.APPLY, SAM)
    assert refused.value.code == "run_unknown"


def test_a_plan_of_yesterday_lapses_when_it_is_asked_for(customer: Customer) -> None:
    run = customer.preview()
    customer.time.pass_(hours=25)
    with pytest.raises(Refused) as refused:
        ask.for_decision(run.id, Decision.APPLY, customer.acting)
    run.refresh_from_db()
    assert (refused.value.code, run.state) == ("run_not_planned", RunState.LAPSED)


def test_nothing_is_decided_while_a_run_is_under_way(customer: Customer) -> None:
    preview = customer.preview()
    with blocked():
        making = beside(customer.sync)
        until(somebody_waits_for_a_lock, "the run applies", making.is_alive)
        with pytest.raises(AlreadyRunning) as running:
            ask.for_decision(preview.id, Decision.APPLY, SAM)
    making.join()
    assert running.value.run == Run.objects.exclude(id=preview.id).get().id


def test_a_page_follows_a_decision_like_a_run(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    followed = ask.follow(run.id)
    assert followed is not None
    assert (followed.decision, followed.under_way) == (request, True)
    assert schedule.view(customer.domain, customer.time()).under_way == request.id
    led = ask.follow(request.id)
    assert led is not None
    assert (led.run, led.leads_to) == (None, run.id)
    answer(request)
    followed = ask.follow(run.id)
    assert followed is not None
    assert not followed.under_way


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_whose_worker_died_before_it_took_effect_is_carried_out_by_the_next(
    held: Run, customer: Customer, decision: Decision
) -> None:
    run = held if decision is Decision.RELEASE else customer.preview()
    request = asked(run, decision, "Agreed" if decision is Decision.RELEASE else "")
    Run.objects.filter(id=run.id).update(state=RunState.APPLYING)
    assert answer(request).outcome == RequestOutcome.DONE
    run.refresh_from_db()
    assert run.state == (RunState.APPLIED if decision is Decision.RELEASE else RunState.UNCHANGED)
    assert len(customer.roll()) == (8 if decision is Decision.RELEASE else 13)


def test_a_plan_that_was_applied_is_not_applied_twice(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    answer(request)
    fence, settled_at = Run.objects.get().fence, request.settled_at
    # The job comes again where its worker died after the transaction.
    assert answer(request).settled_at == settled_at
    assert Run.objects.get().fence == fence
    assert AuditEntry.objects.filter(action="run.applied").count() == 1


def test_a_run_that_nobody_decided_fails_with_its_process(customer: Customer) -> None:
    run = customer.preview()
    Run.objects.filter(id=run.id).update(state=RunState.APPLYING)
    customer.preview()
    run.refresh_from_db()
    assert (run.state, failure(run)["code"]) == (RunState.FAILED, "interrupted")


def test_a_plan_that_moved_on_while_it_waited_lapses_and_the_request_says_so(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    run = customer.preview()
    request = asked(run)
    User.objects.filter(addresses__address=f"p1@{DOMAIN}").update(content_hash="0" * 32)
    assert (answer(request).outcome, code(request)) == (RequestOutcome.REFUSED, "plan_moved_on")
    run.refresh_from_db()
    assert (run.state, failure(run)["code"]) == (RunState.LAPSED, "plan_moved_on")
    assert len(customer.roll()) == 12


def test_of_two_plans_that_wait_for_the_worker_one_takes_effect_and_the_other_is_told(customer: Customer) -> None:
    requests = [asked(customer.preview()) for _ in range(2)]
    assert [answer(request).outcome for request in reversed(requests)] == [RequestOutcome.DONE, RequestOutcome.REFUSED]
    assert code(requests[0]) == "run_not_planned"
    assert AuditEntry.objects.filter(action="run.applied").count() == 1


def test_a_discarded_plan_is_not_applied_though_that_was_asked_before(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    decide.discard(run.id, customer.acting)
    assert (answer(request).outcome, code(request)) == (RequestOutcome.REFUSED, "run_not_planned")
    assert customer.everyone() == []


def test_a_damaged_plan_is_told_and_stays(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    run.changes.all().delete()
    assert (answer(request).outcome, code(request)) == (RequestOutcome.REFUSED, "plan_damaged")


def test_a_fault_of_ours_ends_in_the_request_and_in_the_run(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    Run.objects.update(findings=[{"code": "nonsense", "level": "nonsense", "facts": {}, "of": "reading"}])
    assert (answer(request).outcome, code(request)) == (RequestOutcome.REFUSED, "internal_error")
    run.refresh_from_db()
    assert (run.state, customer.everyone()) == (RunState.FAILED, [])


def test_a_decision_can_be_cancelled_before_it_begins(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    ask.cancel(run.id, customer.acting)
    assert answer(request).outcome == RequestOutcome.CANCELLED
    run.refresh_from_db()
    assert (run.state, customer.everyone()) == (RunState.PLANNED, [])
    assert AuditEntry.objects.get(action="run.decision_cancelled").actor == "test:priya"
    assert answer(asked(run)).outcome == RequestOutcome.DONE


def test_a_decision_whose_worker_died_can_be_cancelled_before_another_takes_it(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    Run.objects.update(state=RunState.APPLYING)
    ask.cancel(run.id, customer.acting)
    assert answer(request).outcome == RequestOutcome.CANCELLED
    run.refresh_from_db()
    assert (run.state, customer.everyone()) == (RunState.PLANNED, [])


def test_a_decision_that_is_cancelled_as_the_worker_begins_takes_no_effect(customer: Customer) -> None:
    run = customer.preview()
    remembered = asked(run)
    ask.cancel(run.id, customer.acting)
    with pytest.raises(Refused) as refused:
        decide.apply(run.id, SAM, remembered)
    run.refresh_from_db()
    assert (refused.value.code, run.state) == ("request_settled", RunState.PLANNED)


def test_a_decision_that_takes_effect_cannot_be_cancelled(customer: Customer) -> None:
    run = customer.preview()
    request = asked(run)
    with blocked():
        applying = beside(lambda: answers.answer(request.id, never))
        until(somebody_waits_for_a_lock, "the plan is applied", applying.is_alive)
        with pytest.raises(Refused) as refused:
            ask.cancel(run.id, customer.acting)
        # A second click finds what is at work.
        assert ask.for_decision(run.id, Decision.APPLY, SAM) == run.id
    applying.join()
    assert refused.value.code == "too_late_to_cancel"
    assert Run.objects.get().state == RunState.APPLIED
    with pytest.raises(Refused):
        ask.cancel(run.id, customer.acting)


def test_a_decision_waits_for_whoever_holds_the_domain_and_is_queued_again(
    customer: Customer, transactional_db: None
) -> None:
    request = asked(customer.preview())
    with alone(customer.domain.id, customer.time()):
        beside(lambda: answers.answer(request.id, never)).join()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    fill(datetime.now(UTC), 100, leaves_quiet=False)
    assert tasks.queued() == {request.id}
    assert answer(request).outcome == RequestOutcome.DONE


def test_a_worker_that_has_to_end_leaves_the_decision_to_the_next(customer: Customer) -> None:
    request = asked(customer.preview())
    answers.answer(request.id, lambda: True)
    request.refresh_from_db()
    assert (request.outcome, customer.everyone()) == ("", [])


def test_a_decision_and_a_run_can_both_wait(customer: Customer) -> None:
    request = asked(customer.preview())
    preview = ask.for_run(customer.domain, Trigger.PREVIEW, customer.acting)
    assert preview not in {request.id, request.run}
    assert RunRequest.objects.filter(outcome="").count() == 2


def age(run: Run) -> None:
    """Have a run bear the digest and the fingerprint that an older version gave its plan."""
    plan = plan_rows.read(run)
    with transaction.atomic():
        run.digest, run.fingerprint = plan.older_digest, older_fingerprint(plan, load.touched(plan))
    run.save(update_fields=["digest", "fingerprint"])


def test_removals_that_an_older_version_held_wait_on_and_are_released(held: Run, customer: Customer) -> None:
    age(held)
    customer.sync()
    waiting = run_queries.board(customer.domain, customer.time(), 1).held
    assert waiting == held
    run = decide.release(held.id, "They left", customer.acting)
    assert (run.state, run.counts["retire"], len(customer.roll())) == (RunState.APPLIED, 5, 8)


def test_a_preview_of_an_older_version_is_applied_unless_something_moved(customer: Customer) -> None:
    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner")
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    moved, stands = customer.preview(), customer.preview()
    for preview in (moved, stands):
        age(preview)
    Run.objects.filter(id=moved.id).update(fingerprint="0" * 64)
    with pytest.raises(Refused) as refused:
        decide.apply(moved.id, customer.acting)
    assert refused.value.code == "plan_moved_on"
    assert decide.apply(stands.id, customer.acting).state == RunState.APPLIED
