"""Plans applied: what people see in the roll afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.apply import apply
from mailroll.directory.models import Address, Group, User
from mailroll.reconcile.model import Kind, ObjectType
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import ReasonCode
from tests.directory.rolls import Roll
from tests.reconcile.outcome import advance

pytestmark = pytest.mark.django_db


def test_new_people_are_in_the_roll_with_their_addresses(roll: Roll) -> None:
    ann, bob = roll.state("ann", "ann", "a.smith", "office"), roll.state("bob", "bob")
    done = roll.becomes(("ann", None, ann), ("bob", None, bob))
    roll.expect(("ann", ann), ("bob", bob))
    assert (done.changes[Action.CREATE], done.assigned, done.released, done.groups) == (2, 4, 0, ())


def test_two_people_swap_their_addresses(roll: Roll) -> None:
    ann, bob = roll.state("ann", "sales", "a"), roll.state("bob", "help", "b")
    roll.has(("ann", ann), ("bob", bob))
    ann2, bob2 = roll.state("ann", "help", "a"), roll.state("bob", "sales", "b")
    roll.becomes(("ann", ann, ann2), ("bob", bob, bob2))
    roll.expect(("ann", ann2), ("bob", bob2))


def test_one_persons_alias_becomes_anothers_primary_address(roll: Roll) -> None:
    ann, bob = roll.state("ann", "ann", "info"), roll.state("bob", "bob")
    roll.has(("ann", ann), ("bob", bob))
    ann2, bob2 = roll.state("ann", "ann"), roll.state("bob", "info", "bob")
    done = roll.becomes(("ann", ann, ann2), ("bob", bob, bob2))
    roll.expect(("ann", ann2), ("bob", bob2))
    assert (done.assigned, done.released) == (2, 2)


def test_an_alias_and_the_primary_address_of_one_person_change_places(roll: Roll) -> None:
    ann, ann2 = roll.state("ann", "ann", "a.smith"), roll.state("ann", "a.smith", "ann")
    roll.has(("ann", ann))
    roll.becomes(("ann", ann, ann2))
    roll.expect(("ann", ann2))


def test_a_mailbox_made_again_under_its_address_takes_it_from_the_retired_one(roll: Roll) -> None:
    old = roll.state("ann", "ann", "a.smith")
    roll.has(("ann", old))
    gone = replace(old, retired=True, billable=False, primary=None, aliases=(), former=old.addresses)
    new = roll.state("ann again", "ann", "a.smith")
    roll.becomes(("ann", old, gone), ("ann again", None, new))
    roll.expect(("ann", gone), ("ann again", new))


def test_a_removed_user_leaves_no_address_behind(roll: Roll) -> None:
    ann = roll.state("ann", "ann", "a.smith")
    roll.has(("ann", ann))
    roll.becomes(("ann", ann, None))
    assert not User.objects.exists()
    assert not Address.objects.exists()


def test_retirement_keeps_its_day_until_the_user_is_back(roll: Roll) -> None:
    ann = roll.state("ann", "ann")
    retired = replace(ann, retired=True)
    renamed = replace(retired, display_name="Ann Smith")
    roll.has(("ann", ann))
    steps = ((ann, retired), (retired, renamed), (renamed, ann))
    days = []
    first = roll.domain.created_at
    for day, (before, after) in enumerate(steps):
        roll.apply(roll.plan(roll.change("ann", before, after)), now=first + timedelta(days=day))
        days.append(User.objects.get().retired_at)
    assert days == [first, first, None]


def test_groups_that_a_plan_names_are_made(roll: Roll) -> None:
    done = roll.becomes(("ann", None, roll.state("ann", "ann", group="Sales")))
    assert done.groups == ("Sales",)
    assert set(Group.objects.filter(domain=roll.domain).values_list("name", flat=True)) == {"Main", "Sales"}


@pytest.mark.parametrize("kept", ObjectType)
def test_the_type_of_the_outside_object_is_kept_whatever_the_kind(roll: Roll, kept: ObjectType) -> None:
    by_hand = roll.state("ann", "ann", kind=Kind.SHARED, object_type=kept, rule=ReasonCode.KIND_BY_HAND)
    roll.has(("ann", by_hand))
    assert User.objects.get().object_type == kept
    roll.expect(("ann", by_hand))


def test_adopting_a_hand_made_user_gives_it_an_identity_and_an_owner(roll: Roll) -> None:
    by_hand = roll.state("ann", "ann", external_id=None, owner=None, object_type=None, rule=None)
    roll.has(("ann", by_hand))
    assert User.objects.get().object_type is None
    adopted = roll.state("ann", "ann")
    roll.becomes(("ann", by_hand, adopted))
    roll.expect(("ann", adopted))
    assert User.objects.get().object_type == "user"


def test_what_people_decided_survives_a_sync_and_is_in_the_hash(roll: Roll, acting: Acting) -> None:
    ann = roll.state("ann", "ann")
    roll.has(("ann", ann))
    edit.pin(roll.domain, roll.key("ann"), acting)
    current = roll.current()
    plan = roll.plan(roll.change("ann", ann, replace(ann, display_name="Ann Smith")))
    roll.apply(plan)
    assert roll.current() == advance(current, plan)
    assert roll.current().users[0].pinned


def test_names_in_any_script_come_back_as_they_were(roll: Roll) -> None:
    names = ["", "Łukasz\tDvořák", "佐藤 花子", "🦉", '{"a",\\N}', "\\.", "a\nb", "NULL", "O'Neil; DROP TABLE"]
    people = [(f"p{i}", roll.state(f"p{i}", f"p{i}", display_name=name)) for i, name in enumerate(names)]
    roll.has(*people)
    roll.expect(*people)
    renamed = [(key, state, replace(state, display_name=f"{state.display_name}!")) for key, state in people]
    roll.becomes(*renamed)
    roll.expect(*((key, after) for key, _, after in renamed))


def test_strange_local_parts_come_back_as_former_addresses(roll: Roll) -> None:
    held = [roll.address(local) for local in ("{a}", "o'neil", "n\u00e9e", "a|b", "null")]
    ann = roll.state("ann", "ann", former=tuple(held))
    roll.has(("ann", ann))
    ann2 = replace(ann, former=(*held, roll.address("%s")))
    roll.becomes(("ann", ann, ann2))
    roll.expect(("ann", ann2))


def test_four_thousand_people_arrive_change_and_leave(roll: Roll) -> None:
    people = [(f"p{i}", roll.state(f"p{i}", f"p{i}", f"alias{i}")) for i in range(4_000)]
    current = roll.current()
    arriving = roll.plan(*(roll.change(key, None, state) for key, state in people))
    roll.apply(arriving, current)
    current = advance(current, arriving)
    assert roll.current() == current
    moved = [
        (key, state, replace(state, display_name="X", aliases=people[i - 1][1].aliases))
        for i, (key, state) in enumerate(people)
    ]
    changing = roll.plan(*(roll.change(*person) for person in moved))
    roll.apply(changing, current)
    current = advance(current, changing)
    assert roll.current() == current
    leaving = roll.plan(*(roll.change(key, after, None) for key, _, after in moved))
    roll.apply(leaving, current)
    assert roll.current().users == ()


@pytest.mark.django_db(transaction=True)
def test_a_plan_outside_a_transaction_is_a_fault_of_the_caller(roll: Roll) -> None:
    with pytest.raises(RuntimeError):
        apply(roll.plan(), now=roll.domain.created_at, fence=0)
