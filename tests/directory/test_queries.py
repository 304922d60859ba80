"""Looking things up: by id, by name, by address."""

from dataclasses import replace

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit, queries
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.model import Kind
from tests.directory.rolls import Roll

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-0000-0000-000000000000"


def test_an_organization_is_found_by_id_and_by_a_name_that_is_its_own(acting: Acting) -> None:
    made = edit.add_organization("Brightwater", acting)
    assert queries.organization(str(made.id)) == made
    assert queries.organization(" Brightwater ") == made


def test_a_name_that_two_organizations_have_finds_neither(acting: Acting) -> None:
    twins = [edit.add_organization("Brightwater", acting) for _ in range(2)]
    with pytest.raises(BadInput) as problem:
        queries.organization("Brightwater")
    assert problem.value.code == "organization_ambiguous"
    assert queries.organization(str(twins[1].id)) == twins[1]
    assert {one.id for one in Organization.objects.all()} == {one.id for one in twins}


@pytest.mark.parametrize("key", ["Nobody", "", NOBODY])
def test_an_organization_that_is_not_there_is_bad_input(key: str) -> None:
    with pytest.raises(BadInput) as problem:
        queries.organization(key)
    assert problem.value.code == "organization_unknown"


def test_a_domain_is_found_in_whatever_spelling(roll: Roll) -> None:
    for key in (str(roll.domain.id), "brightwater.example", " BrightWater.Example. "):
        assert queries.domain(key) == roll.domain


@pytest.mark.parametrize("key", ["nowhere.example", "", "*.example", "@", NOBODY])
def test_a_domain_that_is_not_there_is_bad_input(key: str) -> None:
    with pytest.raises(BadInput) as problem:
        queries.domain(key)
    assert problem.value.code == "domain_unknown"


def test_users_are_listed_by_address_with_all_that_a_command_shows(roll: Roll, other: Roll, acting: Acting) -> None:
    ann = roll.state("ann", "ann", "b", "a")
    bob = roll.state("bob", "aaron", kind=Kind.ROOM, billable=False, retired=True, group="Rooms")
    carl = replace(roll.state("carl", None), former=(roll.address("carl"),))
    roll.has(("ann", ann), ("bob", bob), ("carl", carl))
    edit.add_user(roll.domain, "zoe@brightwater.example", acting)
    edit.pin(roll.domain, roll.key("ann"), acting)
    other.has(("bob", other.state("bob", "bob")))
    listed = [queries.as_json(user) for user in queries.users(roll.domain)]
    assert [user["address"] for user in listed] == [
        "aaron@brightwater.example",
        "ann@brightwater.example",
        "zoe@brightwater.example",
        None,
    ]
    assert listed[0]["retired_at"] == "2026-03-02T12:00:00+00:00"
    assert listed[1] == {
        "address": "ann@brightwater.example",
        "aliases": ["a@brightwater.example", "b@brightwater.example"],
        "display_name": "Ann",
        "kind": "user",
        "billable": True,
        "group": "Main",
        "managed_by": "Microsoft 365",
        "pinned": True,
        "kept": False,
        "retired_at": None,
        "external_id": ann.external_id,
    }
    assert listed[2]["managed_by"] is None
    assert queries.counts(roll.domain) == queries.UserCounts(users=3, billable=3, retired=1)


def test_a_user_looks_the_same_alone_and_in_the_list(roll: Roll) -> None:
    roll.has(("ann", roll.state("ann", "ann", "b", "a")))
    found = queries.holder(roll.address("b"))
    assert found is not None
    assert [queries.listed(found)] == list(queries.users(roll.domain))
    assert queries.as_json(found)["address"] == queries.primary_of(found) == roll.address("ann")


def test_a_user_whose_addresses_all_moved_on_is_called_by_its_name(roll: Roll) -> None:
    roll.has(("ann", roll.state("ann", None)), ("bob", roll.state("bob", None, display_name="")))
    names = {queries.primary_of(user) for user in roll.domain.users.all()}
    assert names == {"Ann", str(roll.key("bob"))}


def test_an_address_that_nobody_has_has_no_holder(roll: Roll) -> None:
    assert queries.holder(roll.address("nobody")) is None
