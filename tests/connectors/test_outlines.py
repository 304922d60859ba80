"""A user in outline is the one that a record is made of."""

import json
from dataclasses import replace
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.facts import outlines
from mailroll.connectors.microsoft365.facts.attributes import Chosen, chosen
from mailroll.connectors.microsoft365.facts.licences import Subscriptions
from mailroll.connectors.microsoft365.facts.outlines import Outlines
from mailroll.connectors.microsoft365.facts.records import NAME_MAX, PROXIES_MAX, record
from mailroll.connectors.microsoft365.facts.wire import GraphUser
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Record
from tests.connectors.hostile import TENANT, guid

MAIL, CHAT, UNHEARD = guid(0xA1), guid(0xA2), guid(0xA3)
PLAN: Final = guid(0xB1)
TENANTS_OWN: Final = Chosen(
    subscriptions=Subscriptions({MAIL: frozenset({PLAN}), CHAT: frozenset()}, frozenset({MAIL, CHAT}))
)
_ABSENT: Final = object()
_long = "x" * (NAME_MAX + 1)
_licences = st.lists(
    st.builds(
        lambda sku, disabled: {"skuId": sku, "disabledPlans": disabled},
        st.sampled_from([MAIL, CHAT, UNHEARD]),
        st.sampled_from([[], [PLAN], None]),
    ),
    max_size=2,
)
_entries = st.lists(
    st.sampled_from(["SMTP:Ann@d.example", "smtp:b@d.example", "SIP:ann@d.example", "X500:/o=x", "", f"smtp:{_long}"]),
    max_size=3,
)
_odd: Final[dict[str, st.SearchStrategy[Any]]] = {
    "displayName": st.sampled_from(["Ann", "", None, _ABSENT, _long]),
    "mail": st.sampled_from(["Ann@d.example", "", None, _ABSENT]),
    "proxyAddresses": st.one_of(_entries, st.sampled_from([None, _ABSENT])),
    "assignedLicenses": st.one_of(_licences, st.sampled_from([None, _ABSENT])),
    "assignedPlans": st.sampled_from([_ABSENT, _ABSENT, [], [{"servicePlanId": PLAN, "capabilityStatus": "Enabled"}]]),
    "userPrincipalName": st.sampled_from(["ann@d.example", "ann_c.example#EXT#@d.example", "a#b@d.example", None]),
    "userType": st.sampled_from(["Member", "Guest", None, _ABSENT]),
    "creationType": st.sampled_from([None, "Invitation", _ABSENT]),
    "accountEnabled": st.sampled_from([True, False, None, _ABSENT]),
    "onPremisesSyncEnabled": st.sampled_from([True, None, _ABSENT]),
    "@odata.type": st.sampled_from([_ABSENT, "#microsoft.graph.agentUser"]),
}


def plain(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": guid(number),
        "displayName": f"Person {number}",
        "mail": f"p{number}@d.example",
        "proxyAddresses": [f"SMTP:p{number}@d.example"],
        "assignedLicenses": [{"skuId": MAIL, "disabledPlans": []}],
        "userPrincipalName": f"p{number}@d.example",
        "userType": "Member",
        "accountEnabled": True,
        "onPremisesSyncEnabled": None,
        **changed,
    }


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    """A plain person with a property or two that are otherwise."""
    changed = draw(st.lists(st.sampled_from(sorted(_odd)), max_size=2))
    found = plain(draw(st.integers(1, 9)), **{name: draw(_odd[name]) for name in changed})
    return {name: value for name, value in found.items() if value is not _ABSENT}


def decoded(*things: dict[str, Any]) -> list[GraphUser]:
    return [msgspec.json.decode(json.dumps(thing), type=GraphUser) for thing in things]


@given(st.lists(people(), max_size=8), st.sets(st.integers(0, 7), max_size=1))
def test_an_outline_is_of_the_record_that_is_made_of_the_user(things: list[dict[str, Any]], flawed: set[int]) -> None:
    users = decoded(*things)
    found, others = Outlines(TENANTS_OWN).of_page(TENANT, users, flawed)
    made = [record(TENANT, one, TENANTS_OWN) for one in users]
    assert flawed.intersection(range(len(users))) <= set(others)
    assert [one.record for one in found] == [one for place, one in enumerate(made) if place not in others]
    for one in found:
        assert not one.record.flaws
        assert one.record.guest is False
        assert one.record.mailbox_plan is not UNSET


def test_ordinary_people_are_told_in_outline_and_share_what_they_have_in_common() -> None:
    users = decoded(plain(1), plain(2), plain(3, assignedLicenses=[]), plain(4, userType="Guest"))
    found, others = Outlines(TENANTS_OWN).of_page(TENANT, users, ())
    assert list(others) == [3]
    assert [one.common.mailbox_plan for one in found] == [True, True, False]
    assert found[0].common is found[1].common


@pytest.mark.parametrize("name", [guid(0xABCDEF).upper(), f"{guid(2)}\n{guid(3)}", guid(2)[1:], ""])
def test_with_an_id_of_another_form_on_it_a_page_is_all_records(name: str) -> None:
    users = decoded(plain(1), plain(2, id=name))
    assert Outlines(TENANTS_OWN).of_page(TENANT, users, ()) == ([], range(2))


def test_ids_that_would_fit_together_are_looked_at_one_by_one() -> None:
    users = decoded(plain(1, id=guid(1)[:-1]), plain(2, id=guid(2)[-1] + guid(2)))
    assert Outlines(TENANTS_OWN).of_page(TENANT, users, ()) == ([], range(2))


@pytest.mark.parametrize("picked", [Chosen(), replace(TENANTS_OWN, rows=chosen(["displayName"]).rows)])
def test_where_plans_are_read_or_filters_name_something_there_are_no_outlines(picked: Chosen) -> None:
    assert Outlines(picked).of_page(TENANT, decoded(plain(1)), ()) == ([], range(1))


def test_of_whoever_shows_too_many_entries_a_record_is_made() -> None:
    many = ["SMTP:ann@d.example", *[""] * PROXIES_MAX]
    found, others = Outlines(TENANTS_OWN).of_page(TENANT, decoded(plain(1), plain(2, proxyAddresses=many)), ())
    assert (len(found), others) == (1, [1])


def test_no_more_is_kept_in_common_than_a_bound_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "_COMMONS_MAX", 2)
    users = decoded(*(plain(n, assignedLicenses=[{"skuId": guid(n)}, {"skuId": MAIL}]) for n in range(1, 6)))
    found, _ = Outlines(TENANTS_OWN).of_page(TENANT, users, ())
    made = [record(TENANT, one, TENANTS_OWN) for one in users]
    assert [one.record for one in found] == made
    assert all(isinstance(one, Record) for one in made)
