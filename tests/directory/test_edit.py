"""What people change by hand: refused with a reason, or done and noted."""

from collections.abc import Callable

import pytest
from django.db import DataError, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit, load
from mailroll.directory.models import Address, Domain, Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.model import Kind, RollUser
from tests.directory.rolls import Roll, noted

pytestmark = pytest.mark.django_db


class _Broke(Exception):
    pass


def _do_and_break(deed: Callable[[], object], acting: Acting) -> None:
    deed()
    assert noted(acting)
    raise _Broke


def _only(roll: Roll) -> RollUser:
    (user,) = roll.current().users
    return user


def test_a_provider_stands_above_its_customers(acting: Acting) -> None:
    provider = edit.add_organization("Provider", acting)
    customer = edit.add_organization(" Customer ", acting, parent=provider)
    assert (customer.name, customer.parent) == ("Customer", provider)
    assert noted(acting) == [("organization.added", "Provider"), ("organization.added", "Customer")]


def test_an_entry_belongs_to_its_organization_and_a_removal_to_the_one_above(acting: Acting) -> None:
    provider = edit.add_organization("Provider", acting)
    customer = edit.add_organization("Customer", acting, parent=provider)
    key = customer.id
    domain = edit.add_domain(customer, "new.example", acting)
    edit.remove_domain(domain, acting)
    edit.remove_organization(customer, acting)
    places = AuditEntry.objects.order_by("id").values_list("organization", flat=True)
    assert list(places) == [provider.id, key, key, key, provider.id]


@pytest.mark.parametrize("name", ["", "  ", "two\nlines"])
def test_an_organization_needs_a_name(name: str, acting: Acting) -> None:
    with pytest.raises(BadInput) as problem:
        edit.add_organization(name, acting)
    assert problem.value.code == "organization_unnamed"
    assert not noted(acting)


def test_a_domain_is_added_in_its_canonical_form_with_the_group_main(acting: Acting) -> None:
    made = edit.add_domain(edit.add_organization("Customer", acting), " Bücher.Example. ", acting)
    assert made.name == "xn--bcher-kva.example"
    assert [group.name for group in made.groups.all()] == ["Main"]
    assert noted(acting)[-1] == ("domain.added", "xn--bcher-kva.example")


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
def test_what_is_no_mail_domain_is_refused_by_name(name: str, code: str, acting: Acting) -> None:
    organization = edit.add_organization("Customer", acting)
    with pytest.raises(BadInput) as problem:
        edit.add_domain(organization, name, acting)
    assert problem.value.code == code
    assert problem.value.help


def test_a_domain_that_exists_is_refused_in_the_same_words_whoever_has_it(
    roll: Roll, other: Roll, acting: Acting
) -> None:
    said = []
    for organization in (roll.domain.organization, other.domain.organization):
        with pytest.raises(Refused) as problem:
            edit.add_domain(organization, "BRIGHTWATER.example", acting)
        assert problem.value.code == "domain_exists"
        said.append(str(problem.value))
    assert said[0] == said[1]
    assert "Customer" not in said[0]
    assert not noted(acting)


def test_a_group_is_added_once(roll: Roll, acting: Acting) -> None:
    assert edit.add_group(roll.domain, "Sales", acting).name == "Sales"
    with pytest.raises(Refused) as again:
        edit.add_group(roll.domain, "Sales", acting)
    with pytest.raises(BadInput) as blank:
        edit.add_group(roll.domain, " ", acting)
    assert (again.value.code, blank.value.code) == ("group_exists", "group_unnamed")
    assert noted(acting) == [("group.added", "brightwater.example")]


def test_a_hand_made_user_belongs_to_nobody_and_is_billed_by_its_kind(roll: Roll, acting: Acting) -> None:
    user = edit.add_user(
        roll.domain,
        "Printer@BRIGHTWATER.example",
        acting,
        aliases=["scan@brightwater.example", "printer@brightwater.example"],
        display_name="Printer",
        kind=Kind.STATIC,
    )
    found = _only(roll)
    assert (found.id, found.state.owner, found.state.external_id) == (user, None, None)
    assert found.state.primary == "printer@brightwater.example"
    assert found.state.aliases == ("scan@brightwater.example",)
    assert not found.state.billable
    assert noted(acting) == [("user.added", "printer@brightwater.example")]


def test_every_problem_of_a_hand_made_user_is_told_at_once(roll: Roll, acting: Acting) -> None:
    with pytest.raises(BadInput) as problem:
        edit.add_user(roll.domain, "nobody", acting, aliases=["*@x.example", "a@b.example"], group="Sales")
    for said in ("“nobody”", "“*@x.example”", "a@b.example is not in brightwater.example", "no group “Sales”"):
        assert said in problem.value.message
    assert roll.current().users == ()


def test_a_taken_address_is_refused_and_another_customer_is_not_named(roll: Roll, other: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    other.has(("bob", other.state("bob", "bob")))
    Address.objects.create(
        address="info@brightwater.example", user_id=other.key("bob"), domain=other.domain, is_primary=False
    )
    with pytest.raises(Refused) as problem:
        edit.add_user(roll.domain, "ann@brightwater.example", acting, aliases=["info@brightwater.example"])
    assert problem.value.code == "address_taken"
    assert "ann@brightwater.example belongs to another user of brightwater.example" in problem.value.message
    assert "info@brightwater.example is in use in another domain" in problem.value.message
    assert "coldharbour" not in str(problem.value)


def test_a_removed_user_is_gone_with_its_addresses(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann", "info", owner=None)))
    edit.remove_user(roll.domain, roll.key("ann"), acting)
    assert roll.current().users == ()
    assert not Address.objects.exists()
    assert noted(acting) == [("user.removed", "ann@brightwater.example")]


def test_a_pin_and_an_exemption_are_set_and_taken_back(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    plain = _only(roll)
    ann = roll.key("ann")
    edit.pin(roll.domain, ann, acting)
    edit.exempt(roll.domain, ann, acting)
    marked = _only(roll)
    assert (marked.pinned, marked.exempt) == (True, True)
    assert marked.hash != plain.hash
    edit.unpin(roll.domain, ann, acting)
    edit.unexempt(roll.domain, ann, acting)
    edit.unpin(roll.domain, ann, acting)
    assert _only(roll) == plain
    assert [action for action, _ in noted(acting)] == [
        "user.pinned",
        "user.exempted",
        "user.unpinned",
        "user.unexempted",
    ]


def test_a_kind_set_by_hand_decides_what_is_billed(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    edit.set_kind(roll.domain, roll.key("ann"), Kind.ROOM, acting)
    room = _only(roll)
    assert (room.state.kind, room.state.billable, room.kind_by_hand) == (Kind.ROOM, False, True)
    edit.unset_kind(roll.domain, roll.key("ann"), acting)
    assert (_only(roll).state.kind, _only(roll).kind_by_hand) == (Kind.ROOM, False)


def test_a_user_of_another_domain_is_unknown(roll: Roll, other: Roll, acting: Acting) -> None:
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
            deed(roll.domain, other.key("bob"), acting)
        assert problem.value.code == "user_unknown"
    assert not noted(acting)


def test_an_edit_of_a_domain_that_is_gone_is_bad_input(roll: Roll, acting: Acting) -> None:
    gone = Domain(organization=roll.domain.organization, name="gone.example")
    deeds = (
        lambda: edit.bump_revision(gone.id),
        lambda: edit.next_fence(gone.id),
        lambda: edit.add_group(gone, "Sales", acting),
    )
    for deed in deeds:
        with pytest.raises(BadInput) as problem:
            deed()
        assert problem.value.code == "domain_unknown"


@pytest.mark.parametrize(
    "deed",
    [
        lambda roll, acting: edit.add_organization("Customer", acting),
        lambda roll, acting: edit.add_domain(roll.domain.organization, "new.example", acting),
        lambda roll, acting: edit.add_user(roll.domain, "ann@brightwater.example", acting),
    ],
)
def test_an_edit_and_its_audit_entry_stand_or_fall_together(
    roll: Roll, acting: Acting, deed: Callable[[Roll, Acting], object]
) -> None:
    nobody = Acting("no column takes \0", acting.now)
    with pytest.raises(DataError):
        deed(roll, nobody)
    with pytest.raises(_Broke), transaction.atomic():
        _do_and_break(lambda: deed(roll, acting), acting)
    assert not noted(acting)
    assert not Organization.objects.filter(name="Customer").exists()
    assert not Domain.objects.filter(name="new.example").exists()
    assert load.current(roll.domain.id).users == ()
