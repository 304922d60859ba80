"""Users changed by hand: names, addresses, groups, and people who come back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Address
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.model import Kind, RollUser
from tests.directory.rolls import ACTING, Roll, noted

pytestmark = pytest.mark.django_db


def _only(roll: Roll) -> RollUser:
    (user,) = roll.current().users
    return user


@pytest.fixture
def printer(roll: Roll, acting: Acting) -> RollUser:
    edit.add_user(roll.domain, "printer@brightwater.example", ACTING, kind=Kind.STATIC)
    return _only(roll)


def test_every_problem_names_its_field(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    with pytest.raises(edit.Malformed) as problem:
        edit.add_user(
            roll.domain,
            "nobody",
            acting,
            aliases=["ann@brightwater.example", "*@brightwater.example"],
            display_name="two\nlines",
            group="Sales",
        )
    assert [one.field for one in problem.value.problems] == ["address", "aliases", "display_name", "group", "aliases"]
    with pytest.raises(edit.Taken) as taken:
        edit.add_user(roll.domain, "bob@brightwater.example", acting, aliases=["ann@brightwater.example"])
    assert [one.field for one in taken.value.problems] == ["aliases"]


def test_a_hand_made_user_is_given_an_alias_and_loses_it(roll: Roll, printer: RollUser, acting: Acting) -> None:
    edit.add_alias(roll.domain, printer.id, " Scan@Brightwater.example ", acting)
    assert _only(roll).state.aliases == ("scan@brightwater.example",)
    edit.remove_alias(roll.domain, printer.id, "scan@brightwater.example", acting)
    assert _only(roll) == printer
    assert [action for action, _ in noted(acting)] == ["user.alias_added", "user.alias_removed"]


def test_the_primary_address_is_no_alias_to_take_away(roll: Roll, printer: RollUser, acting: Acting) -> None:
    edit.remove_alias(roll.domain, printer.id, "printer@brightwater.example", acting)
    assert _only(roll) == printer
    assert not noted(acting)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("scan", "alias_malformed"),
        ("*@brightwater.example", "alias_malformed"),
        ("scan@elsewhere.example", "alias_malformed"),
        ("printer@brightwater.example", "alias_held"),
        ("ann@brightwater.example", "address_taken"),
    ],
)
def test_an_alias_that_cannot_be_had_is_refused(
    roll: Roll, printer: RollUser, acting: Acting, address: str, code: str
) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    with pytest.raises((BadInput, Refused)) as problem:
        edit.add_alias(roll.domain, printer.id, address, acting)
    assert problem.value.code == code
    assert not noted(acting)


def test_a_hand_made_user_is_renamed(roll: Roll, printer: RollUser, acting: Acting) -> None:
    edit.rename_user(roll.domain, printer.id, " Scanner ", acting)
    assert _only(roll).state.display_name == "Scanner"
    edit.rename_user(roll.domain, printer.id, "Scanner", acting)
    with pytest.raises(edit.Malformed):
        edit.rename_user(roll.domain, printer.id, "x" * 257, acting)
    assert noted(acting) == [("user.renamed", "printer@brightwater.example")]


def test_whom_a_source_keeps_is_changed_where_the_source_reads_it(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann", "info")))
    ann = roll.key("ann")
    deeds: tuple[Callable[[], object], ...] = (
        lambda: edit.rename_user(roll.domain, ann, "Anna", acting),
        lambda: edit.add_alias(roll.domain, ann, "a@brightwater.example", acting),
        lambda: edit.remove_alias(roll.domain, ann, "info@brightwater.example", acting),
        lambda: edit.remove_user(roll.domain, ann, acting),
    )
    for deed in deeds:
        with pytest.raises(Refused) as problem:
            deed()
        assert problem.value.code == "user_managed"
    roll.expect(("ann", roll.state("ann", "ann", "info")))


def test_a_user_is_moved_to_another_group_and_left_to_the_sync_again(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    edit.add_group(roll.domain, "Sales", ACTING)
    ann = roll.key("ann")
    edit.move_user(roll.domain, ann, "Sales", acting)
    moved = _only(roll)
    assert (moved.state.group, moved.group_by_hand) == ("Sales", True)
    edit.move_user(roll.domain, ann, "Sales", acting)
    edit.leave_group_to_sync(roll.domain, ann, acting)
    assert (_only(roll).state.group, _only(roll).group_by_hand) == ("Sales", False)
    with pytest.raises(BadInput) as problem:
        edit.move_user(roll.domain, ann, "Nowhere", acting)
    assert problem.value.code == "group_unknown"
    assert [action for action, _ in noted(acting)] == ["user.moved", "user.group_unset"]


def test_a_user_put_into_the_group_it_is_in_stays_there(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann")), ("fax", roll.state("fax", "fax", owner=None)))
    for name in ("ann", "ann", "fax"):
        edit.move_user(roll.domain, roll.key(name), "Main", acting)
    marks = {user.state.display_name: user.group_by_hand for user in roll.current().users}
    assert marks == {"Ann": True, "Fax": False}
    assert noted(acting) == [("user.group_fixed", "ann@brightwater.example")]


def test_a_retired_user_comes_back_with_all_it_had_and_is_kept(roll: Roll, acting: Acting) -> None:
    gone = roll.state("ann", "ann", "info", retired=True, billable=False)
    roll.has(("ann", gone))
    edit.restore(roll.domain, roll.key("ann"), acting)
    edit.restore(roll.domain, roll.key("ann"), acting)
    back = _only(roll)
    assert back.state == replace(gone, retired=False, billable=True, kept=True)
    assert not back.pinned
    assert noted(acting) == [("user.restored", "ann@brightwater.example")]


def test_a_person_lifts_the_mark_of_who_was_restored(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann", retired=True, billable=False)))
    edit.restore(roll.domain, roll.key("ann"), acting)
    edit.unkeep(roll.domain, roll.key("ann"), acting)
    edit.unkeep(roll.domain, roll.key("ann"), acting)
    assert not _only(roll).state.kept
    assert [action for action, _ in noted(acting)] == ["user.restored", "user.unkept"]


def test_many_come_back_at_once_and_it_is_told_who_cannot(roll: Roll, acting: Acting) -> None:
    held = (roll.address("eve"),)
    roll.has(
        ("ann", roll.state("ann", "ann", "info", retired=True, billable=False)),
        ("bob", roll.state("bob", "bob", owner=None, retired=True, billable=False)),
        ("cid", roll.state("cid", None, former=held, retired=True)),
        ("dot", roll.state("dot", None, former=(roll.address("gone"),), retired=True)),
        ("eve", roll.state("eve", "eve")),
        ("fay", roll.state("fay", None, former=(roll.address("gone"),), retired=True)),
    )
    chosen = [roll.key(name) for name in ("ann", "bob", "cid", "dot", "eve", "fay", "nobody")]
    expected = edit.preview_restoring(roll.domain, chosen)
    assert edit.restore_users(roll.domain, chosen, acting) == expected
    states = roll.states()
    first, second = sorted((roll.key("dot"), roll.key("fay")))
    assert set(expected.back) == {roll.key("ann"), roll.key("bob"), first}
    assert set(expected.taken) == {roll.key("cid"), second}
    assert (expected.listed, expected.missing, expected.billed) == (1, 1, 3)
    assert {key for key, state in states.items() if state.kept} == set(expected.back)
    assert all(states[key] == state for key, state in expected.back.items())
    assert all(states[key].retired for key in expected.taken)
    assert {action for action, _ in noted(acting)} == {"user.restored"}
    assert len(noted(acting)) == 3


def test_a_restored_user_takes_back_the_former_addresses_that_are_free(roll: Roll, other: Roll, acting: Acting) -> None:
    former = (roll.address("ann"), roll.address("info"))
    roll.has(("ann", roll.state("ann", None, former=former, retired=True)), ("bob", roll.state("bob", "info")))
    edit.restore(roll.domain, roll.key("ann"), acting)
    assert roll.states()[roll.key("ann")].addresses == ("ann@brightwater.example",)


def test_a_retired_user_whose_addresses_are_all_taken_cannot_come_back(roll: Roll, acting: Acting) -> None:
    roll.has(
        ("ann", roll.state("ann", None, former=(roll.address("ann"),), retired=True)), ("bob", roll.state("bob", "ann"))
    )
    with pytest.raises(Refused) as problem:
        edit.restore(roll.domain, roll.key("ann"), acting)
    assert problem.value.code == "address_taken"


def test_a_retired_user_may_be_removed_for_good(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann", retired=True)))
    edit.remove_user(roll.domain, roll.key("ann"), acting)
    assert not Address.objects.exists()


def test_a_retired_user_is_restored_before_it_is_changed(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann", owner=None, retired=True)))
    with pytest.raises(BadInput) as problem:
        edit.rename_user(roll.domain, roll.key("ann"), "Anna", acting)
    assert problem.value.code == "user_retired"
