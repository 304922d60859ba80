"""What is wrong with one property never costs another, whatever it is and whether anybody asks for it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.facts.attributes import Detailed
from mailroll.connectors.microsoft365.facts.decode import Decoded, PageDecoder
from mailroll.connectors.microsoft365.facts.wire import GraphContact, GraphGroup, GraphUser
from mailroll.reconcile.addresses import AddressFault, ProxyAddress, canonical
from tests.connectors.hostile import guid, page, user

USERS = PageDecoder(GraphUser, mends=True)
DETAILED = PageDecoder(Detailed, mends=True)
GROUPS = PageDecoder(GraphGroup, mends=True)
CONTACTS = PageDecoder(GraphContact, mends=True)
UNSTORABLE = ["\0", "a\0b", "\ud800", "x\udfff"]


def read(content: object, decoder: PageDecoder[Any] = USERS) -> Decoded[Any]:
    return decoder.decode(json.dumps(content).encode(), "/users")


@pytest.mark.parametrize("decoder", [USERS, DETAILED, GROUPS, CONTACTS])
@pytest.mark.parametrize("text", UNSTORABLE)
def test_a_text_that_cannot_be_stored_is_replaced(decoder: PageDecoder[Any], text: str) -> None:
    found = read(page(user(1), user(2, displayName=text), user(3)), decoder)
    assert [each.id for each in found.objects] == [guid(1), guid(2), guid(3)]
    assert "\ufffd" in found.objects[1].display_name
    assert found.objects[1].proxy_addresses == user(2)["proxyAddresses"]
    assert (found.spoiled, found.flaws) == ((), {1: ("displayName",)})


@pytest.mark.parametrize("text", UNSTORABLE)
@pytest.mark.parametrize("name", ["unknown", "deep", "key"])
def test_a_property_that_nobody_asks_for_says_nothing(text: str, name: str) -> None:
    places: dict[str, dict[str, Any]] = {
        "unknown": {"unknown": text},
        "deep": {"other": [{"a": [text]}]},
        "key": {"other": {text: 1}},
    }
    found = read(page(user(1), user(2, **places[name])))
    assert (len(found.objects), found.spoiled, found.flaws) == (2, (), {})


@pytest.mark.parametrize("bad", [b"\xff", b"\xed\xa0\x80", b"\xc3"])
def test_bytes_that_are_no_text_are_replaced(bad: bytes) -> None:
    body = json.dumps(page(user(1), user(2, displayName="MARK", more="MARK"))).encode()
    found = USERS.decode(body.replace(b"MARK", bad), "/users")
    assert [each.id for each in found.objects] == [guid(1), guid(2)]
    assert found.flaws == {1: ("displayName",)}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"displayName": 7}, "SMTP:person2@contoso.com"),
        ({"mail": ["a@contoso.com"]}, "SMTP:person2@contoso.com"),
        ({"userType": True}, "SMTP:person2@contoso.com"),
        ({"assignedPlans": [7]}, "SMTP:person2@contoso.com"),
        ({"assignedPlans": [{"servicePlanId": 7}]}, "SMTP:person2@contoso.com"),
        ({"accountEnabled": "yes"}, "SMTP:person2@contoso.com"),
        ({"proxyAddresses": [None, "SMTP:a@contoso.com", 7, "smtp:\0@contoso.com"]}, "SMTP:a@contoso.com"),
    ],
)
def test_a_wrong_type_leaves_that_property_unset_and_costs_no_address(changes: dict[str, Any], kept: str) -> None:
    found = read(page(user(1), user(2, **changes)))
    assert kept in found.objects[1].proxy_addresses
    assert found.flaws == {1: tuple(changes)}


@pytest.mark.parametrize("value", ["SMTP:a@contoso.com", {}, [None], [7], 7])
def test_a_list_of_addresses_of_which_nothing_can_be_read_is_not_known(value: object) -> None:
    (found,) = read(page(user(2, proxyAddresses=value))).objects
    assert not found.proxy_addresses
    assert found.proxy_addresses is not None


def test_a_date_that_cannot_be_read_and_a_part_of_a_property_are_unset_alone() -> None:
    odd = user(
        1,
        employeeHireDate="the first of May",
        city="Bern",
        onPremisesExtensionAttributes={
            "extensionAttribute1": 7,
            "extensionAttribute2": "x",
            "extensionAttribute3": None,
        },
    )
    (found,) = read(page(odd), DETAILED).objects
    assert not found.employee_hire_date
    assert (found.city, found.display_name) == ("Bern", odd["displayName"])
    parts = found.on_premises_extension_attributes
    assert (parts.extension_attribute1 is None, parts.extension_attribute2) == (False, "x")
    assert parts.extension_attribute3 is None


def test_a_replaced_character_makes_no_address() -> None:
    (found,) = read(page(user(1, proxyAddresses=["smtp:bo\0b@contoso.com"]))).objects
    assert isinstance(canonical(ProxyAddress.parse(found.proxy_addresses[0]).text), AddressFault)


@pytest.mark.parametrize("thing", [7, None, "x", [], {}, {"id": None}, {"id": 7}, {"id": 7, "displayName": "Ann"}])
def test_an_object_without_an_id_is_named_by_what_is_known_of_it(thing: Any) -> None:
    (spoiled,) = read(page(user(1), thing, user(2, mail=7))).spoiled
    assert spoiled.id is None
    assert spoiled.known.name == (thing.get("displayName", "") if isinstance(thing, dict) else "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted({*user(1), "employeeHireDate", "x"} - {"id", "proxyAddresses"}))


@given(st.dictionaries(NAMES, JSON | st.text(st.characters()), max_size=6))
def test_no_property_that_is_not_an_address_costs_an_address(changes: dict[str, Any]) -> None:
    found = read(page(user(1, **changes)), DETAILED)
    assert found.objects[0].proxy_addresses == user(1)["proxyAddresses"]
    assert not found.spoiled
