"""The editor of a source's filter: drafts that are shown again, faults at their place, files in and out."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mailroll.audit.models import AuditEntry
from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.console.filters import draft as drafts
from mailroll.console.filters.draft import Draft, LineSort, Node
from mailroll.console.filters.page import check
from mailroll.reconcile.filters.model import Join, RuleGroup
from mailroll.reconcile.filters.parser import to_json
from mailroll.sync.models import RunRequest, Sample
from mailroll.sync.samples import intake
from mailroll.sync.schedules import schedule
from tests.console import pages
from tests.reconcile.filters.written import ATTRIBUTES, groups, judged, memberships, values
from tests.sync.world import DOMAIN, Customer

SALES = {"all": [{"field": "department", "operator": "is", "value": "Sales"}]}
NESTED = {
    "all": [
        {"field": "department", "operator": "is one of", "value": ["Sales", "R, D"]},
        {
            "any": [
                {"field": "accountEnabled", "operator": "is", "value": False},
                {"field": "mail", "operator": "is set"},
            ]
        },
    ]
}


@pytest.fixture
def address(customer: Customer) -> str:
    return reverse("console:source-filters", args=[customer.domain.name, customer.source.owner_id])


def form(*nodes: tuple[str, ...], do: str = "save", root: str = "all") -> dict[str, Any]:
    """Make what a browser sends: groups as (depth, join), rules as (depth, field, operator, value)."""
    sent: dict[str, Any] = {"do": do, "node": [], "join": [root], "field": [], "operator": [], "value": []}
    for depth, *rest in nodes:
        sent["node"].append(f"{'group' if len(rest) == 1 else 'rule'} {depth}")
        if len(rest) == 1:
            sent["join"] += rest
        else:
            for name, value in zip(("field", "operator", "value"), rest, strict=True):
                sent[name].append(value)
    return sent


def kept(customer: Customer) -> Any:
    return Source.objects.get(owner=customer.source.owner_id).filter


@given(groups(), values(), memberships())
def test_what_the_editor_shows_is_read_back_as_a_filter_that_selects_the_same(
    group: RuleGroup, have: dict[str, Any], member: dict[str, Any]
) -> None:
    draft = drafts.of_group(group)
    assert draft.nodes[0].sort is LineSort.GROUP
    checked = check(draft, ATTRIBUTES).group
    assert checked is not None
    for again in (checked, drafts.simplest(checked)):
        assert judged(again, have, member).truth is judged(group, have, member).truth
    shown = drafts.of_json(to_json(checked))
    assert shown is not None
    assert check(shown, ATTRIBUTES).group == checked


@given(
    st.recursive(
        st.none() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(("all", "any", "field", "operator", "value")), inner)
        ),
    )
)
def test_whatever_a_file_holds_is_shown_or_not_and_never_breaks(data: Any) -> None:
    shown = drafts.of_json(data)
    if shown is not None:
        check(shown, ATTRIBUTES)


def test_rules_and_groups_are_added_at_their_place_and_removed_with_what_is_in_them() -> None:
    draft = Draft(Join.ALL, ())
    draft, first = draft.with_group(None)
    draft, _ = draft.with_rule(0)
    draft, inner = draft.with_group(0)
    draft, second = draft.with_rule(0)
    assert (first, inner, second) == (1, 4, 3)
    assert [(node.sort.value, node.depth) for node in draft.nodes] == [
        ("group", 1),
        ("rule", 2),
        ("rule", 2),
        ("rule", 2),
        ("group", 2),
        ("rule", 3),
    ]
    assert draft.nodes[4].join is not draft.nodes[0].join
    assert draft.without(4).nodes == draft.nodes[:4]
    assert draft.without(0).nodes == ()


def test_an_empty_group_is_no_rule() -> None:
    draft = Draft(Join.ALL, (Node(LineSort.GROUP, 1), Node(LineSort.GROUP, 2, Join.ANY)))
    assert draft.written() == ({"all": []}, {})


def test_a_filter_is_saved_and_the_sources_say_it(owner: Client, customer: Customer, address: str) -> None:
    saved = owner.post(address, form(("1", "all"), ("2", "Department", "is", "Sales")), follow=True)
    assert "Saved. Automatic sync removes nobody until somebody sees a preview, or syncs by hand." in pages.words(saved)
    assert kept(customer) == SALES
    tab = owner.get(reverse("console:user-sync", args=[customer.domain.name]))
    assert "department is “Sales”" in pages.words(tab)
    assert AuditEntry.objects.filter(action="source.filter_set").count() == 1


def test_a_saved_filter_is_shown_and_saving_it_again_changes_nothing(
    owner: Client, customer: Customer, address: str
) -> None:
    schedule.save_filter(customer.source, filters.check(customer.source, NESTED), customer.acting)
    shown = owner.get(address).content.decode()
    assert 'value="Sales, &quot;R, D&quot;"' in shown
    assert 'data-changed="no"' in shown
    sent = form(
        ("1", "all"), ("2", "department", "is one of", 'Sales, "R, D"'),
        ("1", "any"), ("2", "accountEnabled", "is", "false"), ("2", "mail", "is set", "left over"),
    )  # fmt: skip
    owner.post(address, sent)
    assert kept(customer) == NESTED
    assert AuditEntry.objects.filter(action="source.filter_set").count() == 1


def test_no_rules_at_all_take_everyone(owner: Client, customer: Customer, address: str) -> None:
    schedule.save_filter(customer.source, filters.check(customer.source, SALES), customer.acting)
    owner.post(address, form(("1", "all")))
    assert kept(customer) is None


def test_problems_are_told_at_their_field_and_nothing_is_saved(owner: Client, customer: Customer, address: str) -> None:
    refused = owner.post(
        address,
        form(("1", "all"), ("2", "compnay", "is", "x"), ("1", "any"), ("2", "department", "matches", "(")),
    )
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.count("There is no field “compnay”.") == 2
    assert 'href="#field-1"' in page
    assert 'href="#value-3"' in page
    assert page.count('aria-invalid="true"') == 2
    assert "missing ): (" in page
    assert kept(customer) is None


def test_a_button_shows_the_draft_again_and_saves_nothing(owner: Client, customer: Customer, address: str) -> None:
    sent = form(("1", "all"), ("2", "department", "is", "Sales"), do="rule:0")
    shown = owner.post(address, sent)
    assert shown.status_code == 200
    assert shown.content.decode().count('name="field"') == 2
    assert 'id="field-2"' in shown.content.decode()
    assert "autofocus" in shown.content.decode()
    assert 'data-changed="yes"' in shown.content.decode()
    assert owner.post(address, form(("1", "all"), do="group")).content.decode().count('value="group 1"') == 2
    assert 'name="field"' not in owner.post(address, {**sent, "do": "remove:1"}).content.decode()
    assert kept(customer) is None


def test_save_and_preview_leads_to_the_run(owner: Client, customer: Customer, address: str) -> None:
    sent = owner.post(address, form(("1", "all"), ("2", "department", "is", "Sales"), do="preview"))
    asked = RunRequest.objects.get()
    assert sent.headers["Location"] == reverse("console:run", args=[customer.domain.name, asked.id])
    assert kept(customer) == SALES


TORN: tuple[dict[str, Any], ...] = (
    {"do": "save"},
    {"do": "save", "join": ["all"], "node": ["rule 1"], "field": "x", "operator": "is", "value": "x"},
    {"do": "save", "join": ["all", "all"], "node": ["group 2"]},
    {"do": "save", "join": ["all", "all"], "node": ["group 1", "rule 2"]},
    {"do": "save", "join": ["all", "most"], "node": ["group 1"]},
    {"do": "save", "join": ["all"] * 500, "node": ["group 1"] * 499},
)


def test_a_form_that_did_not_arrive_whole_changes_nothing(owner: Client, customer: Customer, address: str) -> None:
    schedule.save_filter(customer.source, filters.check(customer.source, SALES), customer.acting)
    for sent in TORN:
        assert "The form did not arrive whole." in pages.words(owner.post(address, sent, follow=True)), sent
        assert owner.post(f"{address}count/", sent).status_code == 422, sent
        assert kept(customer) == SALES, sent


def test_a_filter_is_exported_and_imported_into_the_editor_without_being_saved(
    owner: Client, customer: Customer, address: str
) -> None:
    schedule.save_filter(customer.source, filters.check(customer.source, NESTED), customer.acting)
    exported = owner.get(f"{address}export/")
    assert json.loads(exported.content) == NESTED
    assert exported.headers["Content-Disposition"].startswith('attachment; filename="filter-')
    file = SimpleUploadedFile("filter.json", b"\xef\xbb\xbf" + json.dumps(SALES).encode())
    shown = owner.post(address, {"do": "import", "file": file})
    assert "Imported into the editor. Nothing is saved yet." in pages.words(shown)
    assert shown.content.decode().count('name="field"') == 1
    assert kept(customer) == NESTED


def test_a_file_with_faults_is_shown_with_them(owner: Client, customer: Customer, address: str) -> None:
    faulty = {"any": [{"field": "compnay", "operator": "is", "value": ["x", 3]}]}
    shown = owner.post(address, {"do": "import", "json": json.dumps(faulty)})
    assert shown.status_code == 422
    assert 'value="compnay"' in shown.content.decode()
    assert "Do you mean companyName?" in pages.words(shown)


def test_a_file_that_is_no_filter_leaves_the_editor_as_it_is(owner: Client, customer: Customer, address: str) -> None:
    schedule.save_filter(customer.source, filters.check(customer.source, SALES), customer.acting)
    for text in ("", "nonsense", "[" * 100_000, "3", json.dumps({"all": {}}), "x" * 600_000):
        shown = owner.post(address, {"do": "import", "json": text})
        assert shown.status_code == 422, text[:20]
        assert "Nothing was imported." in pages.words(shown)
        assert 'value="department"' in shown.content.decode()
        assert kept(customer) == SALES


def test_a_saved_filter_that_cannot_be_used_any_more_is_shown_to_be_mended(
    owner: Client, customer: Customer, address: str
) -> None:
    Source.objects.filter(owner=customer.source.owner_id).update(
        filter={"all": [{"field": "goneField", "operator": "is", "value": "x"}]}
    )
    shown = owner.get(address)
    assert shown.status_code == 200
    assert "The saved filter cannot be used." in pages.words(shown)
    assert 'value="goneField"' in shown.content.decode()
    assert owner.get(f"{address}export/").status_code == 200
    tab = owner.get(reverse("console:user-sync", args=[customer.domain.name]))
    assert "A filter that can no longer be used" in pages.words(tab)


def test_the_trap_of_sign_in_is_named_on_the_spot(owner: Client, address: str) -> None:
    rule = ("2", "accountEnabled", "is", "true")
    assert "Shared mailboxes and rooms have sign-in blocked." in pages.words(
        owner.post(address, form(("1", "all"), rule, do="count"))
    )
    kept_too = form(("1", "any"), rule, ("2", "accountEnabled", "is", "false"), do="count")
    assert "have sign-in blocked" not in pages.words(owner.post(address, kept_too))


def sampled(customer: Customer) -> None:
    """Do what a worker would: read the directory once to count."""
    intake.take(customer.connection.id, datetime.now(UTC))


def test_matching_people_are_counted_with_who_is_left_out_by_which_rule(
    owner: Client, customer: Customer, address: str
) -> None:
    for number in range(4):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Sales", companyName="Brightwater")
    assert "Microsoft 365 has to be read once to count. No worker runs" in pages.words(owner.get(address))
    sampled(customer)
    page = owner.get(address)
    assert "12 of 12 match" in pages.words(page)
    assert 'value="Sales" label="4"' in page.content.decode()
    sent = form(("1", "all"), ("2", "department", "is", "Sales"), ("2", "companyName", "matches", "("))
    counted = owner.post(f"{address}count/", sent)
    assert "4 of 12 match" in pages.words(counted)
    assert "8 are left out" in pages.words(counted)
    assert "4 yes, 8 no" in pages.words(counted)
    assert "department is not “Sales”" in pages.words(counted)
    assert "Not counted yet" in pages.words(counted)
    assert "missing ): (" in pages.words(counted)
    assert 'id="tally-1" hx-swap-oob="true"' in counted.content.decode()


def test_dangerous_filters_are_named_on_the_spot(owner: Client, customer: Customer, address: str) -> None:
    customer.tenant.add_shared_mailbox("Info", local="info")
    customer.sync()
    owner.get(address)
    sampled(customer)
    nobody = pages.words(owner.post(f"{address}count/", form(("1", "all"), ("2", "department", "is", "x"))))
    assert "Nobody matches. A run with this filter would be held." in nobody
    assert "13 more would be left out than by the saved filter." in nobody
    trap = pages.words(owner.post(f"{address}count/", form(("1", "all"), ("2", "accountEnabled", "is", "true"))))
    assert "alone would drop 1 of them" in trap
    assert "more would be left out" not in trap
    group = pages.words(owner.post(f"{address}count/", form(("1", "all"), ("2", "memberOf", "is", "No such group"))))
    assert "13 cannot be told yet." in group
    assert "There is no group “No such group” here." not in group
    customer.tenant.add_group("Clinic", members=[])
    sampled(customer)
    missing = owner.post(f"{address}count/", form(("1", "all"), ("2", "memberOf", "is", "No such group")))
    assert "There is no group “No such group” here." in pages.words(missing)


def test_half_a_name_of_a_group_reads_no_directory_again(owner: Client, customer: Customer, address: str) -> None:
    members = [customer.tenant.user(f"p{number}@{DOMAIN}") for number in range(3)]
    customer.tenant.add_group("Clinic", members=members)
    owner.get(address)
    sampled(customer)
    assert 'value="Clinic"' in owner.get(address).content.decode()
    owner.post(f"{address}count/", form(("1", "all"), ("2", "memberOf", "is", "Clin")))
    assert Sample.objects.get().asked_at is None
    waiting = owner.post(f"{address}count/", form(("1", "all"), ("2", "memberOf", "is", "clinic")))
    assert "A newer reading is asked for." in pages.words(waiting)
    sampled(customer)
    counted = owner.post(f"{address}count/", form(("1", "all"), ("2", "memberOf", "is", "clinic")))
    assert "3 of 12 match" in pages.words(counted)


def test_the_sample_says_how_old_it_is_and_is_read_again_on_demand(
    owner: Client, customer: Customer, address: str
) -> None:
    owner.get(address)
    sampled(customer)
    page = owner.get(address)
    assert re.search(r"Read \d+ s ago, today", pages.words(page))
    assert "Read again" in pages.buttons(page)
    customer.tenant.add_user("New Joiner", local="joiner")
    asked = owner.post(address, form(("1", "all"), ("2", "department", "is", "Sales"), do="read"))
    assert "A newer reading is asked for. No worker runs at the moment" in pages.words(asked)
    assert "Read again" not in pages.buttons(asked)
    assert 'value="Sales"' in asked.content.decode()
    assert "0 of 12 match" in pages.words(asked)
    first = Sample.objects.get().asked_at
    owner.post(address, form(do="read"))
    assert Sample.objects.get().asked_at == first
    sampled(customer)
    assert "13 of 13 match" in pages.words(owner.get(address))
    assert Source.objects.get(owner=customer.source.owner_id).filter is None


def test_why_nothing_can_be_counted_is_told(owner: Client, customer: Customer, address: str) -> None:
    customer.simulator.faults.on("forbidden")
    owner.get(address)
    sampled(customer)
    assert "The permission Organization.Read.All is missing" in pages.words(owner.get(address))


def test_a_source_takes_groups_and_contacts_and_guests_as_switched(
    owner: Client, customer: Customer, address: str
) -> None:
    saved = owner.post(f"{address}takes/", {"guests": "on"}, follow=True)
    assert "Saved. It takes effect at the next run; look at a preview first." in pages.words(saved)
    source = Source.objects.get(owner=customer.source.owner_id)
    assert (source.groups, source.contacts, source.guests) == (False, False, True)
