"""One clock: the database's. What a wrong one left behind counts as unknown, and heals."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from allauth.socialaccount.models import SocialLogin
from django.db import connection

from mailroll.accounts.issuer import is_fresh
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.audit.clock import Clock
from mailroll.console.templatetags import words
from mailroll.directory.models import Domain
from mailroll.insight import overview
from mailroll.sync.models import UNDER_WAY, Run, RunRequest, RunState, Sample, Schedule, Trigger
from mailroll.sync.progress import never
from mailroll.sync.runs import answer as answers
from mailroll.sync.runs import ask, decide, make
from mailroll.sync.samples import view
from mailroll.sync.schedules import schedule
from mailroll.sync.workers.tick import fill
from tests.sync.world import DOMAIN, Customer

AHEAD = timedelta(days=40)


@pytest.fixture
def behind(customer: Customer) -> Iterator[None]:
    """The database's clock is 40 days behind that of this process, which is thus 40 days ahead."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA slow")
        cursor.execute(
            "CREATE FUNCTION slow.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
            " $$ SELECT pg_catalog.clock_timestamp() - '40 days'::interval $$"
        )
        cursor.execute(f'ALTER DATABASE "{name}" SET search_path = slow, public, pg_catalog')
    connection.close()
    yield
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" RESET search_path')
        cursor.execute("DROP SCHEMA slow CASCADE")
    connection.close()
    clock.now()


def times(row: object) -> list[datetime]:
    """The times that a row has from us; `created_at` is the database's own, and the domain was proved before."""
    others = {"created_at", "proved_at"}
    return [value for name, value in vars(row).items() if isinstance(value, datetime) and name not in others]


@pytest.mark.usefixtures("behind")
def test_a_run_while_the_clock_of_the_process_is_ahead_leaves_nothing_ahead(customer: Customer) -> None:
    acting = Acting("test:priya")
    schedule.switch_on_unseen(customer.domain, acting)
    run = make.run(customer.domain, acting)
    make.preview(customer.domain, acting)
    asked = ask.for_run(customer.domain, Trigger.MANUAL, acting)
    answers.answer(asked, never)
    fill(clock.now(), 10, leaves_quiet=False)
    assert run.state == RunState.APPLIED
    right = datetime.now(UTC) - AHEAD
    rows = [*Run.objects.all(), *Schedule.objects.all(), *Domain.objects.all(), *RunRequest.objects.all()]
    found = [at for row in rows for at in times(row)]
    assert len(found) > 10
    assert max(found) <= right + timedelta(hours=25)
    assert Domain.objects.get().read_at is not None


@pytest.mark.usefixtures("behind")
def test_pages_say_how_long_ago_something_was_by_the_clock_that_wrote_it(customer: Customer) -> None:
    written = clock.now() - timedelta(hours=6, minutes=12)
    assert "6 h 12 min" in words.age(written)
    assert "in 47 min" in words.ahead(written + timedelta(hours=7))
    assert words.day_of(written + timedelta(hours=6, minutes=12)).startswith("today")
    assert abs(clock.shown() - clock.now()) < timedelta(minutes=1)


@pytest.mark.usefixtures("behind")
def test_who_was_asked_at_the_issuer_just_now_is_so_by_the_clock_that_all_machines_share(customer: Customer) -> None:
    login = SocialLogin()
    for seconds, counts in ((10, True), (400, False), (-400, False)):
        login.authenticated_at = clock.now().timestamp() - seconds
        assert is_fresh(login) is counts


def test_the_clock_asks_once_and_counts_on(customer: Customer) -> None:
    now = Clock()
    first, second = now(), now()
    assert first <= second <= first + timedelta(minutes=1)
    assert abs(first - clock.now()) < timedelta(minutes=1)


def test_a_next_run_that_is_40_days_ahead_is_due_now(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    now = customer.time()
    for failures in (0, 3):
        RunRequest.objects.all().delete()
        Schedule.objects.update(next_run_at=now + AHEAD, failures=failures)
        assert schedule.view(customer.domain, now).next_run_at == now
        assert fill(now, 10, leaves_quiet=False)[0] == 1
        assert Schedule.objects.filter(next_run_at__lte=now + timedelta(hours=1)).exists()
    # Beyond one interval is too far, unless an attempt failed and Microsoft asked for patience.
    for failures, queued in ((0, 1), (1, 0)):
        RunRequest.objects.all().delete()
        Schedule.objects.update(next_run_at=now + timedelta(minutes=62), failures=failures)
        assert fill(now, 10, leaves_quiet=False)[0] == queued


def test_a_list_that_was_read_in_the_future_was_never_read(customer: Customer) -> None:
    customer.sync()
    Domain.objects.update(read_at=customer.time() + AHEAD)
    customer.domain.refresh_from_db()
    assert overview.standing(customer.domain, customer.time()).read_at is None
    assert customer.sync().state == RunState.UNCHANGED
    customer.domain.refresh_from_db()
    assert customer.domain.read_at == customer.time()


def test_a_plan_of_the_future_lapses(customer: Customer) -> None:
    preview = customer.preview()
    ahead = customer.time() + AHEAD
    Run.objects.update(started_at=ahead, read_at=ahead, valid_until=ahead + timedelta(hours=24))
    customer.sync()
    preview.refresh_from_db()
    assert preview.state == RunState.LAPSED


def test_a_reading_of_the_future_is_an_old_one(customer: Customer) -> None:
    customer.sync()
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    preview = customer.preview()
    Run.objects.filter(id=preview.id).update(read_at=customer.time() + AHEAD)
    for user in list(customer.tenant.deleted):
        customer.tenant.restore_user(user)
    assert decide.apply(preview.id, customer.acting).state == RunState.UNCHANGED
    assert len(customer.roll()) == 12


def test_a_run_of_the_future_answers_no_request(customer: Customer) -> None:
    customer.time.at = datetime.now(UTC)
    run = customer.sync()
    Run.objects.filter(id=run.id).update(started_at=customer.time() + AHEAD)
    asked = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    answers.answer(asked, never)
    assert Run.objects.filter(id=asked).exists()


def test_a_sample_of_the_future_is_none(customer: Customer) -> None:
    at = customer.time() + AHEAD
    Sample.objects.create(connection=customer.connection, read_at=at, asked_at=at)
    seen = view.sampled(customer.source, frozenset(), customer.acting)
    assert (seen.people, seen.read_at) == (None, None)
    assert Sample.objects.get().asked_at == customer.time()
    Sample.objects.update(read_at=at, asked_at=None)
    assert view.drop_old(customer.time()) == 1


def test_a_clock_that_jumps_a_day_and_comes_back_loses_nobody_and_leaves_nothing_behind(customer: Customer) -> None:
    customer.time.at = datetime.now(UTC)
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    before = customer.roll()
    for number, days in enumerate((1, -2, 2, -1)):
        customer.time.at += timedelta(days=days)
        customer.tenant.add_user(f"Joiner {number}", local=f"joiner{number}")
        for trigger in (Trigger.AUTOMATIC, Trigger.MANUAL):
            customer.domain.refresh_from_db()
            run = make.carry_out(customer.domain, trigger, uuid4(), customer.acting)
            assert run.state in {RunState.APPLIED, RunState.UNCHANGED}, run.error
        next_run_at = Schedule.objects.get().next_run_at
        assert next_run_at is not None
        assert next_run_at <= customer.time.at + timedelta(hours=2)
    assert set(before) < set(customer.roll())
    assert len(customer.roll()) == len(before) + 4
    assert not RunRequest.objects.exists()
    assert not Run.objects.filter(state__in=UNDER_WAY).exists()
