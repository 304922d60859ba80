"""Runs from a tenant to the roll: what is shown is what is applied, and nobody is lost."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from uuid import UUID

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.insight import reports
from mailroll.reconcile import storage
from mailroll.reconcile.errors import BadInput, Broken, Refused
from mailroll.reconcile.plan import Action
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.plans import plan_rows
from mailroll.sync.runs import decide
from mailroll_simulator import Tenant
from tests.sync.test_kinds import withdraw
from tests.sync.world import DOMAIN, Customer, connect, failure


def test_a_preview_lists_everyone_and_changes_nothing(customer: Customer) -> None:
    run = customer.preview()
    assert (run.state, run.trigger) == (RunState.PLANNED, Trigger.PREVIEW)
    report = reports.report(run)
    assert report["counts"]["create"] == 12
    changes = list(reports.changes(run))
    assert {change["address"] for change in changes} == {f"p{n}@{DOMAIN}" for n in range(12)}
    assert all(change["reasons"][0]["message"] for change in changes)
    assert customer.everyone() == []


def test_a_sync_makes_the_roll_equal_to_the_tenant(customer: Customer) -> None:
    customer.tenant.add_user("Robin Vale", local="robin", aliases=[f"r.vale@{DOMAIN}", "robin@elsewhere.example"])
    assert customer.sync().state == RunState.APPLIED
    roll = customer.roll()
    assert len(roll) == 13
    robin = roll[f"robin@{DOMAIN}"]
    assert robin.aliases == (f"r.vale@{DOMAIN}",)
    assert (robin.kind, robin.billable, robin.group) == ("user", True, "Main")


@pytest.mark.usefixtures("listings")
def test_a_first_sync_writes_json_for_no_user_but_candidates(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = Tenant("Large", "large.onmicrosoft.com", "22222222-2222-4333-8444-555555555555", Random(3))
    large.add_domain("large.example", default=True)
    for number in range(60):
        large.add_user(f"Person {number}", local=f"p{number}")
    customer.simulator.add_tenant(large)
    calls: list[object] = []

    def counted(writer: Callable[[object], object], value: object) -> object:
        calls.append(value)
        return writer(value)

    for name in ("canonical_json", "state_to_json", "reasons_to_json"):
        monkeypatch.setattr(storage, name, partial(counted, getattr(storage, name)))
    written: list[int] = []
    for one in (customer, connect(customer.simulator, large, "large.example")):
        withdraw(one, "MailboxSettings.Read")
        calls.clear()
        assert one.sync().state == RunState.APPLIED
        written.append(len(calls))
    assert (len(customer.everyone()), len(one.everyone())) == (12, 60)
    assert written[0] == written[1]


def test_a_second_sync_changes_nothing(customer: Customer) -> None:
    customer.sync()
    before = customer.everyone()
    again = customer.sync()
    assert again.state == RunState.UNCHANGED
    assert list(reports.changes(again)) == []
    assert again.counts["unchanged"] == 12
    assert customer.everyone() == before


def test_apply_applies_what_the_preview_showed_and_nothing_that_came_later(customer: Customer) -> None:
    preview = customer.preview()
    customer.tenant.add_user("Late Comer", local="late")
    done = decide.apply(preview.id, customer.acting)
    assert (done.state, done.digest) == (RunState.APPLIED, preview.digest)
    assert f"late@{DOMAIN}" not in customer.roll()
    assert len(customer.roll()) == 12


def test_apply_refuses_a_plan_when_what_it_touches_has_moved(customer: Customer) -> None:
    customer.sync()
    customer.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else")
    preview = customer.preview()
    edit.pin(customer.domain, customer.user(f"p1@{DOMAIN}").id, customer.acting)
    before = customer.everyone()
    with pytest.raises(Refused) as refused:
        decide.apply(preview.id, customer.acting)
    assert refused.value.code == "plan_moved_on"
    preview.refresh_from_db()
    assert preview.state == RunState.LAPSED
    assert failure(preview)["code"] == "plan_moved_on"
    assert customer.everyone() == before


def test_a_plan_outlives_a_change_to_somebody_it_does_not_touch(customer: Customer) -> None:
    customer.sync()
    customer.tenant.change_user(f"p1@{DOMAIN}", displayName="Somebody Else")
    preview = customer.preview()
    edit.pin(customer.domain, customer.user(f"p2@{DOMAIN}").id, customer.acting)
    assert decide.apply(preview.id, customer.acting).state == RunState.APPLIED


def test_a_plan_lapses_after_a_day(customer: Customer) -> None:
    preview = customer.preview()
    customer.time.pass_(hours=25)
    with pytest.raises(Refused) as refused:
        decide.apply(preview.id, customer.acting)
    assert refused.value.code == "run_not_planned"
    preview.refresh_from_db()
    assert preview.state == RunState.LAPSED
    assert customer.everyone() == []


def test_a_plan_is_applied_only_once(customer: Customer) -> None:
    preview = customer.preview()
    decide.apply(preview.id, customer.acting)
    with pytest.raises(Refused) as refused:
        decide.apply(preview.id, customer.acting)
    assert refused.value.code == "run_not_planned"


def test_changed_settings_end_a_plan(customer: Customer) -> None:
    preview = customer.preview()
    edit.bump_revision(customer.domain.id)
    with pytest.raises(Refused) as refused:
        decide.apply(preview.id, customer.acting)
    assert refused.value.code == "plan_moved_on"
    assert customer.everyone() == []


_OTHER: Mapping[str, object] = {
    "action": "restore",
    "user": UUID(int=7),
    "external_id": "",
    "owner": None,
    "object_type": "group",
    "display_name": "Mallory",
    "kind": "room",
    "kind_rule": "mailbox_on_premises",
    "billable": False,
    "kept": True,
    "group": "Elsewhere",
    "primary": f"mallory@{DOMAIN}",
    "aliases": [f"mallory@{DOMAIN}"],
    "former": [f"mallory@{DOMAIN}"],
    "retired": True,
    "before": {
        **dict.fromkeys(("external_id", "owner", "primary")),
        "display_name": "",
        "kind": "user",
        "group": "Main",
        "aliases": [],
        "former": [],
        "billable": False,
        "retired": False,
    },
    "reasons": [],
}
"""What no column of the first change has."""


def test_a_plan_whose_rows_were_tampered_with_is_not_applied(customer: Customer) -> None:
    preview = customer.preview()
    row = preview.changes.get(position=0)
    for name, value in _OTHER.items():
        was = getattr(row, name)
        assert was != value
        preview.changes.filter(id=row.id).update(**{name: value})
        with pytest.raises(Broken):
            plan_rows.read(preview)
        preview.changes.filter(id=row.id).update(**{name: was})
    assert plan_rows.read(preview).counts[Action.CREATE] == 12
    preview.changes.filter(id=row.id).update(display_name="Mallory")
    with pytest.raises(Exception, match="stored changes"):
        decide.apply(preview.id, customer.acting)
    assert customer.everyone() == []


def test_a_deleted_mailbox_is_retired_and_nothing_of_it_is_lost(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p3@{DOMAIN}")
    run = customer.sync()
    assert (run.state, run.counts["retire"]) == (RunState.APPLIED, 1)
    (gone,) = [user for user in customer.everyone() if user.retired_at is not None]
    assert (gone.address, gone.display_name, gone.billable) == (f"p3@{DOMAIN}", "Person 3", False)


def test_a_mailbox_that_comes_back_is_restored(customer: Customer) -> None:
    customer.sync()
    leaver = customer.tenant.user(f"p3@{DOMAIN}")
    key = customer.user(f"p3@{DOMAIN}").id
    customer.tenant.delete_user(leaver)
    customer.sync()
    customer.tenant.restore_user(leaver)
    run = customer.sync()
    assert run.counts["restore"] == 1
    assert customer.user(f"p3@{DOMAIN}").id == key
    assert customer.roll()[f"p3@{DOMAIN}"].billable


def test_a_rename_is_an_update_of_the_same_user(customer: Customer) -> None:
    customer.sync()
    key = customer.user(f"p4@{DOMAIN}").id
    customer.tenant.change_user(
        f"p4@{DOMAIN}",
        displayName="Person Married",
        mail=f"married@{DOMAIN}",
        proxyAddresses=[f"SMTP:married@{DOMAIN}", f"smtp:p4@{DOMAIN}"],
    )
    run = customer.sync()
    assert (run.counts["update"], run.counts["create"], run.counts["retire"]) == (1, 0, 0)
    assert customer.user(f"married@{DOMAIN}").id == key
    assert customer.roll()[f"married@{DOMAIN}"].aliases == (f"p4@{DOMAIN}",)


def test_a_mailbox_made_again_takes_its_address_over(customer: Customer) -> None:
    customer.sync()
    old = customer.user(f"p5@{DOMAIN}").id
    customer.tenant.delete_user(f"p5@{DOMAIN}")
    customer.tenant.add_user("Person Five Again", local="p5")
    run = customer.sync()
    assert (run.state, run.counts["create"], run.counts["retire"]) == (RunState.APPLIED, 1, 1)
    new = customer.user(f"p5@{DOMAIN}")
    assert (new.id != old, new.display_name) == (True, "Person Five Again")
    (retired,) = [user for user in customer.everyone() if user.retired_at is not None]
    assert (retired.id, retired.address) == (old, None)


def test_two_people_who_swap_addresses_keep_their_identities(customer: Customer) -> None:
    customer.sync()
    first, second = customer.user(f"p6@{DOMAIN}").id, customer.user(f"p7@{DOMAIN}").id
    six, seven = customer.tenant.user(f"p6@{DOMAIN}"), customer.tenant.user(f"p7@{DOMAIN}")
    customer.tenant.change_user(six, mail=f"p7@{DOMAIN}", proxyAddresses=[f"SMTP:p7@{DOMAIN}"])
    customer.tenant.change_user(seven, mail=f"p6@{DOMAIN}", proxyAddresses=[f"SMTP:p6@{DOMAIN}"])
    run = customer.sync()
    assert (run.state, run.counts["update"]) == (RunState.APPLIED, 2)
    assert (customer.user(f"p7@{DOMAIN}").id, customer.user(f"p6@{DOMAIN}").id) == (first, second)


def test_an_address_made_by_hand_stays_with_whoever_has_it(customer: Customer) -> None:
    edit.add_user(customer.domain, f"p0@{DOMAIN}", customer.acting, display_name="By Hand")
    run = customer.sync()
    assert run.state == RunState.APPLIED
    assert "conflicts" in {finding["code"] for finding in run.findings}
    kept = customer.roll()[f"p0@{DOMAIN}"]
    assert (kept.display_name, kept.managed_by) == ("By Hand", None)


def test_a_source_that_adopts_takes_a_hand_made_user_over(customer: Customer) -> None:
    key = edit.add_user(customer.domain, f"p0@{DOMAIN}", customer.acting, display_name="By Hand")
    customer.source.adopts = True
    customer.source.save()
    run = customer.sync()
    assert (run.counts["adopt"], run.counts["create"]) == (1, 11)
    assert customer.user(f"p0@{DOMAIN}").id == key
    assert customer.roll()[f"p0@{DOMAIN}"].managed_by is not None


def test_a_pinned_user_outlives_the_mailbox(customer: Customer) -> None:
    customer.sync()
    edit.pin(customer.domain, customer.user(f"p8@{DOMAIN}").id, customer.acting)
    customer.tenant.delete_user(f"p8@{DOMAIN}")
    run = customer.sync()
    assert run.counts["retire"] == 0
    assert f"p8@{DOMAIN}" in customer.roll()


def test_an_exempt_user_is_left_alone(customer: Customer) -> None:
    customer.sync()
    edit.exempt(customer.domain, customer.user(f"p9@{DOMAIN}").id, customer.acting)
    customer.tenant.change_user(f"p9@{DOMAIN}", displayName="New Name")
    assert customer.sync().state == RunState.UNCHANGED
    assert customer.roll()[f"p9@{DOMAIN}"].display_name == "Person 9"


def test_an_unlicensed_mailbox_is_marked_and_not_billed(customer: Customer) -> None:
    customer.tenant.add_user(
        "Former Colleague",
        licence=None,
        local="former",
        mail=f"former@{DOMAIN}",
        proxyAddresses=[f"SMTP:former@{DOMAIN}"],
    )
    customer.sync()
    former = customer.roll()[f"former@{DOMAIN}"]
    assert (former.kind, former.billable) == ("unlicensed", False)


def test_every_decision_is_in_the_audit_trail(customer: Customer) -> None:
    preview = customer.preview()
    decide.apply(preview.id, customer.acting)
    entry = AuditEntry.objects.get(action="run.applied")
    assert (entry.actor, entry.subject, entry.details["digest"]) == ("test:priya", DOMAIN, preview.digest)


def test_an_unknown_run_is_told_so(customer: Customer) -> None:
    with pytest.raises(BadInput) as unknown:
        decide.apply(customer.domain.id, customer.acting)
    assert unknown.value.code == "run_unknown"


def test_a_domain_without_a_source_reads_nothing(customer: Customer) -> None:
    customer.source.enabled = False
    customer.source.save()
    run = customer.sync()
    assert (run.state, failure(run)["code"]) == (RunState.FAILED, "no_source")
    assert Run.objects.count() == 1
