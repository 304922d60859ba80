"""What is due is queued once, by however many workers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models.functions import Least
from django.utils import timezone

from mailroll.connections import sources
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.sync import tasks
from mailroll.sync.models import Decision, QuietSpell, RequestOutcome, Run, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.runs import ask, make
from mailroll.sync.schedules import quiet, schedule, turns
from mailroll.sync.workers.tick import fill
from tests.sync.waiting import beside
from tests.sync.world import DOMAIN, Customer

MUCH = 10_000


@pytest.fixture
def due(customer: Customer) -> Customer:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    customer.time.pass_(hours=1)
    return customer


def domains(customer: Customer, number: int) -> list[Domain]:
    """Many domains of the customer, all of them due."""
    made = [edit.add_domain(customer.domain.organization, f"d{n}.example", customer.acting) for n in range(number)]
    for domain in made:
        sources.add(domain, customer.connection, customer.acting)
        schedule.switch_on_unseen(domain, customer.acting)
    customer.time.pass_(hours=1)
    return made


def automatic() -> list[UUID]:
    return list(RunRequest.objects.filter(trigger=Trigger.AUTOMATIC).values_list("domain", flat=True))


def test_a_domain_that_is_due_is_queued_and_gets_its_next_time(due: Customer) -> None:
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 1
    assert automatic() == [due.domain.id]
    assert tasks.waiting() == 1
    at = schedule.view(due.domain, due.time()).next_run_at
    assert at is not None
    assert due.time() < at <= due.time() + timedelta(hours=1)


def test_nothing_is_queued_before_its_time(customer: Customer) -> None:
    schedule.switch_on_unseen(customer.domain, customer.acting)
    at = schedule.view(customer.domain, customer.time()).next_run_at
    assert at is not None
    assert fill(at - timedelta(seconds=1), MUCH, leaves_quiet=False)[0] == 0
    assert fill(at, MUCH, leaves_quiet=False)[0] == 1


def test_what_waits_already_is_not_queued_again(due: Customer) -> None:
    fill(due.time(), MUCH, leaves_quiet=False)
    due.time.pass_(hours=5)
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 0
    assert tasks.waiting() == 1


def test_a_domain_for_which_a_person_waits_is_left_out(due: Customer) -> None:
    ask.for_run(due.domain, Trigger.PREVIEW, due.acting)
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 0


def test_a_domain_without_a_source_to_read_is_left_out(due: Customer) -> None:
    Source.objects.update(enabled=False)
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 0


def test_a_paused_domain_is_left_out(due: Customer) -> None:
    Schedule.objects.update(paused={"code": "x", "message": "y", "help": "z"})
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 0


def test_no_more_is_queued_than_there_is_capacity_for_and_the_longest_due_come_first(due: Customer) -> None:
    made = domains(due, 6)
    late = [due.domain, *made[:2]]
    Schedule.objects.filter(domain__in=late).update(next_run_at=due.time() - timedelta(days=1))
    assert fill(due.time(), 3, leaves_quiet=False)[0] == 3
    assert set(automatic()) == {domain.id for domain in late}
    assert fill(due.time(), 3, leaves_quiet=False)[0] == 0
    assert fill(due.time(), 5, leaves_quiet=False)[0] == 2


def order() -> list[str]:
    """The domains of the jobs, in the order in which a worker takes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.name FROM procrastinate_jobs j JOIN sync_runrequest r ON r.id::text = j.args ->> 'request'"
            " JOIN directory_domain d ON d.id = r.domain_id WHERE status = 'todo' ORDER BY j.priority DESC, j.id"
        )
        return [name for (name,) in cursor.fetchall()]


def test_one_domain_of_another_customer_does_not_wait_for_all_of_a_large_one(due: Customer) -> None:
    domains(due, 6)
    small = edit.add_organization("Small", due.acting)
    Domain.objects.filter(name="d5.example").update(organization=small)
    # The large one has been due for longer, and then has something in the queue already.
    Schedule.objects.exclude(domain__name="d5.example").update(next_run_at=due.time() - timedelta(days=1))
    assert fill(due.time(), 3, leaves_quiet=False)[0] == 3
    assert "d5.example" in order()[:2]
    Schedule.objects.filter(domain__name="d5.example").update(next_run_at=due.time() - timedelta(minutes=1))
    RunRequest.objects.filter(domain__name="d5.example").update(outcome=RequestOutcome.DONE)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j USING sync_runrequest r, directory_domain d"
            " WHERE r.id::text = j.args ->> 'request' AND d.id = r.domain_id AND d.name = 'd5.example'"
        )
    assert fill(due.time(), 4, leaves_quiet=False)[0] == 2
    assert "d5.example" in order()[:2]


def test_who_adds_organizations_below_their_own_gets_no_more_turns_by_it(due: Customer) -> None:
    """Of the customers of a provider each has a turn, and of a reseller's organizations each has one in theirs."""
    made = domains(due, 7)
    provider = edit.add_organization("Provider", due.acting)
    reseller, other = (edit.add_organization(name, due.acting, parent=provider) for name in ("Reseller", "Other"))
    first, second = (edit.add_organization(f"Below {n}", due.acting, parent=reseller) for n in range(2))
    deeper = edit.add_organization("Deeper", due.acting, parent=second)
    Schedule.objects.exclude(domain__in=made).update(automatic=False)
    owners = [first, first, first, second, deeper, other, other]
    for number, (domain, owner) in enumerate(zip(made, owners, strict=True)):
        Domain.objects.filter(id=domain.id).update(organization=owner)
        at = due.time() - timedelta(minutes=30 - number)
        Schedule.objects.filter(domain=domain).update(next_run_at=at)
    due_now = Schedule.objects.filter(domain__in=made)
    placed = turns.places(due_now, MUCH, MUCH)
    assert [placed[domain.id] for domain in made] == [0, 3, 4, 1, 2, 0, 1]
    assert list(placed)[:4] == [made[0].id, made[5].id, made[3].id, made[6].id]
    assert set(turns.places(due_now, 2, MUCH)) == {made[0].id, made[3].id, made[5].id, made[6].id}
    # So it is where they are asked for changes without a run.
    at = due.time()
    QuietSpell.objects.bulk_create(
        QuietSpell(domain=domain, types=[], began_at=at, until=at + timedelta(days=1)) for domain in made
    )
    assert {lease.domain for lease in quiet.take(at, 2)} == {made[0].id, made[5].id}
    # Hinted domains go ahead there as well, and alternate with the others.
    hint(due, "d2.example", "d4.example", "d6.example")
    assert {lease.domain for lease in quiet.take(at, 3)} == {made[2].id, made[6].id, made[1].id}
    Schedule.objects.update(hinted_at=None)
    QuietSpell.objects.all().delete()
    assert fill(due.time(), 2, leaves_quiet=False)[0] == 2
    assert set(order()) == {"d0.example", "d5.example"}
    # What waits counts for whoever is below the same customer.
    assert turns.places(due_now.filter(domain=made[4]), MUCH, MUCH) == {made[4].id: 1}
    # On top is nobody but the provider itself, with turns of its own; in a ring each is by itself.
    Domain.objects.filter(id=made[6].id).update(organization=provider)
    assert turns.places(due_now.filter(domain=made[6]), MUCH, MUCH) == {made[6].id: 0}
    Organization.objects.filter(id=provider.id).update(parent=deeper)
    assert len(turns.places(due_now, MUCH, MUCH)) == len(made)


def test_an_organization_whose_runs_never_end_leaves_room_in_the_queue(due: Customer) -> None:
    domains(due, 40)
    small = edit.add_organization("Small", due.acting)
    Domain.objects.filter(name="d39.example").update(organization=small)
    Schedule.objects.filter(domain__name="d39.example").update(next_run_at=due.time() + timedelta(minutes=30))
    assert fill(due.time(), 32, leaves_quiet=False)[0] == 8
    assert fill(due.time(), 32, leaves_quiet=False)[0] == 0
    due.time.pass_(minutes=30)
    assert fill(due.time(), 32, leaves_quiet=False)[0] == 1
    assert "d39.example" in order()[:2]


def part(customer: Customer, some: Sequence[Domain]) -> None:
    """Give domains of a customer an organization of their own each."""
    for number, domain in enumerate(some):
        small = edit.add_organization(f"Small {number}", customer.acting)
        Domain.objects.filter(id=domain.id).update(organization=small)


def hint(customer: Customer, *names: str) -> None:
    """Have the directory tell of a change, as `hints.take_effect` notes it."""
    now = customer.time()
    Schedule.objects.filter(domain__name__in=names).update(hinted_at=now, next_run_at=Least("next_run_at", now))


def test_a_hinted_domain_goes_ahead_of_the_backlog_of_its_customer_and_of_all_others(due: Customer) -> None:
    made = domains(due, 40)
    part(due, made[:2])
    waiting = Schedule.objects.exclude(domain__in=made[35:])
    waiting.update(next_run_at=due.time() - timedelta(days=1))
    hint(due, "d38.example")
    assert fill(due.time(), 32, leaves_quiet=False)[0] == 10
    assert order()[0] == "d38.example"
    # Its customer has all of its share in the queue by now.
    hint(due, "d39.example")
    assert fill(due.time(), 32, leaves_quiet=False)[0] == 1
    assert "d39.example" in order()[1:4]
    # Who was read behind the hint, or fails, or whose hint is of a time to come, waits as ever.
    late = dict(zip(("d35.example", "d36.example", "d37.example"), made[35:38], strict=True))
    hint(due, *late)
    Domain.objects.filter(name="d35.example").update(read_at=due.time())
    Schedule.objects.filter(domain__name="d36.example").update(failures=1)
    Schedule.objects.filter(domain__name="d37.example").update(hinted_at=timezone.now() + timedelta(days=1))
    assert fill(due.time(), 32, leaves_quiet=False)[0] == 0


def test_a_look_again_behind_a_hint_goes_ahead_of_the_backlog_and_behind_those_that_nobody_read(due: Customer) -> None:
    """Before, it came last of all that were due: a joiner who was told of late waited for everybody."""
    made = domains(due, 40)
    part(due, made[:5])
    waiting = Schedule.objects.exclude(domain__in=made[36:])
    waiting.update(next_run_at=due.time() - timedelta(days=1))
    hinted_at = due.time() - timedelta(minutes=16)
    Domain.objects.filter(id__in=[domain.id for domain in made[36:]]).update(read_at=hinted_at + timedelta(seconds=2))
    for number, minutes in ((36, 1), (37, 10), (38, 16)):
        row = Schedule.objects.filter(domain=made[number])
        row.update(hinted_at=hinted_at, next_run_at=hinted_at + timedelta(minutes=minutes))
    hint(due, "d39.example")
    at = due.time()
    spells = QuietSpell.objects.bulk_create(
        QuietSpell(domain=domain, types=[], began_at=at, until=at + timedelta(days=1)) for domain in made
    )
    taken = {lease.domain for lease in quiet.take(at, 3)}
    assert taken & {domain.id for domain in made[36:]} == {made[36].id, made[39].id}
    QuietSpell.objects.filter(domain__in=[spell.domain_id for spell in spells]).delete()
    assert fill(due.time(), 3, leaves_quiet=False)[0] == 3
    queued = set(order())
    assert order()[0] == "d39.example"
    assert "d36.example" in queued
    assert not queued & {"d37.example", "d38.example"}
    assert fill(due.time(), 6, leaves_quiet=False)[0] == 3
    queued = set(order())
    assert "d37.example" in queued
    assert "d38.example" not in queued, "that is its own time, and no look again"


def test_a_run_that_waits_in_the_queue_goes_ahead_once_its_domain_is_hinted(due: Customer) -> None:
    made = domains(due, 40)
    small = edit.add_organization("Small", due.acting)
    Domain.objects.filter(id__in=[domain.id for domain in made[30:]]).update(organization=small)
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 41
    ask.for_run(due.domain, Trigger.PREVIEW, due.acting)
    late, last = [name for name in order() if name in {domain.name for domain in made[30:]}][-2:]
    other = [name for name in order() if name in {domain.name for domain in made[:30]}][-1]
    hint(due, late, last, other)
    fill(due.time(), MUCH, leaves_quiet=False)
    before = order()
    assert before[0] == DOMAIN, "a person comes before any hint"
    # Of each customer one at a time, so that one whose directories tell all day keeps no other waiting.
    assert set(before[1:3]) == {late, other}
    assert before.index(last) > 20
    with connection.cursor() as cursor:
        for expected in (DOMAIN, *before[1:3]):
            request = fetched()
            assert request is not None
            assert request.domain.name == expected
            RunRequest.objects.filter(id=request.id).update(outcome=RequestOutcome.DONE)
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing'")
    fill(due.time(), MUCH, leaves_quiet=False)
    assert order()[0] == last


def test_hinted_runs_that_wait_are_looked_through_once_where_there_are_no_statistics(due: Customer) -> None:
    """Before, each request was compared with each job where many had come since PostgreSQL counted them."""
    number, now = 150, timezone.now()
    for batch in range(2):  # not so many at once that they are counted
        names = [f"b{batch}n{place}.example" for place in range(number)]
        places = Organization.objects.bulk_create(Organization(name=name) for name in names)
        own = places if batch else [due.domain.organization] * number
        made = Domain.objects.bulk_create(
            Domain(organization=place, name=name) for place, name in zip(own, names, strict=True)
        )
        Schedule.objects.bulk_create(
            Schedule(domain=domain, automatic=True, jitter=0.5, next_run_at=now, hinted_at=now) for domain in made
        )
        requests = [RunRequest(domain=row, trigger=Trigger.AUTOMATIC, actor="schedule", asked_at=now) for row in made]
        tasks.enqueue(RunRequest.objects.bulk_create(requests))
    with connection.cursor() as cursor:
        # Jobs come and go, so that nothing is known of them; what they are about stays, and is counted.
        cursor.execute("ANALYZE sync_runrequest, sync_schedule, directory_domain, directory_organization")
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {turns._ADVANCE}"
        cursor.execute(explain, [tasks.QUEUE, tasks.HINT, tasks.HINT])
        (((plan,),),) = cursor.fetchall()
    assert 2 * number < rows_of(plan["Plan"]) < 120 * number, "each with each is 600 times as many"
    assert tasks.hints() == 1 + number, "the first of each customer"


def rows_of(node: dict[str, Any]) -> float:
    """How many rows a step of a plan, and all below it, went through."""
    rows = sum(node.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter"))
    return float(rows * node["Actual Loops"]) + sum(rows_of(step) for step in node.get("Plans", ()))


def test_a_decision_that_waits_keeps_no_hinted_run_of_its_customer_back(due: Customer) -> None:
    domains(due, 20)
    planned = due.preview()
    Run.objects.filter(id=planned.id).update(trigger=Trigger.AUTOMATIC)
    ask.for_decision(planned.id, Decision.APPLY, due.acting)
    fill(due.time(), MUCH, leaves_quiet=False)
    last = order()[-1]
    hint(due, DOMAIN, last)
    fill(due.time(), MUCH, leaves_quiet=False)
    assert order()[:2] == [DOMAIN, last]


def test_a_hinted_domain_whose_readings_are_doubted_has_a_run_in_an_interval_and_no_more(due: Customer) -> None:
    due.sync()
    for number in range(12):
        due.tenant.delete_user(f"p{number}@{DOMAIN}")
    due.time.pass_(hours=1)
    hint(due, DOMAIN)
    read_at = Domain.objects.get().read_at
    for _ in range(3):
        due.time.pass_(hours=1)
        assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 1
        make.carry_out(due.domain, Trigger.AUTOMATIC, uuid4(), due.acting)
        RunRequest.objects.update(outcome=RequestOutcome.DONE)
        assert Run.objects.filter(state=RunState.HELD).exists()
        assert Domain.objects.get().read_at == read_at, "a reading that is doubted"
        assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 0


def test_a_hinted_domain_that_fails_is_no_hint_of_its_customer(due: Customer) -> None:
    failing, joined = domains(due, 2)
    Schedule.objects.filter(domain=failing).update(failures=1)
    Schedule.objects.exclude(domain=failing).update(next_run_at=due.time() + timedelta(minutes=30))
    hint(due, failing.name)
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 1
    hint(due, joined.name)
    assert fill(due.time(), MUCH, leaves_quiet=False)[0] == 1
    assert order()[0] == joined.name


def test_customers_that_are_hinted_all_day_take_turns_and_leave_half_of_the_runs_to_the_schedule(due: Customer) -> None:
    made = domains(due, 30)
    Schedule.objects.exclude(domain__in=made).update(automatic=False)
    Schedule.objects.update(next_run_at=due.time() - timedelta(days=1))
    busy, rare = (edit.add_organization(name, due.acting) for name in ("Busy", "Rare"))
    names = [f"d{number}.example" for number in range(6)]
    Domain.objects.filter(name__in=names[:5]).update(organization=busy)
    Domain.objects.filter(name=names[5]).update(organization=rare)
    ended: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0)")
    while len(ended) < 24:
        # A worker with one place looks what is due while a run is at work.
        due.time.pass_(seconds=15)
        hint(due, *names)
        fill(due.time(), 4, leaves_quiet=False)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing'")
        RunRequest.objects.filter(domain__name__in=ended[-1:]).update(outcome=RequestOutcome.DONE)
        request = fetched()
        assert request is not None
        ended.append(request.domain.name)
    assert ended.count(names[5]) >= 4
    assert sum(name not in names for name in ended) >= 11


def test_one_connection_is_read_by_one_automatic_run_at_a_time_and_a_person_waits_for_none(due: Customer) -> None:
    asked_for = domains(due, 2)[0]
    fill(due.time(), MUCH, leaves_quiet=False)
    RunRequest.objects.filter(domain=asked_for).update(outcome=RequestOutcome.CANCELLED)
    ask.for_run(asked_for, Trigger.MANUAL, due.acting)
    taken = [fetched(), fetched(), fetched()]
    assert [request and request.trigger for request in taken] == [Trigger.MANUAL, Trigger.AUTOMATIC, None]


def fetched() -> RunRequest | None:
    """What a worker with a place free is given."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
        cursor.execute(
            "SELECT args ->> 'request' FROM procrastinate_fetch_job_v2(ARRAY[%s]::varchar[], %s)",
            [tasks.QUEUE, worker],
        )
        (request,) = cursor.fetchone()
    return None if request is None else RunRequest.objects.get(id=request)


def test_many_workers_at_once_queue_every_domain_once(due: Customer) -> None:
    made = domains(due, 30)
    workers = [beside(lambda: fill(due.time(), MUCH, leaves_quiet=False)[0]) for _ in range(4)]
    for worker in workers:
        worker.join()
    fill(due.time(), MUCH, leaves_quiet=False)
    assert sorted(automatic()) == sorted([due.domain.id, *(domain.id for domain in made)])
    assert tasks.waiting() == 31


def test_after_many_new_jobs_the_statistics_of_the_queue_are_right(
    due: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_MANY", 20)
    domains(due, 21)
    fill(due.time(), MUCH, leaves_quiet=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'procrastinate_jobs'")
        assert cursor.fetchone() == (22,)


def test_a_person_comes_before_the_clock(due: Customer) -> None:
    other = domains(due, 1)[0]
    fill(due.time(), MUCH, leaves_quiet=False)
    RunRequest.objects.filter(domain=other).update(outcome=RequestOutcome.CANCELLED)
    asked = ask.for_run(other, Trigger.MANUAL, due.acting)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'request' FROM procrastinate_jobs ORDER BY priority DESC, id LIMIT 1")
        assert cursor.fetchone() == (str(asked),)


def test_a_request_whose_job_was_lost_is_queued_again(customer: Customer) -> None:
    asked = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    fill(customer.time(), MUCH, leaves_quiet=False)
    assert tasks.queued() == {asked}


def test_the_places_of_domains_are_spread_over_the_interval(customer: Customer) -> None:
    for domain in domains(customer, 40):
        edit.bump_revision(domain.id)
    jitters = sorted(Schedule.objects.values_list("jitter", flat=True))
    quarters = [sum(low <= jitter < low + 0.25 for jitter in jitters) for low in (0.0, 0.25, 0.5, 0.75)]
    assert all(quarters)
