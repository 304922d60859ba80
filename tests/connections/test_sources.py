"""User Sources: their order, where their users go, and what becomes of users when a source is removed."""

from uuid import uuid4

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.directory.models import Owner
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from mailroll.sync.models import RunState
from mailroll.sync.runs import decide
from tests.sync.world import DOMAIN, Customer


def _labels(customer: Customer) -> list[str]:
    return [source.owner.label for source in sources.ordered(customer.domain)]


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_chosen_source_waits_last_and_off(customer: Customer) -> None:
    made = sources.choose(customer.domain, "microsoft365", customer.acting)
    assert (made.enabled, made.connection, made.group, made.owner.label) == (False, None, "Main", "Office 365 2")
    assert sources.ordered(customer.domain)[-1] == made
    assert sources.choose(customer.domain, "microsoft365", customer.acting).owner.label == "Office 365 3"
    assert customer.sync().state == RunState.APPLIED


def test_a_kind_that_does_not_exist_is_refused(customer: Customer) -> None:
    with pytest.raises(BadInput):
        sources.choose(customer.domain, "carrier-pigeon", customer.acting)


def test_a_source_of_another_domain_is_unknown(customer: Customer) -> None:
    other = edit.add_domain(customer.domain.organization, "other.example", customer.acting)
    with pytest.raises(BadInput):
        sources.find(other, customer.source.owner_id)
    with pytest.raises(BadInput):
        sources.find(customer.domain, uuid4())


def test_a_waiting_source_cannot_be_switched_on(customer: Customer) -> None:
    made = sources.choose(customer.domain, "microsoft365", customer.acting)
    with pytest.raises(Refused):
        sources.set_switch(made, SourceSwitch.ENABLED, customer.acting, on=True)
    assert not Source.objects.get(owner=made.owner).enabled


def test_sources_change_places_and_stop_at_the_ends(customer: Customer) -> None:
    for name in ("Second", "Third"):
        sources.rename(sources.choose(customer.domain, "microsoft365", customer.acting), name, customer.acting)
    first, second, third = _labels(customer)
    sources.move(sources.ordered(customer.domain)[2], customer.acting, up=True)
    assert _labels(customer) == [first, third, second]
    sources.move(sources.ordered(customer.domain)[0], customer.acting, up=False)
    assert _labels(customer) == [third, first, second]
    before = len(_actions())
    sources.move(sources.ordered(customer.domain)[0], customer.acting, up=True)
    sources.move(sources.ordered(customer.domain)[2], customer.acting, up=False)
    assert _labels(customer) == [third, first, second]
    assert len(_actions()) == before


@pytest.mark.parametrize(("name", "code"), [("  ", "source_unnamed"), ("x" * 81, "source_name_long")])
def test_a_source_needs_a_name_that_fits(customer: Customer, name: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        sources.rename(customer.source, name, customer.acting)
    assert refused.value.code == code


def test_two_sources_do_not_share_a_name(customer: Customer) -> None:
    made = sources.choose(customer.domain, "microsoft365", customer.acting)
    with pytest.raises(Refused):
        sources.rename(made, customer.source.owner.label, customer.acting)


def test_a_new_destination_moves_everyone_at_the_next_run(customer: Customer) -> None:
    customer.sync()
    sources.send_to_new(customer.source, "Clinical", customer.acting)
    run = customer.sync()
    assert (run.state, run.counts["update"]) == (RunState.APPLIED, 12)
    assert {user.group for user in customer.roll().values()} == {"Clinical"}
    assert _actions()[-3:] == ["group.added", "source.destination_set", "run.applied"]


def test_a_group_of_nobody_is_no_destination(customer: Customer) -> None:
    with pytest.raises(BadInput):
        sources.send_to(customer.source, "Nowhere", customer.acting)


def test_a_destination_ends_the_plans_made_before_it(customer: Customer) -> None:
    preview = customer.preview()
    edit.add_group(customer.domain, "Clinical", customer.acting)
    sources.send_to(customer.source, "Clinical", customer.acting)
    with pytest.raises(Refused) as refused:
        decide.apply(preview.id, customer.acting)
    assert refused.value.code == "plan_moved_on"


def test_switching_a_source_off_removes_nobody(customer: Customer) -> None:
    customer.sync()
    sources.set_switch(customer.source, SourceSwitch.ENABLED, customer.acting, on=False)
    with pytest.raises(MailrollError):
        raise_failure(customer)
    assert len(customer.roll()) == 12
    sources.set_switch(customer.source, SourceSwitch.ENABLED, customer.acting, on=True)
    assert customer.sync().state == RunState.UNCHANGED


def raise_failure(customer: Customer) -> None:
    run = customer.sync()
    assert run.error is not None
    raise BadInput(run.error["code"], run.error["message"], run.error["help"])


def test_users_are_kept_as_hand_made_when_their_source_is_removed(customer: Customer) -> None:
    customer.sync()
    before = customer.roll()
    assert sources.remove_keeping_users(customer.source, customer.acting) == 12
    after = customer.roll()
    assert after.keys() == before.keys()
    assert {(user.managed_by, user.external_id) for user in after.values()} == {(None, None)}
    assert not Source.objects.exists()
    assert not Owner.objects.exists()
    assert _actions()[-2:] == ["users.made_by_hand", "source.removed"]


def test_users_of_a_removed_source_retire_under_the_guards(customer: Customer) -> None:
    customer.sync()
    sources.remove_retiring_users(customer.source, customer.acting)
    assert len(customer.roll()) == 12
    run = customer.sync()
    assert (run.state, run.counts["retire"]) == (RunState.HELD, 12)
    assert len(customer.roll()) == 12
    assert {change.reasons[0]["code"] for change in run.changes.all()} == {"source_removed"}
    again = customer.sync()
    assert again.state == RunState.UNCHANGED
    decide.release(run.id, "The customer has left", customer.acting)
    assert customer.roll() == {}
    assert Owner.objects.count() == 1


def test_another_source_takes_the_users_of_a_removed_one_over(customer: Customer) -> None:
    customer.sync()
    before = {address: user.id for address, user in customer.roll().items()}
    sources.add(customer.domain, customer.connection, customer.acting, group="Main")
    sources.remove_retiring_users(customer.source, customer.acting)
    run = customer.sync()
    assert (run.state, run.counts["update"], run.counts["retire"]) == (RunState.APPLIED, 12, 0)
    assert {address: user.id for address, user in customer.roll().items()} == before


def test_a_source_without_users_goes_with_its_owner(customer: Customer) -> None:
    sources.remove_retiring_users(customer.source, customer.acting)
    assert not Owner.objects.exists()


def test_two_operators_with_two_previews_apply_only_one(customer: Customer) -> None:
    first, second = customer.preview(), customer.preview()
    assert decide.apply(first.id, customer.acting).state == RunState.APPLIED
    users = {user.address: user.id for user in customer.everyone()}
    with pytest.raises(Refused):
        decide.apply(second.id, customer.acting)
    assert {user.address: user.id for user in customer.everyone()} == users
    assert AuditEntry.objects.filter(action="run.applied").count() == 1


def test_an_older_preview_ends_when_a_newer_reading_is_applied(customer: Customer) -> None:
    customer.sync()
    customer.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else")
    older = customer.preview()
    customer.tenant.change_user(f"p1@{DOMAIN}", displayName="Person 1")
    customer.tenant.change_user(f"p2@{DOMAIN}", displayName="Another Name")
    customer.time.pass_(minutes=1)
    assert customer.sync().state == RunState.APPLIED
    with pytest.raises(Refused):
        decide.apply(older.id, customer.acting)
    assert customer.roll()[f"p1@{DOMAIN}"].display_name == "Person 1"


def test_a_run_counts_users_before_and_after(customer: Customer) -> None:
    run = customer.sync()
    assert [run.counts[name] for name in ("users", "billable", "users_after", "billable_after")] == [0, 0, 12, 12]
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    customer.tenant.add_user("Two", local="two")
    preview = customer.preview()
    assert [preview.counts[name] for name in ("users", "users_after", "billable_after")] == [12, 12, 12]
