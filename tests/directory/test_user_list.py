"""A domain's users searched, narrowed, sorted and paged."""

from dataclasses import replace

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit, user_list
from mailroll.directory.models import Group
from mailroll.directory.user_list import ListSort, ListStanding, WantedUsers
from mailroll.reconcile.model import Kind
from tests.directory.rolls import Roll

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(roll: Roll, other: Roll, acting: Acting) -> Roll:
    roll.has(
        ("ann", roll.state("ann", "ann", "office", "a_1")),
        ("bob", roll.state("bob", "robert", kind=Kind.ROOM, billable=False, group="Rooms")),
        ("carl", roll.state("carl", "carl", retired=True, billable=False)),
        ("zoe", roll.state("Zoë 100%", "zoe", kind=Kind.SHARED, billable=False)),
    )
    edit.add_user(roll.domain, "fax@brightwater.example", acting, kind=Kind.STATIC, display_name="fax")
    edit.pin(roll.domain, roll.key("bob"), acting)
    edit.exempt(roll.domain, roll.key("ann"), acting)
    other.has(("ann", other.state("ann", "ann")))
    return roll


def _names(roll: Roll, wanted: WantedUsers) -> list[str]:
    page = user_list.list_users(roll.domain, wanted)
    assert page.counted.shown == len(page.users)
    return [user.display_name for user in page.users]


def test_the_list_is_sorted_by_name_whatever_the_case(people: Roll) -> None:
    assert _names(people, WantedUsers()) == ["Ann", "Bob", "fax", "Zoë 100%"]
    assert _names(people, WantedUsers(descending=True)) == ["Zoë 100%", "fax", "Bob", "Ann"]


def test_a_user_is_listed_with_its_addresses(people: Roll) -> None:
    ann = user_list.list_users(people.domain, WantedUsers(text="ann")).users[0]
    assert ann.address == "ann@brightwater.example"
    assert ann.aliases == ("a_1@brightwater.example", "office@brightwater.example")
    assert (ann.group, ann.managed_by, ann.exempt) == ("Main", "Microsoft 365", True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ann", ["Ann"]),
        ("  ANN ", ["Ann"]),
        ("office", ["Ann"]),
        ("OFFICE@brightwater", ["Ann"]),
        ("robert", ["Bob"]),
        ("zoë", ["Zoë 100%"]),
        ("100%", ["Zoë 100%"]),
        ("%", ["Zoë 100%"]),
        ("_", ["Ann"]),
        ("\\", []),
        ("\0ann", ["Ann"]),
        ("coldharbour", []),
        ("brightwater.example", ["Ann", "Bob", "fax", "Zoë 100%"]),
        ("x" * 1000, []),
    ],
)
def test_a_search_finds_names_and_every_address_and_takes_no_sign_for_a_pattern(
    people: Roll, text: str, names: list[str]
) -> None:
    assert _names(people, WantedUsers(text=text)) == names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (WantedUsers(standing=ListStanding.RETIRED), ["Carl"]),
        (WantedUsers(standing=ListStanding.PINNED), ["Bob"]),
        (WantedUsers(standing=ListStanding.EXEMPT), ["Ann"]),
        (WantedUsers(standing=ListStanding.BY_HAND), ["fax"]),
        (WantedUsers(kind=Kind.SHARED), ["Zoë 100%"]),
        (WantedUsers(billable=True), ["Ann"]),
        (WantedUsers(kind=Kind.ROOM, standing=ListStanding.PINNED), ["Bob"]),
        (WantedUsers(kind=Kind.ROOM, standing=ListStanding.EXEMPT), []),
        (WantedUsers(sort=ListSort.KIND), ["Bob", "Zoë 100%", "fax", "Ann"]),
        (WantedUsers(sort=ListSort.GROUP), ["Ann", "fax", "Zoë 100%", "Bob"]),
        (WantedUsers(sort=ListSort.GROUP, descending=True), ["Bob", "Ann", "fax", "Zoë 100%"]),
        (WantedUsers(sort=ListSort.BILLABLE, descending=True), ["Ann", "Bob", "fax", "Zoë 100%"]),
        (WantedUsers(sort=ListSort.SOURCE), ["Ann", "Bob", "Zoë 100%", "fax"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(people: Roll, wanted: WantedUsers, names: list[str]) -> None:
    assert _names(people, wanted) == names


def test_the_list_is_narrowed_to_a_group_of_its_own_domain(people: Roll, other: Roll) -> None:
    rooms = Group.objects.get(domain=people.domain, name="Rooms").id
    assert _names(people, WantedUsers(group=rooms)) == ["Bob"]
    assert _names(other, WantedUsers(group=rooms)) == []


def test_every_choice_says_what_it_would_show(people: Roll) -> None:
    counted = user_list.list_users(people.domain, WantedUsers()).counted
    assert [counted.standings[one] for one in ListStanding] == [4, 1, 1, 0, 1, 1]
    assert {kind: many for kind, many in counted.kinds.items() if many} == {
        Kind.USER: 1,
        Kind.SHARED: 1,
        Kind.ROOM: 1,
        Kind.STATIC: 1,
    }
    assert {group.name: many for group, many in counted.groups.items()} == {"Main": 3, "Rooms": 1}
    searched = user_list.list_users(people.domain, WantedUsers(text="robert", standing=ListStanding.RETIRED)).counted
    assert (searched.shown, searched.standings[ListStanding.LISTED], searched.kinds[Kind.ROOM]) == (0, 1, 0)


def test_pages_follow_one_another_without_a_gap(roll: Roll) -> None:
    roll.has(*((f"p{i:03}", roll.state(f"p{i:03}", f"p{i:03}", display_name="Same")) for i in range(120)))
    pages = [user_list.list_users(roll.domain, WantedUsers(page=number)) for number in (1, 2, 3)]
    assert [len(page.users) for page in pages] == [50, 50, 20]
    assert {page.pages for page in pages} == {3}
    assert len({user.id for page in pages for user in page.users}) == 120
    assert user_list.list_users(roll.domain, WantedUsers(page=99)) == replace(pages[2], number=3)


def test_an_empty_domain_has_one_empty_page(roll: Roll) -> None:
    page = user_list.list_users(roll.domain, WantedUsers(page=7))
    assert (page.users, page.number, page.pages, page.counted.shown) == ((), 1, 1, 0)


def test_the_first_retired_users_are_shown_below(people: Roll) -> None:
    assert [user.display_name for user in user_list.list_users(people.domain, WantedUsers()).retired] == ["Carl"]
    assert user_list.list_users(people.domain, WantedUsers(text="ann")).retired == ()
