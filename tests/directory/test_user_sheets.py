"""Files of users: written harmless, read back as they were, with everything that is wrong told by line."""

import csv
import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.edit import BadList
from mailroll.directory.models import Domain
from mailroll.directory.queries import ListedUser
from mailroll.directory.sheets.users import lines, parse
from mailroll.reconcile.imports import ImportRow
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Kind
from tests.reconcile.world import address

pytestmark = pytest.mark.django_db

HEAD = "address,aliases,display_name,kind,billable,group,managed_by,pinned,kept,exempt,retired_at\r\n"


@pytest.fixture
def domain() -> Domain:
    organization = edit.add_organization("Brightwater Joinery", Acting("test:priya"))
    return edit.add_domain(organization, "brightwater.example", Acting("test:priya"))


def _listed(local: str, *aliases: str, name: str = "", retired_at: datetime | None = None) -> ListedUser:
    return ListedUser(
        id=uuid4(),
        address=f"{local}@brightwater.example",
        aliases=tuple(f"{alias}@brightwater.example" for alias in aliases),
        display_name=name,
        kind="user",
        billable=True,
        group="Main",
        managed_by=None,
        pinned=False,
        kept=False,
        exempt=True,
        retired_at=retired_at,
        external_id=None,
    )


def test_what_was_written_is_read_back_and_no_cell_is_a_formula(domain: Domain) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    users = [
        _listed("ann", "a", "b", name='Ann "Annie" O\'Neill, Ltd'),
        _listed("-dash", "=eq", name="=HYPERLINK(1)"),
        _listed("old", name="'=Old", retired_at=at),
    ]
    text = "".join(lines(users))
    assert text.startswith(HEAD)
    rows = list(csv.reader(io.StringIO(text)))
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")]
    assert rows[2][0] == "'-dash@brightwater.example"
    assert rows[3][10] == "2026-03-01T12:00:00+00:00"
    assert parse(text.encode(), domain) == tuple(
        ImportRow(
            line,
            address(user.address or ""),
            tuple(map(address, user.aliases)),
            user.display_name,
            Kind.USER,
            "Main",
            user.retired_at is not None,
        )
        for line, user in enumerate(users, 2)
    )


def test_a_column_that_is_left_out_says_nothing(domain: Domain) -> None:
    (row,) = parse(b"Address\nann@brightwater.example\n", domain)
    assert row == ImportRow(2, address("ann@brightwater.example"), UNSET, UNSET, UNSET, UNSET)
    (row,) = parse(b"address,Display Name,kind,group\nann@brightwater.example,,,\n", domain)
    assert (row.display_name, row.kind, row.group) == ("", UNSET, UNSET)


def test_users_without_an_address_of_their_own_are_passed_over(domain: Domain) -> None:
    text = HEAD + ",,Old,user,no,Main,Office 365,no,no,2026-01-01\r\n,,X,user,no,Main,Office 365,no,no,\r\n"
    assert parse(text.encode(), domain) == ()


def test_an_odd_name_of_a_managed_user_does_not_spoil_a_file(domain: Domain) -> None:
    text = HEAD + '"ann@brightwater.example",,"a\x01b",user,no,Main,Office 365,no,no,\r\n'
    (row,) = parse(text.encode(), domain)
    assert row.display_name is UNSET


def test_a_group_is_the_one_there_is_however_it_is_spelt(domain: Domain) -> None:
    groups = ("main\u00a0", "B\u00fcro", "bu\u0308ro")
    text = "\n".join(["address,group", *(f"u{n}@brightwater.example,{group}" for n, group in enumerate(groups))])
    rows = parse(text.encode(), domain)
    assert [row.group for row in rows] == ["Main", "B\u00fcro", "B\u00fcro"]


def test_names_of_real_people_are_read(domain: Domain) -> None:
    names = ("\u5c71\u7530\u3000\u592a\u90ce", "\u0645\u06cc\u200c\u062e\u0648", "Anne\u00a0Marie")
    text = "\n".join(["address,display_name", *(f"u{n}@brightwater.example,{name}" for n, name in enumerate(names))])
    assert tuple(row.display_name for row in parse(text.encode(), domain)) == names


def test_everything_that_is_wrong_is_said_with_its_line(domain: Domain) -> None:
    rows = [
        "ann@brightwater.example,b@brightwater.example,Ann,user,,,,,,",
        "x@elsewhere.example,,,,,,,,,",
        "bob,*@brightwater.example,,boss,,,,,,",
        f",,,,,{'g' * 101},,,,",
        f"ann@brightwater.example,,{'n' * 300},,,,,,,",
        f"c@brightwater.example,b@brightwater.example {'l' * 65}@brightwater.example,a\x01b,,,,,,,",
    ]
    with pytest.raises(BadList) as problem:
        parse((HEAD + "\r\n".join(rows)).encode(), domain)
    said = [(one.line, one.message) for one in problem.value.problems]
    assert [line for line, _ in said] == [3, 4, 4, 4, 5, 6, 6, 7, 7, 7]
    told = " ".join(message for _, message in said)
    for part in (
        "x@elsewhere.example is not in brightwater.example",
        "“bob” is not an address",
        "stands for many addresses",
        "“boss” is no kind. The kinds are: user, shared,",
        "A user needs an address",
        "ann@brightwater.example stands in line 2 already",
        "b@brightwater.example stands in line 2 already",
        "The name is longer than 256 characters",
        "longer than an address may be",
        "characters that cannot be shown",
    ):
        assert part in told


def test_an_unknown_column_is_no_users_file(domain: Domain) -> None:
    with pytest.raises(BadList, match="“mail” is no column that is known here"):
        parse(b"mail\nann@brightwater.example\n", domain)
