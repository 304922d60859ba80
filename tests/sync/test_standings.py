"""What is kept of how a domain stands is what follows from the rows, whoever wrote them, and is judged alike twice."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.connections import check, sources
from mailroll.connections.models import Connection
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.directory.models import Census, Domain, Organization, User
from mailroll.insight import domain_totals, overview
from mailroll.insight.domain_totals import FoundCounts, SeenDomains
from mailroll.insight.why import readings
from mailroll.reconcile.findings import FindingCode, Level
from mailroll.sync import removal
from mailroll.sync.models import (
    DomainStanding,
    RequestOutcome,
    Run,
    RunCount,
    RunRequest,
    RunState,
    Schedule,
    StandingSum,
    Trigger,
)
from mailroll.sync.runs import ask
from mailroll.sync.schedules import schedule
from mailroll.sync.schedules.schedule import LATE
from mailroll.sync.standings import judgement, repair, sums
from mailroll.sync.standings.repair import Repaired
from mailroll.sync.workers.housekeeping import Housekeeping
from tests.conftest import address
from tests.sync.world import DOMAIN, Customer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def _around(*edges: datetime) -> st.SearchStrategy[datetime | None]:
    """No time, and each edge with the moments before and after it."""
    return st.sampled_from([None, *(edge + step for edge in edges for step in (-_TICK, timedelta(), _TICK))])


_ROWS = st.builds(
    DomainStanding,
    domain_id=st.builds(uuid4),
    organization_id=st.sampled_from([uuid4(), uuid4(), uuid4()]),
    name=st.sampled_from(["a.example", "b.example", "c.example"]),
    users=st.integers(0, 9),
    billable=st.integers(0, 9),
    sources=st.integers(0, 2),
    has_source=st.booleans(),
    read_at=_around(NOW, NOW - timedelta(hours=24)),
    automatic=st.booleans(),
    paused=st.booleans(),
    next_run_at=_around(NOW, NOW - LATE),
    last_run_id=st.none(),
    failed=st.booleans(),
    doubted=st.booleans(),
    held_run_id=st.one_of(st.none(), st.builds(uuid4)),
    held_until=_around(NOW),
    connected=st.booleans(),
    lacks_permission=st.booleans(),
    credential_ends_at=_around(NOW, NOW + judgement.ENDING),
    under_way=st.booleans(),
    previewed=st.booleans(),
)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ROWS, min_size=10, max_size=30))
def test_the_database_judges_as_python_does(rows: list[DomainStanding]) -> None:
    DomainStanding.objects.all().delete()
    DomainStanding.objects.bulk_create(rows)
    every = DomainStanding.objects.all()
    judged = every.annotate(
        cause=judgement.cause_in_sql(NOW), health=judgement.health_in_sql(NOW), rank=judgement.rank_in_sql(NOW)
    )
    for row in judged.iterator():
        cause, health = judgement.cause(row, NOW), judgement.health(row, NOW)
        assert (row.cause, row.health) == (cause or "", health)
        assert row.rank == (judgement.PRESSING.index(health) if cause else len(judgement.PRESSING))
    _totalled(rows)
    totals = domain_totals.totals(_seen(), NOW)
    of_all = FoundCounts(totals.domains, totals.pressing, totals.in_order, totals.off)
    assert domain_totals.count(every, NOW) == of_all
    assert domain_totals.search(_seen(), "example", NOW)[1] == of_all
    assert every.filter(judgement.pressing_in_sql(NOW)).count() == totals.pressing
    assert every.exclude(judgement.pressing_in_sql(NOW)).count() == len(rows) - totals.pressing


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ROWS, min_size=10, max_size=10))
def test_pages_that_the_database_cuts_out_follow_one_another_as_python_sorts(rows: list[DomainStanding]) -> None:
    with transaction.atomic():
        place = Organization.objects.create(name="Northgate")
        for number, row in enumerate(rows):
            row.name, row.organization_id = f"{number}.example", place.id
        Domain.objects.bulk_create(Domain(id=row.domain_id, name=row.name, organization=place) for row in rows)
        every = DomainStanding.objects.filter(organization_id=place.id)
        every.delete()
        DomainStanding.objects.bulk_create(rows)
        names = [row.name for row in sorted(rows, key=lambda row: _need(row, NOW))]
        pressing = every.filter(judgement.pressing_in_sql(NOW)).count()
        shown = overview.standings(Domain.objects.filter(organization=place), NOW)
        assert [one.domain.name for one in shown] == names
        keys = {one.domain.name: one.domain.id for one in shown}
        ordered = [keys[name] for name in names]
        needy = overview.neediest(every, NOW, place=0, size=10)
        assert needy == ordered[:pressing]
        assert list(domain_totals.totals(_seen(), NOW).neediest) == ordered[:pressing]
        for known in ((), needy[:2], needy):
            cut = [
                overview.page(every, NOW, pressing=pressing, place=first, size=3, known=known) for first in (0, 3, 6, 9)
            ]
            assert cut == [ordered[first : first + 3] for first in (0, 3, 6, 9)]
        assert [one.domain.name for one in overview.shown(ordered[::-1], NOW)] == names
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ROWS, min_size=2, max_size=20), st.lists(_ROWS, min_size=20, max_size=20))
def test_sums_follow_whatever_is_written(rows: list[DomainStanding], later: list[DomainStanding]) -> None:
    DomainStanding.objects.all().delete()
    DomainStanding.objects.bulk_create(rows)
    for row, other in zip(rows, later, strict=False):
        for name in ("organization_id", "users", "billable", "automatic", "read_at", "next_run_at"):
            setattr(row, name, getattr(other, name))
    DomainStanding.objects.bulk_update(
        rows, ["organization_id", "users", "billable", "automatic", "read_at", "next_run_at"]
    )
    _totalled(rows)
    sums.fold()
    assert StandingSum.objects.count() == len({row.organization_id for row in rows})
    _totalled(rows)
    gone, *left = rows
    DomainStanding.objects.filter(domain_id=gone.domain_id).delete()
    _totalled(left)
    assert sums.mend() == 0
    DomainStanding.objects.bulk_create([gone])
    _totalled(rows)
    DomainStanding.objects.filter(domain_id=gone.domain_id).delete()
    sums.fold()
    _totalled(left)
    StandingSum.objects.create(organization_id=uuid4(), domains=1, users=7, billable=7, automatic=0, kept=0)
    assert sums.mend() == 1
    _totalled(left)


@pytest.mark.django_db
def test_times_that_move_cost_no_sum(customer: Customer) -> None:
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    sums.fold()
    Domain.objects.update(read_at=customer.time())
    Schedule.objects.update(next_run_at=customer.time() + timedelta(hours=1))
    assert _row(customer).read_at == customer.time()
    (kept,) = StandingSum.objects.all()
    assert (kept.domains, kept.users, kept.billable, kept.automatic, kept.kept) == (1, 12, 12, 1, 1)
    # Nor is one that is whole put together again.
    sums.fold()
    assert StandingSum.objects.get().id == kept.id


def _seen() -> SeenDomains:
    return SeenDomains(DomainStanding.objects.all(), Organization.objects.all(), everything=True)


def _totalled(rows: list[DomainStanding]) -> None:
    """What pages sum up is what these rows come to."""
    totals = domain_totals.totals(_seen(), NOW)
    assert totals.pressing == sum(judgement.cause(row, NOW) is not None for row in rows)
    assert totals.in_order == sum(judgement.in_order(row, NOW) for row in rows)
    assert (totals.domains, totals.off) == (len(rows), sum(not row.automatic for row in rows))
    assert (totals.users, totals.billable) == (sum(row.users for row in rows), sum(row.billable for row in rows))
    assert totals.organizations == len({row.organization_id for row in rows})
    oldest = [(at, row.name) for row in rows if (at := judgement.read_at(row, NOW)) is not None]
    assert (totals.oldest_at, totals.oldest) == min(oldest, default=(None, ""))


def _need(row: DomainStanding, now: datetime) -> tuple[int, float, str]:
    if judgement.cause(row, now) is None:
        return len(judgement.PRESSING), 0, row.name
    read = judgement.read_at(row, now)
    return judgement.PRESSING.index(judgement.health(row, now)), read.timestamp() if read is not None else 0, row.name


@pytest.mark.django_db
def test_the_database_knows_the_findings_that_are_doubts() -> None:
    for code, level in product(FindingCode, Level):
        run = Run(findings=[{"code": code.value, "level": level.value, "facts": _Any(), "of": "reading"}])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sync_doubted(jsonb_build_array(jsonb_build_object('code', %s::text, 'level', %s::text)))",
                [code.value, level.value],
            )
            (doubted,) = cursor.fetchone()
        assert doubted == (readings.pressing_doubt(run) is not None), (code, level)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sync_doubted('[]')")
        assert cursor.fetchone() == (False,)


class _Any(dict[str, str]):
    """Facts of any name: what a sentence says is not asked here."""


def _right() -> None:
    """Nothing has drifted: what is kept is what follows from the rows."""
    found = repair.repair()
    assert (found.counts, found.standings, found.sums, found.quarters) == (0, 0, 0, 0)


def _row(customer: Customer) -> DomainStanding:
    return DomainStanding.objects.get(domain=customer.domain)


@pytest.mark.django_db
def test_whatever_moves_a_standing_writes_it(customer: Customer) -> None:
    domain, acting = customer.domain, customer.acting
    assert _row(customer).sources == 1
    customer.preview()
    assert _row(customer).previewed
    customer.sync()
    assert (_row(customer).users, _row(customer).billable) == (12, 12)
    schedule.switch_on_unseen(domain, acting)
    assert _row(customer).automatic
    schedule.set_interval(domain, 30, acting)
    assert _row(customer).next_run_at == Schedule.objects.get(domain=domain).next_run_at
    _right()
    ask.for_run(domain, Trigger.MANUAL, acting)
    assert _row(customer).under_way
    RunRequest.objects.update(outcome=RequestOutcome.DONE)
    assert not _row(customer).under_way
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    held = _row(customer).held_run_id
    assert held is not None
    assert _row(customer).held_until == Run.objects.get(id=held).valid_until
    customer.time.pass_(hours=1)
    customer.simulator.faults.on("malformed_json")
    customer.sync()
    customer.simulator.faults.off("malformed_json")
    assert _row(customer).failed
    _right()
    Connection.objects.update(credential_ends_at=customer.time())
    assert _row(customer).credential_ends_at == customer.time()
    customer.tenant.principals[customer.connection.client_id].roles = ("User.Read.All", "Organization.Read.All")
    check.check(customer.connection, domain, acting)
    assert _row(customer).lacks_permission
    sources.set_switch(customer.source, SourceSwitch.ENABLED, acting, on=False)
    row = _row(customer)
    assert (row.connected, row.lacks_permission, row.credential_ends_at, row.has_source) == (False, False, None, False)
    _right()


@pytest.mark.django_db
def test_users_are_counted_whoever_writes_them(customer: Customer) -> None:
    customer.sync()
    one = User.objects.filter(domain=customer.domain).order_by("id")[0]
    User.objects.filter(id=one.id).update(billable=False)
    assert (_row(customer).users, _row(customer).billable) == (12, 11)
    User.objects.filter(id=one.id).update(retired_at=NOW)
    census = Census.objects.get(domain=customer.domain)
    assert (census.users, census.billable, census.retired) == (11, 11, 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_address WHERE user_id = %s", [one.id])
        cursor.execute("DELETE FROM directory_user WHERE id = %s", [one.id])
    census.refresh_from_db()
    assert (census.users, census.billable, census.retired) == (11, 11, 0)
    _right()


@pytest.mark.django_db(transaction=True)
def test_a_domain_that_goes_leaves_nothing_behind(customer: Customer) -> None:
    customer.sync()
    removal.remove_domain(customer.domain, DOMAIN, customer.acting)
    assert (DomainStanding.objects.count(), Census.objects.count()) == (0, 0)
    assert _marks() == 0


@pytest.mark.django_db
def test_what_drifted_is_set_right_and_told(customer: Customer) -> None:
    customer.sync()
    DomainStanding.objects.update(failed=True)
    assert repair.repair() == Repaired(domains=1, counts=0, standings=1)
    Census.objects.update(users=7)
    assert _row(customer).users == 7
    assert repair.repair() == Repaired(domains=1, counts=1, standings=0)
    assert _row(customer).users == 12
    DomainStanding.objects.create(**{**_stray(), "domain_id": uuid4()})
    repair.repair()
    assert DomainStanding.objects.count() == 1


@pytest.mark.django_db
def test_how_many_runs_ended_well_is_compared_with_the_runs_there_are(
    customer: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    """Of days that are still counted, so it is by the clock of the database."""
    customer.time.at = datetime.now(UTC) - timedelta(hours=1)
    for use in (customer.preview, customer.sync, customer.preview, customer.sync):
        assert use().state != RunState.FAILED
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    assert customer.preview().state == RunState.PLANNED
    _right()
    kept = RunCount.objects.aggregate(sum=Sum("number"))
    for wrong in (RunCount.objects.update, lambda **_: RunCount.objects.all().delete()):
        wrong(number=70)
        house = Housekeeping()
        # One to begin, one for the domain, and one for what all come to.
        for _ in range(3):
            house.keep(customer.time())
        assert "For 1 quarter-hours another number of runs was kept than ended well." in caplog.messages
        assert RunCount.objects.aggregate(sum=Sum("number")) == kept
        caplog.clear()
    _right()


def _stray() -> dict[str, object]:
    row = DomainStanding.objects.get()
    return {field.attname: getattr(row, field.attname) for field in DomainStanding._meta.concrete_fields}


@pytest.mark.django_db
def test_housekeeping_sets_them_right_a_few_at_a_time(customer: Customer) -> None:
    housekeeping = Housekeeping()
    housekeeping.keep(customer.time())
    DomainStanding.objects.update(failed=True)
    housekeeping.keep(customer.time())
    assert not _row(customer).failed
    DomainStanding.objects.update(failed=True)
    housekeeping.keep(customer.time())
    assert _row(customer).failed


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_a_domain_at_once_both_are_seen(customer: Customer) -> None:
    """Each sees only what is committed, so the later one looks again at all of it, after the earlier one is done."""
    edit_by_hand = "UPDATE sync_schedule SET automatic = true, next_run_at = now()"
    schedule.set_interval(customer.domain, 30, customer.acting)
    with psycopg.connect(address()) as other:
        other.execute(edit_by_hand)
        with transaction.atomic():
            Domain.objects.filter(id=customer.domain.id).update(read_at=NOW)
        assert (_row(customer).automatic, _row(customer).read_at) == (False, NOW)
    assert (_row(customer).automatic, _row(customer).read_at) == (True, NOW)
    assert _marks() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_mend_sums_at_once_do_not_both_add_what_is_missing(customer: Customer) -> None:
    """Neither sees what the other has not committed, so the later one waits, as this one does for no longer."""

    def mend_impatiently() -> None:
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1ms'")
            sums.mend()

    StandingSum.objects.create(organization_id=uuid4(), domains=1, users=7, billable=7, automatic=0, kept=0)
    with ThreadPoolExecutor(1) as elsewhere, transaction.atomic():
        assert sums.mend() == 1
        with pytest.raises(OperationalError, match="lock timeout"):
            elsewhere.submit(mend_impatiently).result()
    assert sums.mend() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_moved_nothing(customer: Customer) -> None:
    with transaction.atomic():
        edit.add_domain(customer.domain.organization, "aspen.example", customer.acting)
        transaction.set_rollback(True)
    assert DomainStanding.objects.count() == 1
    assert _marks() == 0


def _marks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sync_standing_mark")
        (number,) = cursor.fetchone()
    return int(number)
