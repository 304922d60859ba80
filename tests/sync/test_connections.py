"""How many connections to the database a process holds while it reads, and a run that loses the one with its lock."""

from collections.abc import Callable
from functools import partial

from django.db import connection

from mailroll.audit.actor import Acting
from mailroll.connections import sources
from mailroll.directory import edit
from mailroll.sync.models import Run, RunProgress, RunRequest, RunState, RunStep, Trigger
from mailroll.sync.progress import never
from mailroll.sync.runs import answer, ask, make
from tests.sync.waiting import beside, drop_connections_of_others, until
from tests.sync.world import Customer, failure

MANY = 12


def connections() -> int:
    """Those of the database of this test, without the one that counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def reading(number: int) -> Callable[[], bool]:
    return lambda: RunProgress.objects.filter(step=RunStep.READ).count() == number


def test_many_readings_at_once_hold_one_connection_together(customer: Customer) -> None:
    domains = [customer.domain]
    for number in range(1, MANY):
        domain = edit.add_domain(customer.domain.organization, f"d{number}.example", customer.acting)
        sources.add(domain, customer.connection, customer.acting)
        domains.append(domain)
    customer.simulator.faults.on("slow_page", wait=300.0)
    threads = [beside(partial(make.run, domain, customer.acting)) for domain in domains]
    until(reading(MANY), "everybody reads", lambda: all(thread.is_alive() for thread in threads))
    until(lambda: connections() == 1, "one connection holds all their locks")
    for run in Run.objects.all():
        ask.cancel(run.id, customer.acting)
    for thread in threads:
        thread.join()
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.CANCELLED}
    until(lambda: connections() == 0, "nobody holds a connection")


def test_a_run_whose_lock_is_lost_stops_and_is_made_again(customer: Customer) -> None:
    asked = ask.for_run(customer.domain, Trigger.MANUAL, Acting("test:priya"))
    customer.simulator.faults.on("slow_page", wait=300.0)
    run = beside(lambda: answer.answer(asked, never))
    until(reading(1), "it reads", run.is_alive)
    drop_connections_of_others()
    run.join()
    assert failure(Run.objects.get())["code"] == "lock_lost"
    assert customer.everyone() == []
    customer.simulator.faults.off("slow_page")
    answer.answer(asked, never)
    assert RunRequest.objects.get().outcome
    assert len(customer.roll()) == 12
