"""What pages ask of runs: changes searched and counted, plans that have moved on, a week of history."""

import pytest

from mailroll.audit.actor import Acting
from mailroll.connections import sources
from mailroll.directory import edit
from mailroll.insight import run_changes, run_queries
from mailroll.insight.actions import Sign
from mailroll.insight.run_changes import WantedChanges
from mailroll.insight.run_groups import SHOWN_OF_MANY, Pick
from mailroll.reconcile.model import Kind
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.runs import decide
from tests.sync.world import DOMAIN, Customer


@pytest.fixture
def mixed(customer: Customer) -> Run:
    """A preview with one leaver, one rename, one who comes back, and two joiners, one of them a shared mailbox."""
    customer.sync()
    leaver = customer.tenant.user(f"p3@{DOMAIN}")
    customer.tenant.delete_user(leaver)
    customer.sync()
    customer.tenant.restore_user(leaver)
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.change_user(f"p2@{DOMAIN}", displayName="Robin Vale")
    customer.tenant.add_user("Amara Osei", local="amara", aliases=[f"osei@{DOMAIN}"])
    customer.tenant.add_shared_mailbox("Front Desk", local="desk")
    return customer.preview()


TEXTS = {"vale": 1, "OSEI": 1, "amara osei": 1, "desk@": 1, "p1@": 1, "nobody": 0, "%": 0, "aliases": 0}


def test_changes_come_the_dangerous_first_and_are_found_by_name_address_alias_and_choice(
    mixed: Run, customer: Customer
) -> None:
    """One test, as three runs have to be made first."""
    page = run_changes.page(mixed, WantedChanges())
    assert [row.sign for row in page.rows] == [Sign.REMOVE, Sign.CHANGE, Sign.RESTORE, Sign.ADD, Sign.ADD]
    assert page.picks == {Pick.REMOVE: 1, Pick.RENAME: 1, Pick.CHANGE: 0, Pick.RESTORE: 1, Pick.ADD: 2}
    assert (page.found, page.shown, page.more, page.everything) == (5, 5, 0, 5)
    assert [row.known for row in page.rows] == [True, True, True, False, False]
    assert [row.billable for row in page.rows][:3] == [-1, 0, 1]
    assert {text: run_changes.page(mixed, WantedChanges(text=text)).found for text in TEXTS} == TEXTS
    # Each choice counts what the others leave.
    page = run_changes.page(mixed, WantedChanges(pick=Pick.ADD))
    assert (page.found, page.everything) == (2, 5)
    assert sum(page.kinds.values()) == 2
    assert run_changes.page(mixed, WantedChanges(kind=Kind.USER, pick=Pick.ADD)).found == 1
    assert run_changes.page(mixed, WantedChanges(cause=ReasonCode.GONE)).found == 1
    assert run_changes.page(mixed, WantedChanges(billing=True)).found == 3
    # A fresh preview waits and stands.
    assert run_queries.waiting_preview(customer.domain, customer.time()) == mixed
    assert run_queries.moved(mixed) is None


def test_more_is_shown_when_asked_for(customer: Customer) -> None:
    for number in range(20):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number}")
    preview = customer.preview()
    page = run_changes.page(preview, WantedChanges())
    assert (len(page.rows), page.more) == (SHOWN_OF_MANY, 32 - SHOWN_OF_MANY)
    assert run_changes.page(preview, WantedChanges(everything=True)).more == 0
    (group,) = (group for group, _ in page.groups)
    assert len(run_changes.page(preview, WantedChanges(opened=group.id)).rows) == 32


def test_a_plan_whose_user_was_marked_has_moved_on(mixed: Run, customer: Customer) -> None:
    customer.time.pass_(minutes=7)
    tom = Acting("operator:tom@example.com", customer.time)
    edit.pin(customer.domain, customer.user(f"p1@{DOMAIN}").id, tom)
    moved = run_queries.moved(mixed)
    assert moved is not None
    assert (moved.by, moved.at, moved.settings) == ("operator:tom@example.com", customer.time(), False)
    assert run_queries.waiting_preview(customer.domain, customer.time()) is None


def test_a_plan_made_under_other_settings_has_moved_on(mixed: Run, customer: Customer) -> None:
    sources.add(customer.domain, customer.connection, customer.acting)
    moved = run_queries.moved(mixed)
    assert moved is not None
    assert moved.settings


def test_a_plan_that_another_run_overtook_names_that_run(mixed: Run, customer: Customer) -> None:
    customer.time.pass_(minutes=7)
    customer.sync()
    mixed.refresh_from_db()
    assert mixed.state == RunState.SUPERSEDED
    moved = run_queries.moved(mixed)
    assert moved is not None
    assert (moved.by, moved.at) == ("test:priya", customer.time())


def test_removals_are_told_by_cause(customer: Customer) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    away = "p6@elsewhere.example"
    customer.tenant.change_user(f"p6@{DOMAIN}", proxyAddresses=[f"SMTP:{away}"], mail=away)
    customer.sync()
    held = run_queries.board(customer.domain, customer.time(), 1).held
    assert held is not None
    assert list(run_changes.causes(held).items()) == [(ReasonCode.GONE, 5), (ReasonCode.NO_ADDRESS_LEFT, 1)]
    assert run_queries.removals(held) == 6
    assert run_queries.releasable(held)


def test_skipped_records_are_grouped_by_reason(customer: Customer) -> None:
    away = "away@elsewhere.example"
    customer.tenant.add_user("Elsewhere", local="away", mail=away, proxyAddresses=[f"SMTP:{away}"])
    customer.tenant.add_user("Star", local="star", aliases=[f"*@{DOMAIN}"])
    preview = customer.preview()
    groups = {group.code: group for group in run_queries.skipped(preview)}
    assert groups[ReasonCode.WILDCARD].shown[0].name == "Star"
    assert groups[ReasonCode.WILDCARD].shown[0].address == f"*@{DOMAIN}"
    assert groups[ReasonCode.OTHER_DOMAIN].objects >= 1
    assert groups[ReasonCode.OTHER_DOMAIN].shown == ()


def test_a_run_of_another_domain_is_not_found(customer: Customer) -> None:
    run = customer.preview()
    other = edit.add_domain(customer.domain.organization, "other.example", customer.acting)
    assert run_queries.find_run(customer.domain, run.id) == run
    assert run_queries.find_run(other, run.id) is None


def test_quiet_runs_are_folded(customer: Customer) -> None:
    customer.sync()
    for _ in range(3):
        customer.time.pass_(hours=1)
        customer.sync()
    Run.objects.filter(state=RunState.UNCHANGED).update(trigger=Trigger.AUTOMATIC)
    customer.time.pass_(hours=1)
    preview = customer.preview()
    history = run_queries.history(customer.domain, customer.time())
    newest, fold, oldest = history.entries
    assert newest == preview
    assert isinstance(fold, run_queries.Fold)
    assert (fold.number, fold.newest.started_at > fold.oldest.started_at) == (3, True)
    assert isinstance(oldest, Run)
    assert history.counts == {"all": 5, "changed": 1, "held_or_failed": 0, "previews": 1}
    assert history.earlier is None


def test_history_goes_back_a_week_at_a_time(customer: Customer) -> None:
    first = customer.sync()
    customer.time.pass_(days=8)
    customer.sync()
    history = run_queries.history(customer.domain, customer.time())
    assert len(history.runs) == 1
    assert history.earlier == first.started_at
    earlier = run_queries.history(customer.domain, customer.time(), before=history.earlier)
    assert earlier.runs == (first,)


def test_only_the_first_sync_ends_the_first_time(customer: Customer) -> None:
    assert not run_queries.board(customer.domain, customer.time(), 1).ever_applied
    preview = customer.preview()
    assert not run_queries.board(customer.domain, customer.time(), 1).ever_applied
    decide.apply(preview.id, customer.acting)
    assert run_queries.board(customer.domain, customer.time(), 1).ever_applied
    assert [run.id for run in run_queries.recent(customer.domain, 5)] == [preview.id]
