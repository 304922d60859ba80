"""Groups renamed and removed, and a whole domain: nobody in them is lost, and no old plan survives."""

from collections.abc import Callable

import pytest

from mailroll.directory import edit, queries
from mailroll.directory.models import Address, Domain, Group, Organization, User
from mailroll.reconcile import stored
from mailroll.reconcile.errors import BadInput, Refused
from tests.directory.rolls import NOON, Recorded, Roll

pytestmark = pytest.mark.django_db


def _group(roll: Roll, name: str) -> int:
    return Group.objects.get(domain=roll.domain, name=name).id


def _revision(roll: Roll) -> int:
    return Domain.objects.get(id=roll.domain.id).revision


@pytest.fixture
def sales(roll: Roll) -> int:
    roll.has(("ann", roll.state("ann", "ann", group="Sales")), ("bob", roll.state("bob", "bob")))
    return _group(roll, "Sales")


def _hashes_are_true(roll: Roll) -> None:
    for user in roll.current().users:
        assert user.hash == stored.content_hash(
            user.state,
            pinned=user.pinned,
            exempt=user.exempt,
            kind_by_hand=user.kind_by_hand,
            group_by_hand=user.group_by_hand,
        )


def test_a_group_is_renamed_with_everyone_in_it(roll: Roll, sales: int, record: Recorded) -> None:
    moved = edit.rename_group(sales, " Selling ", roll.domain, record, now=NOON)
    assert moved == edit.Moved("Sales", "Selling", 1)
    roll.expect(("ann", roll.state("ann", "ann", group="Selling")), ("bob", roll.state("bob", "bob")))
    assert _group(roll, "Selling") == sales
    assert _revision(roll) == 2
    _hashes_are_true(roll)
    assert record == [("group.renamed", "brightwater.example")]


def test_the_users_of_a_removed_group_go_to_main(roll: Roll, sales: int, record: Recorded) -> None:
    edit.add_group("Shop", roll.domain, Recorded())
    edit.move_user(roll.key("bob"), "Sales", roll.domain, Recorded(), now=NOON)
    assert edit.remove_group(sales, roll.domain, record, now=NOON) == edit.Moved("Sales", "Main", 2)
    roll.expect(("ann", roll.state("ann", "ann")), ("bob", roll.state("bob", "bob")))
    assert not any(user.group_by_hand for user in roll.current().users)
    assert not Group.objects.filter(name="Sales").exists()
    _hashes_are_true(roll)
    assert record == [("group.removed", "brightwater.example")]


def test_a_plan_made_before_a_group_was_renamed_is_refused(roll: Roll, sales: int, record: Recorded) -> None:
    old = roll.plan(roll.change("carl", None, roll.state("carl", "carl", group="Sales")))
    edit.rename_group(sales, "Selling", roll.domain, record, now=NOON)
    with pytest.raises(Refused) as problem:
        roll.apply(old)
    assert problem.value.code == "plan_moved_on"
    assert not Group.objects.filter(name="Sales").exists()


def test_main_stays(roll: Roll, record: Recorded) -> None:
    main = _group(roll, "Main")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: edit.rename_group(main, "Everyone", roll.domain, record, now=NOON),
        lambda: edit.remove_group(main, roll.domain, record, now=NOON),
    )
    for deed in deeds:
        with pytest.raises(Refused) as problem:
            deed()
        assert problem.value.code == "group_is_main"


def test_a_name_that_another_group_has_is_refused(roll: Roll, sales: int, record: Recorded) -> None:
    with pytest.raises(Refused) as taken:
        edit.rename_group(sales, "Main", roll.domain, record, now=NOON)
    with pytest.raises(BadInput) as blank:
        edit.rename_group(sales, " ", roll.domain, record, now=NOON)
    with pytest.raises(BadInput) as long:
        edit.rename_group(sales, "x" * 101, roll.domain, record, now=NOON)
    assert [one.value.code for one in (taken, blank, long)] == ["group_exists", "group_unnamed", "group_unnamed"]
    edit.rename_group(sales, "Sales", roll.domain, record, now=NOON)
    assert not record


def test_a_group_of_another_domain_is_unknown(roll: Roll, other: Roll, sales: int, record: Recorded) -> None:
    deeds: tuple[Callable[[], object], ...] = (
        lambda: edit.rename_group(sales, "Mine", other.domain, record, now=NOON),
        lambda: edit.remove_group(sales, other.domain, record, now=NOON),
    )
    for deed in deeds:
        with pytest.raises(BadInput) as problem:
            deed()
        assert problem.value.code == "group_unknown"


def test_a_domain_is_removed_with_its_roll_and_nothing_else_is(
    roll: Roll, other: Roll, sales: int, record: Recorded
) -> None:
    other.has(("zoe", other.state("zoe", "zoe")))
    edit.remove_domain(roll.domain, record)
    assert queries.domains() == [other.domain]
    assert (User.objects.count(), Address.objects.count()) == (1, 1)
    assert set(Group.objects.values_list("domain__name", flat=True)) == {"coldharbour.example"}
    assert record == [("domain.removed", "brightwater.example")]


def test_an_organization_is_renamed_and_removed_once_it_is_empty(roll: Roll, record: Recorded) -> None:
    customer = roll.domain.organization
    edit.rename_organization(customer, " Brightwater ", record)
    edit.rename_organization(customer, "Brightwater", record)
    for name in ("", "x" * 201):
        with pytest.raises(edit.Malformed):
            edit.rename_organization(customer, name, record)
    with pytest.raises(Refused) as full:
        edit.remove_organization(customer, record)
    assert full.value.code == "organization_not_empty"
    edit.remove_domain(roll.domain, Recorded())
    below = edit.add_organization("Branch", Recorded(), parent=customer)
    with pytest.raises(Refused):
        edit.remove_organization(customer, record)
    edit.remove_organization(below, record)
    edit.remove_organization(customer, record)
    assert not Organization.objects.filter(name="Brightwater").exists()
    assert [action for action, _ in record] == ["organization.renamed", "organization.removed", "organization.removed"]
