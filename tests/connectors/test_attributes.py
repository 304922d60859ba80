"""What filters may name of a user: all of it can be listed, and each value is what the property says."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mailroll.connectors.microsoft365.facts.attributes import SELECTABLE, Detailed, chosen
from mailroll.connectors.microsoft365.facts.product_names import NAMES
from mailroll.connectors.microsoft365.facts.products import PRODUCTS, Product, called, with_subscribed
from mailroll.connectors.microsoft365.facts.records import record
from mailroll.connectors.microsoft365.facts.wire import BASE_SELECT, CONTACT_SELECT, Sku
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.errors import BadFilter
from mailroll.reconcile.filters.attributes import AttributeType, by_spelling
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.model import Kind, Record, Unreadable
from mailroll_simulator.schema import object_type
from tests.connectors.hostile import TENANT, guid, user

E3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
UNHEARD_OF = "99999999-0000-4000-8000-000000000000"


def read(thing: dict[str, Any], *names: str) -> Record | Unreadable:
    return record(TENANT, msgspec.json.decode(json.dumps(thing), type=Detailed), chosen(names))


def value(thing: dict[str, Any], name: str) -> Value | Unset:
    found = read(thing, name)
    assert isinstance(found, Record)
    return next(iter(found.attributes.values()))


def test_every_property_that_is_asked_for_can_be_listed_and_is_decoded() -> None:
    declared = object_type("user")
    for name in {row.property for row in SELECTABLE} - {""} | set(BASE_SELECT):
        assert name in declared.properties
        assert name not in declared.single
        assert name in Detailed.__struct_encode_fields__


def test_nothing_is_offered_that_wants_further_permissions() -> None:
    offered = {row.property for row in SELECTABLE}
    assert not offered & {"signInActivity", "employeeLeaveDateTime", "customSecurityAttributes", "mailboxSettings"}


def test_types_are_those_that_the_directory_declares() -> None:
    types = {
        "Edm.String": AttributeType.TEXT,
        "Edm.Boolean": AttributeType.BOOLEAN,
        "Edm.DateTimeOffset": AttributeType.TIME,
        "Collection(Edm.String)": AttributeType.TEXTS,
    }
    for row in SELECTABLE:
        if (
            row.property == row.attribute.name
            and (declared := object_type("user").properties[row.property].type) in types
        ):
            assert types[declared] is row.attribute.type


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("proxyAddress", "proxyAddresses"),
        ("PROXYADDRESS", "proxyAddresses"),
        ("title", "jobTitle"),
        ("company", "companyName"),
        ("customAttribute7", "extensionAttribute7"),
        ("dirSyncEnabled", "onPremisesSyncEnabled"),
        ("objectId", "id"),
    ],
)
def test_people_may_spell_a_name_as_they_know_it(spelling: str, name: str) -> None:
    assert by_spelling([row.attribute for row in SELECTABLE])[spelling.casefold()].name == name


def test_kind_has_the_kinds_of_people_and_mailboxes_to_choose_from() -> None:
    [kind] = [row.attribute for row in SELECTABLE if row.attribute.name == "kind"]
    assert set(kind.choices) == {each.value for each in Kind} - {"group", "contact", "static"}
    [member_of] = [row.attribute for row in SELECTABLE if row.attribute.name == "memberOf"]
    assert member_of.type is AttributeType.MEMBERSHIP
    assert chosen(["kind", "memberOf"]).select == ",".join(BASE_SELECT)


def test_first_and_last_names_are_asked_for_where_a_filter_goes_by_them_and_of_nobody_else() -> None:
    assert not {"givenName", "surname"} & {*BASE_SELECT, *CONTACT_SELECT}
    assert chosen(["givenName", "sn"]).select == f"{','.join(BASE_SELECT)},givenName,surname"
    person = read(user(1), "givenName", "surname")
    assert isinstance(person, Record)
    assert person.attributes == {"givenName": "Person", "surname": "1"}


def test_unknown_names_are_refused_all_at_once() -> None:
    with pytest.raises(BadFilter, match=r"hatSize, shoeSize"):
        chosen(["shoeSize", "mail", "hatSize"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-02-29T10:00:00Z", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("2024-02-29T10:00:00.1234567Z", datetime(2024, 2, 29, 10, 0, 0, 123457, tzinfo=UTC)),
        ("2024-02-29T12:00:00+02:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("2024-02-29T10:00:00", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        (None, None),
    ],
)
def test_a_moment_is_in_utc_and_the_first_of_all_days_is_none(written: str | None, expected: datetime | None) -> None:
    assert value(user(1, createdDateTime=written), "createdDateTime") == expected


def test_a_list_that_is_null_is_empty() -> None:
    assert value(user(1, otherMails=None), "otherMails") == ()
    assert value(user(1, otherMails=["a@b.example"]), "otherMails") == ("a@b.example",)
    assert value(user(1), "otherMails") is UNSET


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"employeeOrgData": {"division": "North"}}, ("North", UNSET)),
        ({"employeeOrgData": {"division": None, "costCenter": "4711"}}, (None, "4711")),
        ({"employeeOrgData": None}, (None, None)),
        ({}, (UNSET, UNSET)),
    ],
)
def test_what_lies_inside_another_property_is_known_as_far_as_that_is(
    held: dict[str, Any], expected: tuple[Any, Any]
) -> None:
    assert (value(user(1, **held), "division"), value(user(1, **held), "costCenter")) == expected
    assert chosen(["division", "costCenter"]).select == f"{','.join(BASE_SELECT)},employeeOrgData"


@pytest.mark.parametrize("number", [1, 9, 10, 15])
def test_each_custom_attribute_is_its_own(number: int) -> None:
    every = {f"extensionAttribute{each}": f"value {each}" for each in range(1, 16)}
    thing = user(1, onPremisesExtensionAttributes=every)
    assert value(thing, f"extensionAttribute{number}") == f"value {number}"
    assert value(user(1, onPremisesExtensionAttributes=None), f"extensionAttribute{number}") is None


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["SMTP: anna@contoso.com"], ("SMTP: anna@contoso.com", "anna@contoso.com")),
        (["Smtp:a@contoso.com", "smtp:a@contoso.com"], ("Smtp:a@contoso.com", "smtp:a@contoso.com", "a@contoso.com")),
        (["SIP:a@contoso.com", "X500:/o=x:y", "smtp:"], ("SIP:a@contoso.com", "X500:/o=x:y", "smtp:")),
        ([], ()),
        (None, ()),
    ],
)
def test_addresses_are_there_as_exchange_writes_them_and_bare(entries: Any, expected: tuple[str, ...]) -> None:
    assert value(user(1, proxyAddresses=entries), "proxyAddresses") == expected


def test_licences_are_told_by_id_part_number_and_name() -> None:
    thing = user(1, assignedLicenses=[{"skuId": E3.upper(), "disabledPlans": []}, {"skuId": UNHEARD_OF}])
    assert value(thing, "assignedLicenses") == (E3, "SPE_E3", "Microsoft 365 E3", UNHEARD_OF)
    assert value(user(1, assignedLicenses=[]), "assignedLicenses") == ()
    assert value(user(1), "assignedLicenses") is UNSET


def test_a_licence_is_called_by_name_else_by_part_number_else_by_id() -> None:
    a3, unheard = "4b590615-0888-425a-a965-b3bf7789848d", guid(1)
    products = with_subscribed([Sku(UNHEARD_OF, "NEW_PRODUCT"), Sku(a3, "M365EDU_A3_FACULTY")])
    assert products[a3] == Product("M365EDU_A3_FACULTY", "Microsoft 365 A3 for faculty")
    found = tuple(
        spelling
        for sku in (E3, unheard, UNHEARD_OF, a3)
        for spelling in (sku, *((products[sku].part, products[sku].name) if sku in products else ()))
        if spelling
    )
    assert called(found) == ("Microsoft 365 E3", unheard, "NEW_PRODUCT", "Microsoft 365 A3 for faculty")
    assert called(()) == ()


def test_a_tenants_own_products_add_their_part_numbers() -> None:
    found = with_subscribed(
        [Sku(UNHEARD_OF.upper(), "NEW_PRODUCT"), Sku(E3, "SPE_E3"), Sku(None, "X"), Sku(guid(1), None)]
    )
    assert (found[UNHEARD_OF].part, found[UNHEARD_OF].name) == ("NEW_PRODUCT", "")
    assert found[E3] == PRODUCTS[E3]
    assert found.keys() == PRODUCTS.keys() | {UNHEARD_OF}


def test_products_are_told_apart() -> None:
    assert all(GUID.fullmatch(sku) for sku in PRODUCTS)
    parts = [each.part for each in PRODUCTS.values() if each.part]
    assert len(parts) == len(set(parts)) > 0
    # Microsoft sells two products under one name now and then.
    assert all(each.name for each in PRODUCTS.values())
    # A product is told once: a name alone would be lost behind a row with a part number, right or wrong.
    assert not any(PRODUCTS[sku].part for sku in NAMES)


def test_plans_are_those_in_use() -> None:
    plans = [
        {"servicePlanId": E3.upper(), "capabilityStatus": "Enabled"},
        {"servicePlanId": guid(1), "capabilityStatus": "Warning"},
        {"servicePlanId": guid(2), "capabilityStatus": "Deleted"},
        {"servicePlanId": None, "capabilityStatus": "Enabled"},
    ]
    assert value(user(1, assignedPlans=plans), "assignedPlans") == (E3, guid(1))


@pytest.mark.parametrize(
    "changes",
    [
        {"city": "x" * 5_000},
        {"otherMails": ["x" * 5_000]},
        {"otherMails": ["x"] * 5_000},
        {"onPremisesExtensionAttributes": {"extensionAttribute1": "x" * 5_000}},
    ],
)
def test_a_value_that_no_property_can_have_is_shortened_and_reported(changes: dict[str, Any]) -> None:
    found = read(user(1, **changes), "city", "otherMails", "extensionAttribute1")
    assert isinstance(found, Record)
    (flaw,) = found.flaws
    value = found.attributes[flaw]
    assert isinstance(value, str | tuple)
    assert len(value) in {1, 4_096}
    assert all(len(text) <= 4_096 for text in value)
    assert isinstance(read(user(1, **changes)), Record)


def test_an_object_as_abbreviated_as_in_samples_says_only_what_is_in_it() -> None:
    sample = {
        "businessPhones": ["+1 425 555 0109"],
        "displayName": "Adele Vance",
        "givenName": "Adele",
        "jobTitle": "Retail Manager",
        "mail": "AdeleV@contoso.com",
        "mobilePhone": None,
        "userPrincipalName": "AdeleV@contoso.com",
        "id": guid(1),
    }
    found = read(sample, "jobTitle", "mobilePhone", "department", "accountEnabled", "proxyAddresses")
    assert isinstance(found, Record)
    assert (found.mail, found.display_name) == ("AdeleV@contoso.com", "Adele Vance")
    unknown = (found.proxies, found.guest, found.mailbox_plan, found.account_enabled, found.synced)
    assert set(unknown) == {UNSET}
    assert found.attributes == {
        "jobTitle": "Retail Manager",
        "mobilePhone": None,
        "department": UNSET,
        "accountEnabled": UNSET,
        "proxyAddresses": UNSET,
    }
