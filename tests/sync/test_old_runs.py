"""What old runs say of people goes after as many days as the setting says; what is still asked about stays."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll import promises
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.sync.models import Run, RunChange, RunProgress, RunRequest, RunSkip, Trigger
from mailroll.sync.workers import old_runs
from mailroll.sync.workers.housekeeping import Housekeeping
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer

DAYS = 60


@pytest.fixture
def now(settings: Settings, customer: Customer) -> datetime:
    """A day on which the runs of today are just old enough: three of them, of which one was held, the newest first."""
    settings.MAILROLL = replace(settings.MAILROLL, run_details_kept=timedelta(days=DAYS))
    customer.sync()
    customer.tenant.add_user("New Joiner", local="joiner")
    customer.sync()
    customer.tenant.add_user("Newer Joiner", local="newer")
    customer.sync()
    reason = {"code": "address_taken", "holder": "Ann Smith"}
    RunSkip.objects.bulk_create(RunSkip(run=run, name=f"left@{DOMAIN}", reason=reason) for run in Run.objects.all())
    return customer.time() + timedelta(days=DAYS, seconds=1)


def kept() -> list[tuple[int, int]]:
    """Changes and skips of each run, the oldest first."""
    return [(run.changes.count(), run.skips.count()) for run in Run.objects.order_by("number")]


def test_changes_and_skips_go_in_time_and_the_newest_reading_stays(customer: Customer, now: datetime) -> None:
    before = kept()
    assert [changes for changes, _ in before] == [12, 1, 1]
    RunProgress.objects.all().delete()
    assert list(old_runs.batches(now - timedelta(seconds=2))) == [0, 0, 0, 0, 0]
    assert kept() == before
    assert sum(old_runs.batches(now)) == sum(map(sum, before[:2]))
    assert kept() == [(0, 0), (0, 0), before[2]]
    # How many there were is told still.
    first = Run.objects.order_by("number")[0]
    assert (first.counts["create"], len(customer.roll())) == (12, 14)
    told = AuditEntry.objects.get(action="run.details_cleared")
    assert told.details["rows"] == sum(map(sum, before[:2]))
    assert list(old_runs.batches(now)) == [0, 0, 0, 0, 0]


def test_a_plan_that_waits_stays_however_old_its_row_is(customer: Customer, now: datetime) -> None:
    run = Run.objects.order_by("number")[0]
    for state in ("planned", "held", "applying"):
        Run.objects.filter(id=run.id).update(state=state)
        assert sum(old_runs.batches(now)) >= 0
        assert RunChange.objects.filter(run=run).count() == 12


def test_names_go_out_of_what_a_run_found(customer: Customer, now: datetime) -> None:
    run = Run.objects.order_by("number")[0]
    run.findings = [
        {"code": "odd", "level": "warning", "facts": {"objects": "1", "names": "Ann Smith"}},
        {"code": "other", "level": "note", "facts": {}},
    ]
    run.save()
    list(old_runs.batches(now))
    run.refresh_from_db()
    assert run.findings == [
        {"code": "odd", "level": "warning", "facts": {"objects": "1", "names": "no longer kept"}},
        {"code": "other", "level": "note", "facts": {}},
    ]
    assert sum(old_runs.batches(now)) == 0


def test_what_was_asked_and_how_runs_went_goes_sooner(customer: Customer, now: datetime) -> None:
    """The newest steps stay, by which the next reading is measured; so does what a plan that waits was asked for."""
    first, second, newest = Run.objects.order_by("number")
    settled = [_ask(customer, run, outcome="done") for run in (first, second)]
    waiting = _ask(customer, newest, outcome="")
    end = max(run.finished_at for run in (first, second, newest) if run.finished_at is not None)
    assert promises.REQUESTS == promises.PROGRESS
    list(old_runs.batches(end + promises.REQUESTS))
    assert RunRequest.objects.count() == 3
    assert RunProgress.objects.filter(run=newest).exists()
    Run.objects.filter(id=first.id).update(state="held")
    list(old_runs.batches(end + promises.REQUESTS + timedelta(seconds=1)))
    assert set(RunRequest.objects.values_list("id", flat=True)) == {settled[0], waiting}
    assert set(RunProgress.objects.values_list("run", flat=True)) == {first.id, newest.id}
    customer.sync()
    assert Run.objects.latest("number").state == "unchanged"


def _ask(customer: Customer, run: Run, outcome: str) -> UUID:
    made = RunRequest.objects.create(
        domain=customer.domain,
        trigger=Trigger.MANUAL,
        actor="vera@northgate.example",
        asked_at=run.started_at,
        run=run.id,
        outcome=outcome,
        settled_at=run.finished_at if outcome else None,
    )
    return made.id


def test_a_worker_does_it_daily_a_part_at_a_time(customer: Customer, now: datetime) -> None:
    housekeeping = Housekeeping()
    assert housekeeping.keep(now)
    for _ in range(6):
        housekeeping.keep(now)
    assert kept()[:2] == [(0, 0), (0, 0)]


def test_the_page_of_such_a_run_says_so_with_the_days_of_the_setting(
    customer: Customer, now: datetime, settings: Settings, client: Client
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    run = Run.objects.order_by("number")[0]
    who = Operator.objects.create_user("vera@northgate.example", name="Vera")
    Membership.objects.create(operator=who, organization=customer.domain.organization, role=Role.VIEWER)
    client.force_login(who)
    page = reverse("console:run", args=[DOMAIN, run.id])
    assert "no longer kept" not in words(client.get(page))
    list(old_runs.batches(now))
    # By the clock of the database it is as old as it would be then.
    Run.objects.filter(id=run.id).update(finished_at=run.started_at - timedelta(days=2 * DAYS))
    told = words(client.get(page))
    assert f"Whom this run was about is no longer kept. This installation keeps it for {DAYS} days" in told
