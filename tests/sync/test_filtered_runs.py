"""What switches and filters do to runs: who is taken, who is left out, and what is never removed unseen."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailroll.connections import filters, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.readings import memberships
from mailroll.sync.runs import make
from mailroll.sync.schedules import schedule
from tests.sync.world import DOMAIN, PERMISSIONS, Customer, failure


def take_only(customer: Customer, field: str, operator: str, value: object) -> None:
    rule = {"field": field, "operator": operator, "value": value}
    schedule.save_filter(customer.source, filters.check(customer.source, {"all": [rule]}), customer.acting)
    customer.domain.refresh_from_db()


def automatic(customer: Customer) -> Run:
    customer.domain.refresh_from_db()
    return make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)


def codes(run: Run) -> set[str]:
    return {finding["code"] for finding in run.findings}


def reasons(run: Run) -> set[str]:
    return {reason["code"] for change in run.changes.all() for reason in change.reasons}


def test_groups_and_contacts_of_the_domain_are_taken_and_leave_with_their_switch(customer: Customer) -> None:
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.tenant.add_group("Doors", kind="security")
    customer.tenant.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    customer.sync()
    kinds = {address: user.kind for address, user in customer.roll().items() if user.kind != "user"}
    assert kinds == {f"all@{DOMAIN}": "group", f"cleaner@{DOMAIN}": "contact"}
    sources.set_switch(customer.source, SourceSwitch.GROUPS, customer.acting, on=False)
    sources.set_switch(customer.source, SourceSwitch.CONTACTS, customer.acting, on=False)
    customer.domain.refresh_from_db()
    run = customer.sync()
    assert (run.state, run.counts["retire"]) == (RunState.APPLIED, 2)
    assert reasons(run) == {"groups_off", "contacts_off"}


def test_without_the_right_to_read_groups_theirs_stay(customer: Customer) -> None:
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.sync()
    (principal,) = customer.tenant.principals.values()
    principal.roles = tuple(name for name in PERMISSIONS if name != "GroupMember.Read.All")
    customer.tenant.add_user("Joiner", local="joiner")
    run = customer.sync()
    assert (run.state, run.counts["create"], run.counts["retire"]) == (RunState.APPLIED, 1, 0)
    assert "type_unread" in codes(run)
    assert f"all@{DOMAIN}" in customer.roll()


def test_a_group_that_is_gone_is_asked_for_as_a_group_whatever_it_is_called(customer: Customer) -> None:
    group = customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.sync()
    user = customer.user(f"all@{DOMAIN}")
    user.kind, user.kind_by_hand = "shared", True
    user.save(update_fields=["kind", "kind_by_hand"])
    assert customer.sync().counts["retire"] == 0
    customer.tenant.delete_group(group)
    assert reasons(customer.sync()) == {"gone_at_source"}


def test_members_of_a_group_are_taken_nested_ones_too(customer: Customer) -> None:
    people = [customer.tenant.user(f"p{number}@{DOMAIN}") for number in range(4)]
    inner = customer.tenant.add_group("Inner", members=people[2:])
    outer = customer.tenant.add_group("Clinic", members=[*people[:2], inner])
    customer.tenant.add_member(inner, outer)
    take_only(customer, "memberOf", "is", "clinic")
    run = customer.sync()
    assert run.counts["create"] == 4
    assert set(customer.roll()) == {f"p{number}@{DOMAIN}" for number in range(4)}


def test_a_group_that_no_longer_exists_changes_nobody(customer: Customer) -> None:
    group = customer.tenant.add_group(
        "Clinic", members=[customer.tenant.user(f"p{number}@{DOMAIN}") for number in range(9)]
    )
    take_only(customer, "memberOf", "is", "Clinic")
    customer.sync()
    before = customer.everyone()
    customer.tenant.delete_group(group)
    run = customer.sync()
    assert (run.state, run.counts["retire"]) == (RunState.UNCHANGED, 0)
    assert {"group_not_told", "filter_undecided"} <= codes(run)
    assert customer.everyone() == before


def clinic(customer: Customer, count: int = 11) -> None:
    """Make a group of the first people, and take only its members."""
    people = [customer.tenant.user(f"p{number}@{DOMAIN}") for number in range(count)]
    customer.tenant.add_group("Clinic", kind="microsoft365", local="clinic", members=people)
    take_only(customer, "memberOf", "is", "Clinic")


def questions(customer: Customer) -> int:
    """How many users were asked about since the last time, and forget them."""
    found = len([seen for seen in customer.simulator.requests if seen.path.endswith("/checkMemberGroups")])
    customer.simulator.requests.clear()
    return found


def test_a_microsoft_365_group_which_holds_no_group_is_a_filter_like_any(customer: Customer) -> None:
    clinic(customer, 2)
    customer.tenant.add_group("Lab", kind="microsoft365", members=[])
    run = customer.sync()
    assert (run.state, "group_not_told" in codes(run)) == (RunState.APPLIED, False)
    assert {f"p0@{DOMAIN}", f"p1@{DOMAIN}"} <= set(customer.roll())


def test_one_group_that_cannot_be_told_leaves_the_filters_of_others_alone(customer: Customer) -> None:
    clinic(customer, 2)
    names = [{"field": "memberOf", "operator": "is", "value": name} for name in ("Clinic", "No such group")]
    schedule.save_filter(customer.source, filters.check(customer.source, {"any": names}), customer.acting)
    customer.domain.refresh_from_db()
    run = customer.sync()
    assert {f"p0@{DOMAIN}", f"p1@{DOMAIN}"} <= set(customer.roll())
    assert "group_not_told" in codes(run)


def test_a_first_sync_whose_filter_is_undecided_for_everybody_is_held(customer: Customer) -> None:
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    take_only(customer, "memberOf", "is", "No such group")
    run = customer.sync()
    assert run.state == RunState.HELD
    assert {"filter_decides_nobody", "group_not_told"} <= codes(run)
    assert customer.roll() == {}
    take_only(customer, "displayName", "is set", None)
    assert customer.sync().state == RunState.APPLIED


def test_a_membership_that_a_list_lost_costs_nobody_the_mailbox(customer: Customer) -> None:
    clinic(customer)
    customer.sync()
    assert questions(customer) == 0
    customer.simulator.faults.on("skipped_user", path="/groups/*", user=customer.tenant.user(f"p3@{DOMAIN}").id)
    run = customer.sync()
    assert (run.state, run.counts["retire"]) == (RunState.UNCHANGED, 0)
    assert "memberships_lost" in codes(run)
    assert questions(customer) == 1
    assert f"p3@{DOMAIN}" in customer.roll()


def test_who_has_left_a_group_goes_once_the_directory_says_so(customer: Customer) -> None:
    clinic(customer)
    customer.sync()
    group = next(group for group in customer.tenant.groups if group.text("displayName") == "Clinic")
    customer.tenant.remove_member(group, customer.tenant.user(f"p3@{DOMAIN}"))
    customer.simulator.faults.on("forbidden", path="/users/*")
    run = customer.sync()
    assert (run.counts["retire"], f"p3@{DOMAIN}" in customer.roll()) == (0, True)
    assert "memberships_unchecked" in codes(run)
    customer.simulator.faults.clear()
    run = customer.sync()
    assert (run.state, run.counts["retire"], reasons(run)) == (RunState.APPLIED, 1, {"filtered_out"})


def test_of_many_who_left_at_once_some_are_asked_about_in_each_run_and_the_others_wait(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic(customer, 12)
    customer.sync()
    group = next(group for group in customer.tenant.groups if group.text("displayName") == "Clinic")
    for number in range(2):
        customer.tenant.remove_member(group, customer.tenant.user(f"p{number}@{DOMAIN}"))
    monkeypatch.setattr(memberships, "MOST", 1)
    run = customer.sync()
    assert (run.counts["retire"], questions(customer)) == (1, 1)
    assert "memberships_unchecked" in codes(run)
    run = customer.sync()
    assert (run.counts["retire"], questions(customer)) == (1, 1)
    assert "memberships_unchecked" not in codes(run)
    assert not {f"p0@{DOMAIN}", f"p1@{DOMAIN}"} & set(customer.roll())


def test_memberships_are_read_only_where_a_filter_names_a_group(customer: Customer) -> None:
    customer.tenant.add_group("Clinic", members=[customer.tenant.user(f"p0@{DOMAIN}")])
    customer.sync()
    assert not [seen for seen in customer.simulator.requests if "ransitiveMembers" in seen.path]
    take_only(customer, "memberOf", "is", "Clinic")
    customer.preview()
    assert [seen for seen in customer.simulator.requests if "ransitiveMembers" in seen.path]


def test_after_a_change_of_filters_nobody_goes_by_itself_until_somebody_has_looked(customer: Customer) -> None:
    for number in range(11):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Sales")
    customer.sync()
    take_only(customer, "department", "is", "Sales")
    customer.tenant.add_user("Joiner", local="joiner", department="Sales")
    run = automatic(customer)
    assert (run.state, run.counts["create"]) == (RunState.APPLIED, 1)
    assert "filters_changed" in codes(run)
    assert run.waits_in is not None
    assert f"p11@{DOMAIN}" in customer.roll()
    schedule.opened(customer.preview(), customer.acting)
    looked = automatic(customer)
    assert (looked.state, looked.counts["retire"], looked.waits_in) == (RunState.APPLIED, 1, None)
    assert reasons(looked) == {"filtered_out"}


def test_who_syncs_by_hand_has_looked(customer: Customer) -> None:
    customer.sync()
    take_only(customer, "displayName", "is not", "Person 11")
    assert schedule.filters_unseen(customer.domain)
    assert customer.sync().counts["retire"] == 1
    assert not schedule.filters_unseen(customer.domain)


def test_a_filter_that_selects_nobody_removes_nobody(customer: Customer) -> None:
    customer.sync()
    take_only(customer, "department", "is", "No such department")
    run = customer.sync()
    assert run.state == RunState.HELD
    assert "filter_selects_nobody" in codes(run)
    assert len(customer.roll()) == 12


def test_saving_the_same_filter_again_is_no_change(customer: Customer) -> None:
    take_only(customer, "department", "is", "Sales")
    before = customer.domain.revision
    take_only(customer, "department", "is", "Sales")
    assert customer.domain.revision == before
    written = json.dumps(filters.export(customer.source)).encode()
    assert filters.load(customer.source, b"\xef\xbb\xbf" + written) == filters.read(customer.source)
    assert filters.describe(customer.source) == "department is “Sales”"


def test_a_stored_filter_that_can_no_longer_be_used_fails_the_run_and_removes_nobody(customer: Customer) -> None:
    customer.sync()
    damaged = {"all": [{"field": "noSuchField", "operator": "is", "value": "x"}]}
    Source.objects.update(filter=damaged)
    run = customer.sync()
    assert (run.state, failure(run)["code"]) == (RunState.FAILED, "filter_invalid")
    assert len(customer.roll()) == 12
    customer.source.refresh_from_db()
    assert filters.describe(customer.source) == "a filter that can no longer be used"


def test_sources_that_were_removed_are_looked_for_without_walking_through_users(customer: Customer) -> None:
    customer.sync()
    with CaptureQueriesContext(connection) as seen:
        customer.preview()
    asked = [query["sql"].replace('"', "") for query in seen.captured_queries if "directory_owner o" in query["sql"]]
    assert asked
    assert not [sql for sql in asked if "JOIN directory_user" in sql]
