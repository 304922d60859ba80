"""Groups renamed and removed, and a whole domain: nobody in them is lost, and no old plan survives."""

from collections.abc import Callable

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit, queries
from mailroll.directory.models import Address, Domain, Group, Organization, User
from mailroll.reconcile.errors import BadInput, Refused
from tests.directory.rolls import ACTING, Roll, noted
from tests.reconcile.outcome import hashed

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
        assert user == hashed(user)


def test_a_group_is_renamed_with_everyone_in_it(roll: Roll, sales: int, acting: Acting) -> None:
    moved = edit.rename_group(roll.domain, sales, " Selling ", acting)
    assert moved == edit.MovedGroup("Sales", "Selling", 1)
    roll.expect(("ann", roll.state("ann", "ann", group="Selling")), ("bob", roll.state("bob", "bob")))
    assert _group(roll, "Selling") == sales
    assert _revision(roll) == 2
    _hashes_are_true(roll)
    assert noted(acting) == [("group.renamed", "brightwater.example")]


def test_the_users_of_a_removed_group_go_to_main(roll: Roll, sales: int, acting: Acting) -> None:
    edit.add_group(roll.domain, "Shop", ACTING)
    edit.move_user(roll.domain, roll.key("bob"), "Sales", ACTING)
    assert edit.remove_group(roll.domain, sales, acting) == edit.MovedGroup("Sales", "Main", 2)
    roll.expect(("ann", roll.state("ann", "ann")), ("bob", roll.state("bob", "bob")))
    assert not any(user.group_by_hand for user in roll.current().users)
    assert not Group.objects.filter(name="Sales").exists()
    _hashes_are_true(roll)
    assert noted(acting) == [("group.removed", "brightwater.example")]


def test_a_plan_made_before_a_group_was_renamed_is_refused(roll: Roll, sales: int, acting: Acting) -> None:
    old = roll.plan(roll.change("carl", None, roll.state("carl", "carl", group="Sales")))
    edit.rename_group(roll.domain, sales, "Selling", acting)
    with pytest.raises(Refused) as problem:
        roll.apply(old)
    assert problem.value.code == "plan_moved_on"
    assert not Group.objects.filter(name="Sales").exists()


def test_main_stays(roll: Roll, acting: Acting) -> None:
    main = _group(roll, "Main")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: edit.rename_group(roll.domain, main, "Everyone", acting),
        lambda: edit.remove_group(roll.domain, main, acting),
    )
    for deed in deeds:
        with pytest.raises(Refused) as problem:
            deed()
        assert problem.value.code == "group_is_main"


def test_a_name_that_another_group_has_is_refused(roll: Roll, sales: int, acting: Acting) -> None:
    with pytest.raises(Refused) as taken:
        edit.rename_group(roll.domain, sales, "Main", acting)
    with pytest.raises(BadInput) as blank:
        edit.rename_group(roll.domain, sales, " ", acting)
    with pytest.raises(BadInput) as long:
        edit.rename_group(roll.domain, sales, "x" * 101, acting)
    assert [one.value.code for one in (taken, blank, long)] == ["group_exists", "group_unnamed", "group_unnamed"]
    edit.rename_group(roll.domain, sales, "Sales", acting)
    assert not noted(acting)


@pytest.mark.parametrize("name", ["main", "MAIN ", "\u00a0Main", "sales", "Bu\u0308ro", "b\u00dcRO"])
def test_a_name_that_looks_like_another_groups_is_taken(roll: Roll, sales: int, acting: Acting, name: str) -> None:
    office = edit.add_group(roll.domain, "B\u00fcro", ACTING).id
    with pytest.raises(Refused) as added:
        edit.add_group(roll.domain, name, acting)
    free = sales if "r" in name.lower() else office
    with pytest.raises(Refused) as renamed:
        edit.rename_group(roll.domain, free, name, acting)
    assert {added.value.code, renamed.value.code} == {"group_exists"}


def test_a_group_is_called_otherwise_in_nothing_but_its_case(roll: Roll, sales: int, acting: Acting) -> None:
    edit.rename_group(roll.domain, sales, "SALES", acting)
    assert queries.group_called(roll.domain, "sales") == Group.objects.get(name="SALES")


def test_a_plan_that_spells_a_group_otherwise_means_the_one_there_is(roll: Roll, sales: int) -> None:
    roll.apply(roll.plan(roll.change("carl", None, roll.state("carl", "carl", group="sales "))))
    assert Group.objects.filter(domain=roll.domain).count() == 2
    assert User.objects.filter(group=sales).count() == 2
    _hashes_are_true(roll)


def test_a_group_may_have_the_name_of_any_people(roll: Roll, acting: Acting) -> None:
    for name in (
        "\u5c71\u7530\u3000\u592a\u90ce",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "Anne\u00a0Marie",
    ):
        assert edit.add_group(roll.domain, name, acting).name == name
    with pytest.raises(BadInput):
        edit.add_group(roll.domain, "a\x1bb", acting)
    with pytest.raises(BadInput):
        edit.add_group(roll.domain, "\u200b", acting)


def test_a_group_of_another_domain_is_unknown(roll: Roll, other: Roll, sales: int, acting: Acting) -> None:
    deeds: tuple[Callable[[], object], ...] = (
        lambda: edit.rename_group(other.domain, sales, "Mine", acting),
        lambda: edit.remove_group(other.domain, sales, acting),
    )
    for deed in deeds:
        with pytest.raises(BadInput) as problem:
            deed()
        assert problem.value.code == "group_unknown"


def test_a_domain_is_removed_with_its_roll_and_nothing_else_is(
    roll: Roll, other: Roll, sales: int, acting: Acting
) -> None:
    other.has(("zoe", other.state("zoe", "zoe")))
    edit.remove_domain(roll.domain, acting)
    assert [*Domain.objects.all()] == [other.domain]
    assert (User.objects.count(), Address.objects.count()) == (1, 1)
    assert set(Group.objects.values_list("domain__name", flat=True)) == {"coldharbour.example"}
    assert noted(acting) == [("domain.removed", "brightwater.example")]


def test_an_organization_is_renamed_and_removed_once_it_is_empty(roll: Roll, acting: Acting) -> None:
    customer = roll.domain.organization
    edit.rename_organization(customer, " Brightwater ", acting)
    edit.rename_organization(customer, "Brightwater", acting)
    for name in ("", "x" * 201):
        with pytest.raises(edit.Malformed):
            edit.rename_organization(customer, name, acting)
    with pytest.raises(Refused) as full:
        edit.remove_organization(customer, acting)
    assert full.value.code == "organization_not_empty"
    edit.remove_domain(roll.domain, ACTING)
    below = edit.add_organization("Branch", ACTING, parent=customer)
    with pytest.raises(Refused):
        edit.remove_organization(customer, acting)
    edit.remove_organization(below, acting)
    edit.remove_organization(customer, acting)
    assert not Organization.objects.filter(name="Brightwater").exists()
    assert [action for action, _ in noted(acting)] == [
        "organization.renamed",
        "organization.removed",
        "organization.removed",
    ]
