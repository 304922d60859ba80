"""Automatic runs go by what the directory tells of changes: where that is nothing, nobody is listed."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from mailroll.accounts import installation
from mailroll.connections import credentials, sources
from mailroll.connections.models import Connection
from mailroll.connections.sources import SourceSwitch
from mailroll.directory.models import Domain
from mailroll.reconcile.findings import FindingCode
from mailroll.sync.footings import steady_state
from mailroll.sync.models import Run, RunState, SteadyState, Trigger
from mailroll.sync.runs import make
from mailroll.sync.sources import since, source_list
from mailroll_simulator import Tenant
from tests.sync.test_filtered_runs import take_only
from tests.sync.test_unchanged import settle, told, unlisted
from tests.sync.world import DOMAIN, Customer, connect

pytestmark = pytest.mark.django_db(transaction=True)

DELTAS = ["/users/delta", "/groups/delta", "/contacts/delta"]


@pytest.fixture
def steady(customer: Customer) -> Customer:
    """A customer of whom the schedule knows that there is nothing to do."""
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.tenant.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    # One listing more, behind the cursors that the last one took.
    assert "/users" in by_schedule(customer)[1]
    return customer


def by_schedule(customer: Customer, seconds: float = 1200) -> tuple[Run, list[str]]:
    """Make a run as the schedule does, so long after the last one; returns it, and what was asked of Graph for it."""
    before = len(asked(customer))
    customer.time.pass_(seconds=seconds)
    customer.domain.refresh_from_db()
    run = make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)
    return run, asked(customer)[before:]


def asked(customer: Customer) -> list[str]:
    return [seen.path for seen in customer.simulator.requests.to("/") if not seen.inner]


def test_where_nothing_is_told_a_run_is_one_request_for_each_type_and_says_what_the_last_one_did(
    steady: Customer,
) -> None:
    first = SteadyState.objects.get().run
    for _ in range(3):
        run, questions = by_schedule(steady)
        assert questions == DELTAS
        assert told(run) == unlisted(told(first))
        assert Domain.objects.get(id=steady.domain.id).read_at == run.read_at == steady.time()
    # Who asks for a run has everything listed; and so has the run after it, behind the cursors that were taken then.
    assert steady.sync().state == RunState.UNCHANGED
    assert "/users" in asked(steady)[-20:]
    assert "/users" in by_schedule(steady)[1]
    assert by_schedule(steady)[1] == DELTAS


def test_who_is_told_and_not_yet_listed_is_in_with_the_next_run(steady: Customer) -> None:
    assert by_schedule(steady)[1] == DELTAS
    joiner = steady.tenant.add_user("Joiner", local="joiner")
    # Neither the listing nor the answer by id knows yet what delta tells.
    steady.simulator.faults.on("skipped_user", path="/*s", user=joiner.id)
    assert by_schedule(steady)[0].state == RunState.UNCHANGED
    steady.simulator.faults.off("skipped_user")
    run, questions = by_schedule(steady)
    assert "/users" in questions
    assert (run.state, run.counts["create"]) == (RunState.APPLIED, 1)


def test_a_joiner_is_not_lost_where_listings_within_seconds_of_each_other_are_all_behind(steady: Customer) -> None:
    assert by_schedule(steady)[1] == DELTAS
    joiner = steady.tenant.add_user("Joiner", local="joiner")
    steady.simulator.faults.on("skipped_user", path="/*s", user=joiner.id)
    for _ in range(4):
        # Each notification makes a run due within 15 seconds.
        run, questions = by_schedule(steady, seconds=15)
        assert ("/users" in questions, run.state) == (True, RunState.UNCHANGED)
    steady.simulator.faults.off("skipped_user")
    run, questions = by_schedule(steady)
    assert "/users" in questions
    assert (run.state, run.counts["create"]) == (RunState.APPLIED, 1)


def test_whatever_is_told_is_planned_and_nobody_is_listed(steady: Customer) -> None:
    tenant = steady.tenant
    for name, change in (
        ("a name", lambda: tenant.change_user(f"p3@{DOMAIN}", displayName="Somebody Else")),
        ("a group", lambda: tenant.change_group(next(iter(tenant.groups)), displayName="Everybody")),
        ("somebody goes", lambda: tenant.delete_user(f"p2@{DOMAIN}")),
    ):
        # Behind a person's reading everything is listed once more.
        assert any(by_schedule(steady)[1] == DELTAS for _ in range(4)), name
        change()
        run, questions = by_schedule(steady)
        assert "/users" not in questions, name
        assert run.state == RunState.APPLIED, name
        steady.time.pass_(minutes=1)
        assert steady.preview().state == RunState.UNCHANGED, name


def test_nobody_goes_by_what_is_told_who_answers_when_asked_by_id(steady: Customer) -> None:
    roll = steady.roll()
    steady.simulator.faults.on("delta_removed_unknown", user=steady.tenant.user(f"p1@{DOMAIN}").id)
    run, questions = by_schedule(steady)
    assert "/users" in questions
    assert run.state == RunState.UNCHANGED
    assert steady.roll() == roll


def test_members_of_a_group_that_a_filter_names_are_told(steady: Customer) -> None:
    people = [steady.tenant.user(f"p{number}@{DOMAIN}") for number in range(12)]
    inner = steady.tenant.add_group("Inner", members=people)
    steady.tenant.add_group("Clinic", members=[inner])
    take_only(steady, "memberOf", "is", "Clinic")
    settle(steady)
    assert "/users" in by_schedule(steady)[1]
    assert by_schedule(steady)[1] == DELTAS
    steady.tenant.remove_member(inner, people[1])
    run, questions = by_schedule(steady)
    assert "/users" in questions
    assert (run.state, run.counts["retire"]) == (RunState.APPLIED, 1)


def test_another_group_under_the_name_that_a_filter_says_is_told_where_no_groups_are_taken(steady: Customer) -> None:
    people = [steady.tenant.user(f"p{number}@{DOMAIN}") for number in range(12)]
    clinic, interns = (
        steady.tenant.add_group(name, members=who) for name, who in (("Clinic", people[:11]), ("Interns", people))
    )
    sources.set_switch(steady.source, SourceSwitch.GROUPS, steady.acting, on=False)
    take_only(steady, "memberOf", "is", "Clinic")
    settle(steady)
    assert "/users" in by_schedule(steady)[1]
    assert by_schedule(steady)[1] == DELTAS
    steady.tenant.change_group(clinic, displayName="Old")
    steady.tenant.change_group(interns, displayName="Clinic")
    run, questions = by_schedule(steady)
    assert "/users" in questions
    assert (run.state, run.counts["restore"] + run.counts["create"]) == (RunState.APPLIED, 1)


def test_everything_is_listed_once_a_day_and_where_a_cursor_is_lost_or_damaged(steady: Customer) -> None:
    def lists() -> bool:
        run, questions = by_schedule(steady)
        assert run.state == RunState.UNCHANGED
        return "/users" in questions

    assert not lists()
    steady.tenant.expire_delta_tokens()
    assert lists()
    assert lists()
    assert not lists()
    # Nothing else becomes due meanwhile, wherever in the day the domain has its listing.
    SteadyState.objects.update(until=steady.time() + timedelta(days=2))
    steady.time.pass_(seconds=since.due_after(steady.domain.id).total_seconds())
    assert lists()
    assert not lists()
    SteadyState.objects.update(since=installation.sealer().seal("{}", "since:elsewhere"))
    assert lists()
    assert lists()
    assert not lists()
    # What a check refused is looked at more closely.
    row = Connection.objects.get(id=steady.connection.id)
    row.health |= {"error": {"code": "consent_missing"}}
    row.save()
    assert lists()


def test_full_listings_are_spread_and_come_before_a_day_is_over() -> None:
    spans = {since.due_after(UUID(int=number)) for number in range(1000)}
    assert timedelta(hours=16) < min(spans) < max(spans) == since.FULL
    assert since.FULL + timedelta(hours=1) < steady_state.VALID, "an hourly run falls between"
    assert len(spans) == 1000


def test_what_a_full_listing_finds_and_nobody_told_is_said(steady: Customer) -> None:
    for name in ("p3", "p4"):
        user = steady.tenant.user(f"{name}@{DOMAIN}")
        user.properties["displayName"] = "Somebody Else"  # past the methods that delta hears of
    assert by_schedule(steady)[1] == DELTAS
    steady.time.pass_(seconds=since.due_after(steady.domain.id).total_seconds())
    run, questions = by_schedule(steady)
    assert questions[: len(DELTAS)] == DELTAS
    assert (run.state, run.counts["update"]) == (RunState.APPLIED, 2)
    found = [each for each in run.findings if each["code"] == FindingCode.CHANGES_UNTOLD]
    assert [each["facts"] for each in found] == [{"changes": "2"}]


def test_a_throttled_delta_fails_the_run_and_loses_nothing(steady: Customer) -> None:
    steady.simulator.faults.on("throttle", path="/users/delta", retry_after=600)
    run, questions = by_schedule(steady)
    assert run.state == RunState.FAILED
    assert run.error is not None
    assert run.error["code"] == "throttled"
    assert questions == ["/users/delta"]
    steady.simulator.faults.off("throttle")
    assert by_schedule(steady)[1] == DELTAS


def test_what_was_kept_for_another_connection_or_domain_is_not_gone_by(steady: Customer) -> None:
    """Cursors that stand in the wrong row, by whatever mishap: everything is listed, and nobody gets into another's."""
    tenant = Tenant("Elsewhere", "elsewhere.onmicrosoft.com", str(uuid4()), Random(8))
    tenant.add_domain("elsewhere.example", default=True)
    for name in ("Ann", "Ben"):
        tenant.add_user(name, local=name.lower())
    other = connect(steady.simulator, steady.simulator.add_tenant(tenant), "elsewhere.example")
    other.time.at = steady.time()
    assert other.sync().state == RunState.APPLIED
    for _ in range(3):
        by_schedule(other)
    rolls = [set(each.roll()) for each in (steady, other)]
    own, others = (SteadyState.objects.get(domain=each.domain) for each in (steady, other))
    # Under the name of the connection in whose row they stand, as nobody would look for them else.
    lines = {row.domain_id: row.since for row in (own, others)}
    for row, foreign, customer in ((own, others, steady), (others, own, other)):
        _, sealed = lines[foreign.domain_id].split(" ")
        row.since = f"{customer.connection.id} {sealed}"
        access = credentials.access(customer.connection)
        places = (
            (lines[row.domain_id], row.domain_id),
            (lines[row.domain_id], foreign.domain_id),
            (row.since, row.domain_id),
        )
        opens = [since.opened(text, domain, access, customer.time()) is not None for text, domain in places]
        assert opens == [True, False, False]
        SteadyState.objects.filter(domain=row.domain_id).update(since=row.since)
    for customer in (steady, other):
        run, questions = by_schedule(customer)
        assert run.state == RunState.UNCHANGED
        assert "/users" in questions
    assert [set(each.roll()) for each in (steady, other)] == rolls


def test_what_an_earlier_release_sealed_opens_and_is_sealed_in_the_same_shape(steady: Customer) -> None:
    question = source_list.sources(steady.domain, [])[0][1]
    access, row, now = question.access, SteadyState.objects.get(), steady.time()
    context = f"since:{access.tenant}:{access.connection}:{steady.domain.id}"
    left = since.opened(row.since, steady.domain.id, access, now)
    assert left is not None
    times = {name: getattr(left, name) for name in ("listed_at", "anchored_at", "changed_at")}
    fields = {
        "format": 4,
        "cursors": [{"type": each.type.value, "bound": each.bound, "link": each.link} for each in left.cursors],
        "verified": sorted(left.verified),
        "settled": left.settled,
        "pending": left.pending,
    } | {name: at and at.isoformat() for name, at in times.items()}
    earlier = f"{access.connection} {installation.sealer().seal(json.dumps(fields), context)}"
    assert since.opened(earlier, steady.domain.id, access, now) == left
    sealed: dict[str, Any] = json.loads(installation.sealer().open(row.since.split(" ")[1], context))
    assert sealed.keys() == fields.keys()
    assert {name: sealed[name] and datetime.fromisoformat(sealed[name]) for name in times} == times
    assert {name: sealed[name] for name in fields.keys() - times.keys()} == {
        name: fields[name] for name in fields.keys() - times.keys()
    }
