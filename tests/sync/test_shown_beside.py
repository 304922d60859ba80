"""A sync beside a preview that waits applies that, or less of it; all that goes beyond it waits to be looked at."""

from datetime import UTC, datetime

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.insight import run_queries
from mailroll.sync.models import Run, RunRequest, RunState, Trigger
from mailroll.sync.progress import never
from mailroll.sync.runs import answer as answers
from mailroll.sync.runs import ask, decide
from tests.sync.world import DOMAIN, Customer, failure


@pytest.fixture(autouse=True)
def _today(customer: Customer) -> None:
    """Workers know no other clock than the real one."""
    customer.time.at = datetime.now(UTC)


@pytest.fixture
def preview(customer: Customer) -> Run:
    """Two would go, one would come."""
    customer.sync()
    customer.tenant.delete_user(f"p0@{DOMAIN}")
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")
    return customer.preview()


def sync(customer: Customer, shown: Run) -> Run:
    request = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting, shown)
    answers.answer(request, never)
    return Run.objects.get(id=request)


def test_the_same_again_is_applied(preview: Run, customer: Customer) -> None:
    run = sync(customer, preview)
    assert (run.state, run.digest, run.counts["retire"]) == (RunState.APPLIED, preview.digest, 2)
    preview.refresh_from_db()
    assert preview.state == RunState.SUPERSEDED
    assert AuditEntry.objects.filter(action="run.asked", details__shown=preview.digest).exists()
    # One that is purged leaves the request.
    Run.objects.filter(id=preview.id).delete()
    assert RunRequest.objects.get(trigger=Trigger.MANUAL).shown is None


def test_fewer_removals_are_applied(preview: Run, customer: Customer) -> None:
    customer.tenant.restore_user(next(iter(customer.tenant.deleted)))
    run = sync(customer, preview)
    assert (run.trigger, run.state) == (Trigger.MANUAL, RunState.APPLIED)
    assert (run.counts["retire"], run.counts["create"]) == (1, 1)


def test_no_removal_left_of_removals_only_is_nothing_to_do(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p0@{DOMAIN}")
    shown = customer.preview()
    customer.tenant.restore_user(next(iter(customer.tenant.deleted)))
    run = sync(customer, shown)
    assert (run.trigger, run.state, len(customer.roll())) == (Trigger.MANUAL, RunState.UNCHANGED, 12)
    shown.refresh_from_db()
    assert shown.state == RunState.SUPERSEDED


def test_one_alias_that_stays_is_a_removal_fewer(customer: Customer) -> None:
    person = customer.tenant.user(f"p1@{DOMAIN}")
    proxies = [f"SMTP:p1@{DOMAIN}", f"smtp:sales@{DOMAIN}", f"smtp:info@{DOMAIN}"]
    customer.tenant.change_user(person, proxyAddresses=proxies)
    customer.sync()
    customer.tenant.change_user(person, proxyAddresses=proxies[:1])
    shown = customer.preview()
    customer.tenant.change_user(person, proxyAddresses=proxies[:2])
    run = sync(customer, shown)
    assert (run.state, customer.roll()[f"p1@{DOMAIN}"].aliases) == (RunState.APPLIED, (f"sales@{DOMAIN}",))


def _one_more_comes(customer: Customer) -> None:
    customer.tenant.add_user("Late Comer", local="late")


def _one_more_goes(customer: Customer) -> None:
    customer.tenant.delete_user(f"p2@{DOMAIN}")


def _another_goes_instead(customer: Customer) -> None:
    customer.tenant.restore_user(next(iter(customer.tenant.deleted)))
    customer.tenant.delete_user(f"p3@{DOMAIN}")


def _nobody_comes_any_more(customer: Customer) -> None:
    for local in ("joiner", "late"):
        customer.tenant.delete_user(f"{local}@{DOMAIN}")


def _somebody_is_back_by_another_name(customer: Customer) -> None:
    back = next(iter(customer.tenant.deleted))
    customer.tenant.restore_user(back)
    customer.tenant.change_user(back, displayName="Somebody Renamed")


def test_whatever_differs_otherwise_is_shown_and_waits(preview: Run, customer: Customer) -> None:
    """What is shown in its place is what the next sync is held against."""
    before, shown = customer.everyone(), preview
    for change in (
        _one_more_comes,
        _one_more_goes,
        _another_goes_instead,
        _nobody_comes_any_more,
        _somebody_is_back_by_another_name,
    ):
        change(customer)
        run = sync(customer, shown)
        assert (run.trigger, run.state, customer.everyone()) == (Trigger.PREVIEW, RunState.PLANNED, before), change
        assert run_queries.waiting_preview(customer.domain, customer.time()) == run
        assert run_queries.beyond(run) == shown
        shown = run
    applied = decide.apply(shown.id, Acting("test:priya"))
    assert applied.state == RunState.APPLIED
    assert run_queries.waiting_preview(customer.domain, customer.time()) is None


def test_a_limit_holds_the_same_removals_all_the_same(customer: Customer) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    shown = customer.preview()
    run = sync(customer, shown)
    assert (run.trigger, run.state, len(customer.roll())) == (Trigger.MANUAL, RunState.HELD, 12)


def test_a_reading_that_fails_leaves_the_preview_waiting(preview: Run, customer: Customer) -> None:
    customer.simulator.faults.on("malformed_json")
    run = sync(customer, preview)
    assert (run.trigger, run.state) == (Trigger.MANUAL, RunState.FAILED)
    assert failure(run)
    assert run_queries.waiting_preview(customer.domain, customer.time()) == preview


def test_somebody_who_was_pinned_since_is_a_removal_fewer(preview: Run, customer: Customer) -> None:
    edit.pin(customer.domain, customer.roll()[f"p1@{DOMAIN}"].id, customer.acting)
    run = sync(customer, preview)
    assert run.state == RunState.APPLIED
    assert run.counts["retire"] == 1
