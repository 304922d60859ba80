"""A worker whose clock is a day off loses nobody, does nothing twice and clears nothing early."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from mailroll.accounts import installation
from mailroll.audit import clock
from mailroll.audit.models import AuditEntry
from mailroll.sync.models import UNDER_WAY, Run, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.runs import make
from mailroll.sync.sources.since import Since
from tests.sync.test_worker import workers  # noqa: F401 - the fixture
from tests.sync.workers import PRIYA, Workers, due, settled_or_checked, switch_on
from tests.sync.world import DOMAIN, Customer

DAY = timedelta(days=1)


@pytest.fixture
def leftovers(customer: Customer) -> None:
    """Of what is cleared by its age, one that has an hour to go, and one that is an hour beyond it."""
    kept, now = installation.settings().audit_kept, clock.now()
    for action, age in (("test.young", kept - timedelta(hours=1)), ("test.old", kept + timedelta(hours=1))):
        entry = AuditEntry.objects.create(actor=str(customer.domain.id), action=action, subject="x", details={})
        AuditEntry.objects.filter(id=entry.id).update(at=now - age)
    Session.objects.create(session_key="young", session_data="", expire_date=now + timedelta(hours=1))
    Session.objects.create(session_key="old", session_data="", expire_date=now - 2 * DAY)


@pytest.mark.parametrize(("passed", "is_recent"), [(14, True), (16, False), (-1, True), (-16, False)])
def test_answers_may_be_behind_what_was_told_also_where_the_clock_was_set_back_a_little(
    passed: int, *, is_recent: bool
) -> None:
    told = datetime(2026, 11, 30, tzinfo=UTC)
    kept = Since((), told, frozenset(), told, told)
    assert kept.is_recent(told + timedelta(minutes=passed)) is is_recent


@pytest.mark.slow
@pytest.mark.usefixtures("leftovers")
@pytest.mark.parametrize("off", [DAY, -DAY])
def test_beside_a_worker_whose_clock_is_a_day_off_nobody_is_lost_and_all_ends_where_it_is_seen(
    customer: Customer,
    workers: Workers,  # noqa: F811 - the fixture
    off: timedelta,
) -> None:
    def by_schedule() -> Run:
        customer.domain.refresh_from_db()
        return make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), PRIYA)

    # 1. The worker lists everybody, then goes by changes: whoever joined is in, and whoever left is gone, once.
    switch_on(customer)
    workers.start(2, f"off={off.total_seconds()}")
    workers.until(settled_or_checked(1), "everybody is listed")
    assert len(customer.roll()) == 12
    customer.tenant.add_user("Joiner 1", local="joiner1")
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    due()
    workers.until(lambda: f"joiner1@{DOMAIN}" in customer.roll(), "who joined is let in")
    workers.until(lambda: not RunRequest.objects.filter(outcome="").exists(), "the run has ended")
    # 2. What it left behind, a process whose clock is right goes on from; and the other way round.
    customer.tenant.add_user("Joiner 2", local="joiner2")
    assert by_schedule().state == RunState.APPLIED
    assert by_schedule().state == RunState.UNCHANGED
    customer.tenant.add_user("Joiner 3", local="joiner3")
    due()
    workers.until(lambda: f"joiner3@{DOMAIN}" in customer.roll(), "who joined behind that is let in")
    workers.until(lambda: not RunRequest.objects.filter(outcome="").exists(), "that run has ended as well")
    # 3. The roll, the runs and what they left are as of a worker whose clock is right.
    names = {*(f"p{number}" for number in range(12) if number != 1), "joiner1", "joiner2", "joiner3"}
    assert set(customer.roll()) == {f"{name}@{DOMAIN}" for name in names}
    assert not Run.objects.filter(state__in=UNDER_WAY).exists()
    made = [run.counts for run in Run.objects.filter(state=RunState.APPLIED)]
    assert sum(counts["create"] for counts in made) == 12 + 3
    now = datetime.now(UTC) + timedelta(minutes=1)
    assert not Run.objects.exclude(started_at__lt=now, finished_at__lt=now).exists()
    next_run_at = Schedule.objects.get().next_run_at
    assert next_run_at is not None
    assert next_run_at < now + timedelta(minutes=10_080)
    # 4. Housekeeping, which a worker begins with, went by the database's clock.
    workers.until(lambda: not AuditEntry.objects.filter(action="test.old").exists(), "what is too old is cleared")
    assert AuditEntry.objects.filter(action="test.young").exists()
    assert [row.session_key for row in Session.objects.all()] == ["young"]
