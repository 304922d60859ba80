"""Nobody goes on the word of an old reading: before an old plan takes effect, who would go is asked for again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.insight import reports, run_queries
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.imports import Missing
from mailroll.sync import imports
from mailroll.sync.models import Run, RunState
from mailroll.sync.plans import plan_rows
from mailroll.sync.runs import decide
from tests.sync.test_filtered_runs import take_only
from tests.sync.world import DOMAIN, Customer, Time, failure

REASON = "The customer agreed"


@pytest.fixture
def held(customer: Customer) -> Run:
    """Five of twelve would be removed."""
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    found = run_queries.board(customer.domain, customer.time(), 1).held
    assert found is not None
    return found


def bring_back(customer: Customer, number: int) -> None:
    for user in list(customer.tenant.deleted)[:number]:
        customer.tenant.restore_user(user)


def codes(run: Run) -> set[str]:
    return {finding["code"] for finding in run.findings}


def said(run: Run, code: str) -> str:
    return next(one["message"] for one in reports.report(run)["findings"] if one["code"] == code)


def test_a_release_hours_later_lets_who_exists_again_stay(held: Run, customer: Customer) -> None:
    """Seen: 12 of 18 that a release removed had been back for hours."""
    bring_back(customer, 4)
    customer.time.pass_(hours=3)
    run = decide.release(held.id, REASON, customer.acting)
    assert (run.state, run.counts["retire"], len(customer.roll())) == (RunState.APPLIED, 1, 11)
    assert run.shown_digest == held.digest != run.digest == plan_rows.read(run).digest
    assert "4 users" in said(run, "still_there")
    assert len(run_queries.left_out(run)) == 4
    assert {one["code"] for one in run_queries.left_out(run)} == {"still_there"}
    details = AuditEntry.objects.get(action="run.released").details
    assert (details["shown"], details["digest"]) == (held.digest, run.digest)
    assert customer.sync().state == RunState.UNCHANGED


def test_a_preview_applied_hours_later_lets_who_exists_again_stay(customer: Customer) -> None:
    """Seen: 2 people whom a preview of hours before removed."""
    customer.sync()
    for number in range(2):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")
    preview = customer.preview()
    bring_back(customer, 1)
    customer.time.pass_(hours=3)
    run = decide.apply(preview.id, customer.acting)
    assert (run.state, run.counts["retire"], run.counts["create"]) == (RunState.APPLIED, 1, 1)
    assert len(customer.roll()) == 12
    assert run.shown_digest == preview.digest


def test_a_plan_of_nobody_who_is_gone_changes_nothing(held: Run, customer: Customer) -> None:
    bring_back(customer, 5)
    customer.time.pass_(hours=3)
    run = decide.release(held.id, REASON, customer.acting)
    assert (run.state, len(customer.roll())) == (RunState.UNCHANGED, 12)
    assert "5 users" in said(run, "still_there")


def test_an_address_that_is_back_stays(customer: Customer) -> None:
    person = customer.tenant.user(f"p1@{DOMAIN}")
    proxies = [f"SMTP:p1@{DOMAIN}", f"smtp:sales@{DOMAIN}", f"smtp:info@{DOMAIN}"]
    customer.tenant.change_user(person, proxyAddresses=proxies)
    customer.sync()
    customer.tenant.change_user(person, proxyAddresses=proxies[:1], displayName="Renamed")
    preview = customer.preview()
    customer.tenant.change_user(person, proxyAddresses=proxies[:2])
    customer.time.pass_(hours=3)
    run = decide.apply(preview.id, customer.acting)
    user = customer.roll()[f"p1@{DOMAIN}"]
    assert (run.state, user.display_name, user.aliases) == (RunState.APPLIED, "Renamed", (f"sales@{DOMAIN}",))
    assert "1 address (sales@" in said(run, "still_there")


def test_a_mailbox_made_anew_waits_while_the_old_one_is_still_there(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.add_user("Person One Again", local="p1")
    preview = customer.preview()
    assert (preview.counts["retire"], preview.counts["create"]) == (1, 1)
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    bring_back(customer, 1)
    customer.time.pass_(hours=3)
    decide.apply(preview.id, customer.acting)
    assert customer.roll()[f"p1@{DOMAIN}"].display_name == "Person 1"


def test_a_plan_of_a_moment_ago_is_applied_as_it_was_shown(held: Run, customer: Customer) -> None:
    customer.time.pass_(minutes=5)
    seen = len(customer.simulator.requests)
    run = decide.release(held.id, REASON, customer.acting)
    assert (run.counts["retire"], run.digest, run.shown_digest) == (5, held.digest, "")
    assert len(customer.simulator.requests) == seen


def test_who_fell_out_of_a_filter_goes_although_the_object_answers(customer: Customer) -> None:
    for number in range(12):
        department = "Sales" if number else "Works"
        customer.tenant.change_user(customer.tenant.user(f"p{number}@{DOMAIN}"), department=department)
    customer.sync()
    take_only(customer, "department", "is", "Sales")
    preview = customer.preview()
    customer.time.pass_(hours=3)
    run = decide.apply(preview.id, customer.acting)
    assert (run.state, run.counts["retire"], run.shown_digest) == (RunState.APPLIED, 1, "")


def test_where_nobody_can_be_asked_a_release_waits_on(held: Run, customer: Customer) -> None:
    customer.time.pass_(hours=3)
    customer.simulator.faults.on("token_error", code=65001)
    with pytest.raises(Refused) as refused:
        decide.release(held.id, REASON, customer.acting)
    held.refresh_from_db()
    assert (refused.value.code, held.state, len(customer.roll())) == ("not_asked_again", RunState.HELD, 12)
    customer.simulator.faults.clear()
    assert decide.release(held.id, REASON, customer.acting).counts["retire"] == 5


def test_where_another_tenant_answers_a_release_waits_on(held: Run, customer: Customer) -> None:
    customer.time.pass_(hours=3)
    customer.simulator.faults.on("other_organization")
    with pytest.raises(Refused) as refused:
        decide.release(held.id, REASON, customer.acting)
    assert (refused.value.code, len(customer.roll())) == ("not_asked_again", 12)


def test_where_nobody_can_be_asked_the_rest_is_applied_and_the_removals_wait(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")
    preview = customer.preview()
    customer.time.pass_(hours=3)
    customer.simulator.faults.on("token_error", code=65001)
    run = decide.apply(preview.id, customer.acting)
    assert (run.state, run.counts["create"], run.counts["retire"]) == (RunState.APPLIED, 1, 0)
    assert "1 user" in said(run, "not_asked_again")
    waiting = run.waits
    assert waiting is not None
    assert waiting.counts["retire"] == 1
    customer.simulator.faults.clear()
    done = decide.release(waiting.id, REASON, customer.acting)
    assert (done.state, "not_asked_again" in codes(done)) == (RunState.APPLIED, False)
    assert len(customer.roll()) == 12


def test_a_plan_of_a_file_asks_nobody(customer: Customer) -> None:
    content = f"address,display_name,group\nx@{DOMAIN},X,Main".encode()
    made = imports.preview(content, Missing.STAYS, customer.domain, customer.acting)
    customer.time.pass_(hours=3)
    seen = len(customer.simulator.requests)
    assert decide.apply(made.id, customer.acting).state == RunState.APPLIED
    assert len(customer.simulator.requests) == seen


@dataclass
class Racing(Time):
    """A clock that goes on by so much whenever somebody looks at it."""

    by: timedelta = field(default=timedelta())

    def __call__(self) -> datetime:
        self.at += self.by
        return self.at


def test_answers_that_were_old_before_the_plan_took_effect_are_asked_for_again(held: Run, customer: Customer) -> None:
    clock = Racing(customer.time.at + timedelta(hours=3), timedelta(minutes=2, seconds=40))
    seen = len(customer.simulator.requests)
    run = decide.release(held.id, REASON, Acting("test:priya", clock))
    assert (run.state, run.counts["retire"]) == (RunState.APPLIED, 5)
    asked = [one.path for one in list(customer.simulator.requests)[seen:] if one.path.endswith("/domains")]
    assert len(asked) == 2


def test_answers_that_are_old_twice_remove_nobody(held: Run, customer: Customer) -> None:
    clock = Racing(customer.time.at + timedelta(hours=3), timedelta(minutes=6))
    with pytest.raises(Refused) as refused:
        decide.release(held.id, REASON, Acting("test:priya", clock))
    held.refresh_from_db()
    assert refused.value.code == "answers_outdated"
    assert (held.state, failure(held)["code"], len(customer.roll())) == (RunState.LAPSED, "answers_outdated", 12)
