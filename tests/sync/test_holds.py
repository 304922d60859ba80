"""Removals that are held: everything else is applied, and a person decides about the rest."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from mailroll.audit.models import AuditEntry
from mailroll.directory import load
from mailroll.directory.models import Domain
from mailroll.insight import reports
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.departures import NO_DEPARTURES
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.model import RollUser
from mailroll.sync import departures
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.runs import decide
from tests.sync.world import DOMAIN, Customer


@pytest.fixture
def thinned(customer: Customer) -> Customer:
    """Five of twelve leave, which is too many; one joins."""
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")
    return customer


def test_the_rest_is_applied_and_the_removals_wait_until_a_person_releases_them_with_a_reason(
    thinned: Customer,
) -> None:
    run = thinned.sync()
    assert (run.state, run.counts["create"], run.counts["retire"]) == (RunState.APPLIED, 1, 0)
    assert f"joiner@{DOMAIN}" in thinned.roll()
    held = run.waits
    assert held is not None
    assert (held.state, held.trigger, held.counts["retire"]) == (RunState.HELD, Trigger.HELD, 5)
    assert "removal_limit" in {finding["code"] for finding in held.findings}
    assert reports.report(run)["held_run"] == str(held.id)
    with pytest.raises(BadInput) as missing:
        decide.release(held.id, "  ", thinned.acting)
    assert missing.value.code == "reason_missing"
    assert len(thinned.roll()) == 13
    # It may be named by the run that it came from.
    done = decide.release(run.id, "They were made redundant", thinned.acting)
    assert (done.id, done.state, done.counts["retire"]) == (held.id, RunState.APPLIED, 5)
    assert len(thinned.roll()) == 8
    entry = AuditEntry.objects.get(action="run.released")
    assert entry.details["reason"] == "They were made redundant"
    assert thinned.sync().state == RunState.UNCHANGED
    # What a person released is not counted against the next run.
    thinned.tenant.delete_user(f"p6@{DOMAIN}")
    run = thinned.sync()
    assert (run.state, run.counts["retire"], codes(run)) == (RunState.APPLIED, 1, set())


def test_a_discarded_hold_removes_nobody(thinned: Customer) -> None:
    held = thinned.sync().waits
    assert held is not None
    assert decide.discard(held.id, thinned.acting).state == RunState.DISCARDED
    assert len(thinned.roll()) == 13
    with pytest.raises(Refused):
        decide.release(held.id, "Too late", thinned.acting)


def test_the_same_removals_keep_waiting_where_they_are_and_can_be_released_under_newer_settings(
    thinned: Customer,
) -> None:
    first = thinned.sync().waits
    again = thinned.sync()
    assert again.state == RunState.UNCHANGED
    assert again.waits == first
    thinned.tenant.add_user("Another Joiner", local="another")
    third = thinned.sync()
    assert (third.state, third.counts["create"]) == (RunState.APPLIED, 1)
    assert third.waits == first
    Domain.objects.update(revision=F("revision") + 1)
    thinned.domain.refresh_from_db()
    assert thinned.sync().waits == first
    assert first is not None
    assert decide.release(first.id, "Known", thinned.acting).counts["retire"] == 5


def test_a_hold_lives_with_its_reading_and_lapses_a_day_after_it(thinned: Customer) -> None:
    held = thinned.sync().waits
    assert held is not None
    for _ in range(3):
        thinned.time.pass_(hours=20)
        assert thinned.sync().waits == held
    held.refresh_from_db()
    assert (held.read_at, held.valid_until) == (thinned.time(), thinned.time() + timedelta(hours=24))
    thinned.time.pass_(hours=25)
    with pytest.raises(Refused):
        decide.release(held.id, "Too late", thinned.acting)
    assert len(thinned.roll()) == 13


def test_a_reading_in_doubt_does_not_take_the_place_of_the_one_behind_a_hold(customer: Customer) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    held = customer.sync().waits
    assert held is not None
    before = (held.read_at, held.valid_until, held.findings)
    customer.time.pass_(hours=1)
    # An object without an id: whose it is cannot be told.
    customer.simulator.faults.on("missing_id", user=f"p9@{DOMAIN}")
    doubted = customer.sync()
    assert "object_unreadable" in {finding["code"] for finding in doubted.findings}
    assert doubted.waits == held
    held.refresh_from_db()
    assert (held.read_at, held.valid_until, held.findings) == before


def test_other_removals_take_the_place_of_those_that_waited_and_end_when_everybody_is_back(thinned: Customer) -> None:
    first = thinned.sync().waits
    thinned.tenant.delete_user(f"p6@{DOMAIN}")
    second = thinned.sync().waits
    assert first is not None
    assert second is not None
    first.refresh_from_db()
    assert (first.state, second.counts["retire"]) == (RunState.SUPERSEDED, 6)
    for user in list(thinned.tenant.deleted):
        thinned.tenant.restore_user(user)
    assert thinned.sync().state == RunState.UNCHANGED
    second.refresh_from_db()
    assert second.state == RunState.SUPERSEDED


def test_a_plan_of_nothing_but_removals_is_held_itself(customer: Customer) -> None:
    customer.sync()
    for number in range(12):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    run = customer.sync()
    assert (run.state, run.counts["retire"]) == (RunState.HELD, 12)
    codes = {finding["code"] for finding in run.findings}
    assert {"everyone_would_go", "source_empty", "removal_limit"} <= codes
    assert len(customer.roll()) == 12
    assert reports.report(run)["held_run"] == str(run.id)


def test_a_preview_over_the_limit_is_parted_when_it_is_applied(thinned: Customer) -> None:
    preview = thinned.preview()
    assert (preview.state, preview.counts["retire"], preview.counts["create"]) == (RunState.PLANNED, 5, 1)
    done = decide.apply(preview.id, thinned.acting)
    assert (done.state, done.counts["retire"], done.counts["create"]) == (RunState.APPLIED, 0, 1)
    assert done.waits is not None
    assert len(thinned.roll()) == 13


def test_guards_of_a_large_plan_load_whom_it_is_about_and_nobody_else(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer.sync()
    for number in range(4):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", displayName="Renamed")
    run = customer.preview()
    loaded: list[UUID] = []
    users = load.users

    def noting(domain: UUID, ids: Collection[UUID]) -> tuple[RollUser, ...]:
        loaded.extend(ids)
        return users(domain, ids)

    monkeypatch.setattr(load, "BATCH", 3)
    monkeypatch.setattr(load, "current", lambda _: pytest.fail("everybody is loaded"))
    monkeypatch.setattr(load, "users", noting)
    decide.apply(run.id, customer.acting)
    assert len(loaded) == 4
    assert sum(user.display_name == "Renamed" for user in customer.everyone()) == 4


def test_a_domain_of_three_is_guarded_as_well(customer: Customer) -> None:
    for number in range(3, 12):
        customer.tenant.purge_user(f"p{number}@{DOMAIN}")
    customer.sync()
    for number in range(2):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    assert len(customer.roll()) == 3


def test_a_mailbox_made_again_waits_with_the_removal_it_needs(customer: Customer) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.tenant.add_user("Person Zero Again", local="p0")
    run = customer.sync()
    assert len(customer.roll()) == 12
    held = run.waits
    assert held is not None
    assert (held.counts["retire"], held.counts["create"]) == (5, 1)
    decide.release(held.id, "Checked", customer.acting)
    assert customer.roll()[f"p0@{DOMAIN}"].display_name == "Person Zero Again"
    assert len(customer.roll()) == 8


def test_lost_aliases_are_counted_too(customer: Customer) -> None:
    people = [customer.tenant.user(f"p{number}@{DOMAIN}") for number in range(12)]
    for number, person in enumerate(people):
        aliases = [f"smtp:p{number}.{letter}@{DOMAIN}" for letter in "abc"]
        customer.tenant.change_user(person, proxyAddresses=[f"SMTP:p{number}@{DOMAIN}", *aliases])
    customer.sync()
    for number, person in enumerate(people):
        customer.tenant.change_user(person, proxyAddresses=[f"SMTP:p{number}@{DOMAIN}"], displayName="Renamed")
    run = customer.sync()
    assert "address_limit" in {finding["code"] for finding in run.findings}
    roll = customer.roll()
    assert all(len(user.aliases) == 3 for user in roll.values())
    assert {user.display_name for user in roll.values()} == {"Renamed"}


def codes(run: Run) -> set[str]:
    return {finding["code"] for finding in run.findings}


def test_a_few_at_a_time_are_counted_together(customer: Customer) -> None:
    """Three of forty are within the limit of one run, of which there were eleven."""
    for number in range(12, 40):
        customer.tenant.add_user(f"Person {number}", local=f"p{number}")
    customer.sync()
    found = []
    for place in range(4):
        customer.time.pass_(hours=1)
        for number in range(3 * place, 3 * place + 3):
            customer.tenant.delete_user(f"p{number}@{DOMAIN}")
        preview, run = customer.preview(), customer.sync()
        assert codes(run) == codes(preview)
        found.append((run.state, codes(run)))
    together = {"removal_limit_day", "removal_limit_week", "address_limit_day", "address_limit_week"}
    assert found[:2] == [(RunState.APPLIED, set())] * 2
    assert found[2] == (RunState.HELD, together)
    assert (found[3][0], found[3][1] - {"removal_limit", "address_limit"}) == (RunState.HELD, together)
    assert len(customer.roll()) == 34


def test_what_went_counts_for_a_day_and_for_a_week(customer: Customer) -> None:
    for number in range(12, 40):
        customer.tenant.add_user(f"Person {number}", local=f"p{number}")
    customer.sync()
    for number in range(8):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
        customer.time.pass_(hours=3)
        assert customer.sync().state == RunState.APPLIED
    customer.tenant.delete_user(f"p8@{DOMAIN}")
    customer.time.pass_(days=2)
    assert codes(customer.sync()) == {"removal_limit_week", "address_limit_week"}
    customer.time.pass_(days=5)
    run = customer.sync()
    assert (run.state, codes(run)) == (RunState.APPLIED, set())


def test_aliases_that_end_one_by_one_are_counted_together(customer: Customer) -> None:
    person = f"p0@{DOMAIN}"
    aliases = [f"smtp:p0.{letter}@{DOMAIN}" for letter in "abcdefgh"]
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:{person}", *aliases])
    customer.sync()
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:{person}", *aliases[3:]])
    assert customer.sync().state == RunState.APPLIED
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:{person}", *aliases[5:]])
    run = customer.sync()
    assert (run.state, codes(run)) == (RunState.HELD, {"address_limit_week"})
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:{person}", *aliases])
    assert codes(customer.sync()) == set()
    assert len(customer.roll()[person].aliases) == 8


def test_who_left_lately_is_looked_for_in_runs_alone_that_ended_anything(customer: Customer) -> None:
    customer.sync()
    person, other = f"p0@{DOMAIN}", f"smtp:other@{DOMAIN}"
    customer.tenant.change_user(person, displayName="Renamed", proxyAddresses=[f"SMTP:{person}", other])
    renamed = customer.sync()
    with CaptureQueriesContext(connection) as few:
        assert departures.recent(renamed.domain_id, customer.acting.now()) == NO_DEPARTURES
    assert len(few) == 1
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:{person}"])
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    ended = customer.sync()
    assert (renamed.counts["ended"], ended.counts["ended"]) == (0, 2)
    lately = departures.recent(ended.domain_id, customer.acting.now())
    assert len(lately.week.users) == 1
    assert lately.week.addresses == frozenset({Address(f"other@{DOMAIN}"), Address(f"p1@{DOMAIN}")})
    for run in (renamed, ended):
        # As a version left it that did not count these.
        Run.objects.filter(id=run.id).update(counts={**run.counts, "ended": None})
    assert departures.recent(ended.domain_id, customer.acting.now()) == lately


def test_a_domain_that_more_than_doubles_waits_for_a_person(customer: Customer) -> None:
    """All of it waits in one run, however often it is read again, until somebody releases it with a reason."""
    assert customer.sync().state == RunState.APPLIED
    customer.tenant.delete_user(f"p0@{DOMAIN}")
    for number in range(60):
        customer.tenant.add_user(f"New {number}", local=f"new{number}")
    preview = customer.preview()
    assert (preview.state, codes(preview)) == (RunState.PLANNED, {"growth_limit", "billing_limit"})
    assert decide.apply(preview.id, customer.acting).state == RunState.HELD
    again = customer.sync()
    assert (again.state, again.waits_in, len(customer.roll())) == (RunState.UNCHANGED, preview, 12)
    done = decide.release(preview.id, "Two companies became one", customer.acting)
    assert (done.state, len(customer.roll())) == (RunState.APPLIED, 71)
    assert customer.sync().state == RunState.UNCHANGED


def test_a_first_sync_is_not_held_however_large_it_is(customer: Customer) -> None:
    for number in range(60):
        customer.tenant.add_user(f"New {number}", local=f"new{number}")
    run = customer.sync()
    assert (run.state, run.findings, len(customer.roll())) == (RunState.APPLIED, [], 72)


def test_a_mailbox_made_again_gets_mail_at_once_and_the_shared_address_at_the_release(customer: Customer) -> None:
    customer.sync()
    for number in range(6):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.tenant.add_user("Person 0", local="p0", aliases=[f"new@{DOMAIN}"])
    run = customer.sync()
    assert run.state == RunState.APPLIED
    assert customer.roll()[f"new@{DOMAIN}"].aliases == ()
    assert customer.roll()[f"p0@{DOMAIN}"].display_name == "Person 0"
    held, again = run.waits, customer.sync().waits
    assert held is not None
    assert held == again
    decide.release(held.id, "They left.", customer.acting)
    assert customer.roll()[f"p0@{DOMAIN}"].aliases == (f"new@{DOMAIN}",)
