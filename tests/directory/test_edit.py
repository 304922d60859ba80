"""What people change by hand: refused with a reason, or done and noted."""

from uuid import UUID

import pytest
from django.db import transaction

from mailroll.accounts import audit
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit, load
from mailroll.directory.models import Address, Domain, Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.model import Kind, User
from tests.directory.rolls import NOON, Recorded, Roll

pytestmark = pytest.mark.django_db


class _Broke(Exception):
    pass


def _only(roll: Roll) -> User:
    (user,) = roll.current().users
    return user


def test_a_provider_stands_above_its_customers(record: Recorded) -> None:
    provider = edit.add_organization("Provider", record)
    customer = edit.add_organization(" Customer ", record, parent=provider)
    assert (customer.name, customer.parent) == ("Customer", provider)
    assert record == [("organization.added", "Provider"), ("organization.added", "Customer")]


@pytest.mark.parametrize("name", ["", "  ", "two\nlines"])
def test_an_organization_needs_a_name(name: str, record: Recorded) -> None:
    with pytest.raises(BadInput) as problem:
        edit.add_organization(name, record)
    assert problem.value.code == "organization_unnamed"
    assert not record


def test_a_domain_is_added_in_its_canonical_form_with_the_group_main(record: Recorded) -> None:
    made = edit.add_domain(" Bücher.Example. ", edit.add_organization("Customer", record), record)
    assert made.name == "xn--bcher-kva.example"
    assert [group.name for group in made.groups.all()] == ["Main"]
    assert record[-1] == ("domain.added", "xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "domain_malformed"),
        ("jo@example.com", "domain_malformed"),
        ("https://example.com", "domain_malformed"),
        ("*.example.com", "domain_wildcard"),
        ("contoso.onmicrosoft.com", "domain_onmicrosoft"),
        ("contoso.mail.onmicrosoft.com", "domain_onmicrosoft"),
    ],
)
def test_what_is_no_mail_domain_is_refused_by_name(name: str, code: str, record: Recorded) -> None:
    organization = edit.add_organization("Customer", record)
    with pytest.raises(BadInput) as problem:
        edit.add_domain(name, organization, record)
    assert problem.value.code == code
    assert problem.value.help


def test_a_domain_that_exists_is_refused_in_the_same_words_whoever_has_it(
    roll: Roll, other: Roll, record: Recorded
) -> None:
    said = []
    for organization in (roll.domain.organization, other.domain.organization):
        with pytest.raises(Refused) as problem:
            edit.add_domain("BRIGHTWATER.example", organization, record)
        assert problem.value.code == "domain_exists"
        said.append(str(problem.value))
    assert said[0] == said[1]
    assert "Customer" not in said[0]
    assert not record


def test_a_group_is_added_once(roll: Roll, record: Recorded) -> None:
    assert edit.add_group("Sales", roll.domain, record).name == "Sales"
    with pytest.raises(Refused) as again:
        edit.add_group("Sales", roll.domain, record)
    with pytest.raises(BadInput) as blank:
        edit.add_group(" ", roll.domain, record)
    assert (again.value.code, blank.value.code) == ("group_exists", "group_unnamed")
    assert record == [("group.added", "brightwater.example")]


def test_a_hand_made_user_belongs_to_nobody_and_is_billed_by_its_kind(roll: Roll, record: Recorded) -> None:
    user = edit.add_user(
        "Printer@BRIGHTWATER.example",
        roll.domain,
        record,
        aliases=["scan@brightwater.example", "printer@brightwater.example"],
        display_name="Printer",
        kind=Kind.STATIC,
        now=NOON,
    )
    found = _only(roll)
    assert (found.id, found.state.owner, found.state.external_id) == (user, None, None)
    assert found.state.primary == "printer@brightwater.example"
    assert found.state.aliases == ("scan@brightwater.example",)
    assert not found.state.billable
    assert record == [("user.added", "printer@brightwater.example")]


def test_every_problem_of_a_hand_made_user_is_told_at_once(roll: Roll, record: Recorded) -> None:
    with pytest.raises(BadInput) as problem:
        edit.add_user("nobody", roll.domain, record, aliases=["*@x.example", "a@b.example"], group="Sales", now=NOON)
    for said in ("“nobody”", "“*@x.example”", "a@b.example is not in brightwater.example", "no group “Sales”"):
        assert said in problem.value.message
    assert roll.current().users == ()


def test_a_taken_address_is_refused_and_another_customer_is_not_named(
    roll: Roll, other: Roll, record: Recorded
) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    other.has(("bob", other.state("bob", "bob")))
    Address.objects.create(
        address="info@brightwater.example", user_id=other.key("bob"), domain=other.domain, is_primary=False
    )
    with pytest.raises(Refused) as problem:
        edit.add_user("ann@brightwater.example", roll.domain, record, aliases=["info@brightwater.example"], now=NOON)
    assert problem.value.code == "address_taken"
    assert "ann@brightwater.example belongs to another user of brightwater.example" in problem.value.message
    assert "info@brightwater.example is in use in another domain" in problem.value.message
    assert "coldharbour" not in str(problem.value)


def test_a_removed_user_is_gone_with_its_addresses(roll: Roll, record: Recorded) -> None:
    roll.has(("ann", roll.state("ann", "ann", "info", owner=None)))
    edit.remove_user(roll.key("ann"), roll.domain, record, now=NOON)
    assert roll.current().users == ()
    assert not Address.objects.exists()
    assert record == [("user.removed", "ann@brightwater.example")]


def test_a_pin_and_an_exemption_are_set_and_taken_back(roll: Roll, record: Recorded) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    plain = _only(roll)
    ann = roll.key("ann")
    edit.pin(ann, roll.domain, record, now=NOON)
    edit.exempt(ann, roll.domain, record, now=NOON)
    marked = _only(roll)
    assert (marked.pinned, marked.exempt) == (True, True)
    assert marked.hash != plain.hash
    edit.unpin(ann, roll.domain, record, now=NOON)
    edit.unexempt(ann, roll.domain, record, now=NOON)
    edit.unpin(ann, roll.domain, record, now=NOON)
    assert _only(roll) == plain
    assert [action for action, _ in record] == ["user.pinned", "user.exempted", "user.unpinned", "user.unexempted"]


def test_a_kind_set_by_hand_decides_what_is_billed(roll: Roll, record: Recorded) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    edit.set_kind(roll.key("ann"), Kind.ROOM, roll.domain, record, now=NOON)
    room = _only(roll)
    assert (room.state.kind, room.state.billable, room.kind_by_hand) == (Kind.ROOM, False, True)
    edit.unset_kind(roll.key("ann"), roll.domain, record, now=NOON)
    assert (_only(roll).state.kind, _only(roll).kind_by_hand) == (Kind.ROOM, False)


def test_a_user_of_another_domain_is_unknown(roll: Roll, other: Roll, record: Recorded) -> None:
    other.has(("bob", other.state("bob", "bob")))
    for deed in (
        edit.pin,
        edit.unpin,
        edit.exempt,
        edit.unexempt,
        edit.unset_kind,
        edit.leave_group_to_sync,
        edit.restore,
        edit.remove_user,
    ):
        with pytest.raises(BadInput) as problem:
            deed(other.key("bob"), roll.domain, record, now=NOON)
        assert problem.value.code == "user_unknown"
    assert not record


def test_an_edit_of_a_domain_that_is_gone_is_bad_input(roll: Roll, record: Recorded) -> None:
    gone = Domain(organization=roll.domain.organization, name="gone.example")
    deeds = (
        lambda: edit.bump_revision(gone.id),
        lambda: edit.next_fence(gone.id),
        lambda: edit.add_group("Sales", gone, record),
    )
    for deed in deeds:
        with pytest.raises(BadInput) as problem:
            deed()
        assert problem.value.code == "domain_unknown"


def test_an_edit_and_its_audit_entry_stand_or_fall_together(roll: Roll) -> None:
    def broken(action: str, /, *, organization: UUID | None, subject: str, **details: edit.Detail) -> None:
        audit.record("cli:root", action, organization=organization, subject=subject, **details)
        raise _Broke

    for deed in (
        lambda: edit.add_organization("Customer", broken),
        lambda: edit.add_domain("new.example", roll.domain.organization, broken),
        lambda: edit.add_user("ann@brightwater.example", roll.domain, broken, now=NOON),
    ):
        with pytest.raises(_Broke), transaction.atomic():
            deed()
    assert not AuditEntry.objects.exists()
    assert not Organization.objects.filter(name="Customer").exists()
    assert not Domain.objects.filter(name="new.example").exists()
    assert load.current(roll.domain.id).users == ()
