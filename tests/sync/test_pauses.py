"""While removals are paused nobody goes by a sync, an import or a release; people are added as before."""

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Source
from mailroll.directory import edit, pauses
from mailroll.directory.models import Organization, Pause
from mailroll.insight import run_queries
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.imports import Missing
from mailroll.sync import imports
from mailroll.sync.models import Run, RunState
from mailroll.sync.runs import decide
from tests.sync.world import DOMAIN, Customer

PRIYA = Acting("test:priya")
WHY = "The provider moves the tenant"


def leaver_and_joiner(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")


def above(customer: Customer) -> Organization:
    """An organization above the customer's, made for the test."""
    upper = edit.add_organization("Provider", PRIYA)
    Organization.objects.filter(id=customer.domain.organization_id).update(parent=upper)
    customer.domain.refresh_from_db()
    return upper


def of(customer: Customer, reach: pauses.Reach) -> edit.Paused:
    match reach:
        case pauses.Reach.DOMAIN:
            return customer.domain
        case pauses.Reach.ORGANIZATION:
            return customer.domain.organization
        case pauses.Reach.ABOVE:
            return above(customer)
        case pauses.Reach.EVERYWHERE:
            return None


@pytest.mark.parametrize("reach", pauses.Reach)
def test_a_leaver_waits_and_a_joiner_comes_until_it_is_resumed(customer: Customer, reach: pauses.Reach) -> None:
    leaver_and_joiner(customer)
    what = of(customer, reach)
    assert edit.pause_removals(what, WHY, customer.acting)
    run = customer.sync()
    (finding,) = [one for one in run.findings if one["code"] == "removals_paused"]
    assert (run.state, run.counts["create"], finding["facts"]["where"]) == (RunState.APPLIED, 1, reach.value)
    assert f"p1@{DOMAIN}" in customer.roll()
    held = run_queries.board(customer.domain, customer.time(), 1).held
    assert held is not None
    with pytest.raises(Refused, match="Removals are paused"):
        decide.release(held.id, "They left", customer.acting)
    held.refresh_from_db()
    assert held.state == RunState.HELD
    assert edit.resume_removals(what, customer.acting)
    assert customer.sync().state == RunState.APPLIED
    assert f"p1@{DOMAIN}" not in customer.roll()


def test_a_held_run_is_released_once_it_is_resumed(customer: Customer) -> None:
    leaver_and_joiner(customer)
    edit.pause_removals(customer.domain, WHY, customer.acting)
    customer.sync()
    held = run_queries.board(customer.domain, customer.time(), 1).held
    assert held is not None
    edit.resume_removals(customer.domain, customer.acting)
    assert decide.release(held.id, "They left", customer.acting).state == RunState.APPLIED
    assert f"p1@{DOMAIN}" not in customer.roll()


def test_a_preview_of_before_the_pause_is_held_by_it(customer: Customer) -> None:
    leaver_and_joiner(customer)
    shown = customer.preview()
    edit.pause_removals(None, WHY, customer.acting)
    run = decide.apply(shown.id, customer.acting)
    assert (run.counts["create"], f"joiner@{DOMAIN}" in customer.roll()) == (1, True)
    assert f"p1@{DOMAIN}" in customer.roll()
    assert Run.objects.filter(domain=customer.domain, state=RunState.HELD).exists()


def test_a_removed_source_lets_nobody_go_either(customer: Customer) -> None:
    customer.sync()
    edit.pause_removals(customer.domain, WHY, customer.acting)
    Source.objects.filter(domain=customer.domain).update(enabled=False)
    Source.objects.filter(domain=customer.domain).delete()
    customer.domain.refresh_from_db()
    customer.sync()
    assert len(customer.roll()) == 12


def test_an_import_removes_nobody_meanwhile(customer: Customer) -> None:
    for local in ("one", "two", "three", "four", "five"):
        edit.add_user(customer.domain, f"{local}@{DOMAIN}", customer.acting)
    edit.pause_removals(customer.domain, WHY, customer.acting)
    rest = "\n".join(f"{local}@{DOMAIN}" for local in ("one", "two", "three", "four"))
    run = imports.run(f"address\n{rest}\n".encode(), Missing.RETIRES, customer.domain, customer.acting)
    assert "removals_paused" in {one["code"] for one in run.findings}
    assert f"five@{DOMAIN}" in customer.roll()


def test_a_pause_of_another_customer_is_none_here(customer: Customer) -> None:
    leaver_and_joiner(customer)
    edit.pause_removals(edit.add_organization("Another", PRIYA), WHY, PRIYA)
    assert "removals_paused" not in {one["code"] for one in customer.sync().findings}
    assert f"p1@{DOMAIN}" not in customer.roll()


def test_a_pause_is_one_keeps_its_beginning_and_is_noted(customer: Customer) -> None:
    assert edit.pause_removals(None, WHY, customer.acting)
    assert not edit.pause_removals(None, "Another reason", PRIYA)
    (kept,) = Pause.objects.all()
    assert (kept.reason, kept.actor) == (WHY, customer.acting.actor)
    assert edit.resume_removals(None, PRIYA)
    assert not edit.resume_removals(None, PRIYA)
    told = AuditEntry.objects.filter(action__startswith="removals.").order_by("id").values_list("action", "subject")
    assert list(told) == [("removals.paused", "every organization"), ("removals.resumed", "every organization")]


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 501])
def test_a_pause_says_why(customer: Customer, reason: str) -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        edit.pause_removals(customer.domain, reason, customer.acting)
