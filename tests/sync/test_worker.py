"""Real workers as processes of their own: they make what is due, share it, and take over from the dead."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from mailroll.audit.models import AuditEntry
from mailroll.connections import sources
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.insight.doctor import workers as doctor
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.sync import tasks
from mailroll.sync.locks import domain_lock
from mailroll.sync.models import (
    Decision,
    RequestOutcome,
    Run,
    RunRequest,
    RunState,
    Sample,
    Trigger,
)
from mailroll.sync.runs import ask, make
from mailroll.sync.samples import view
from mailroll.sync.schedules import schedule
from mailroll.sync.workers.standstill import WorkerTask, newest
from mailroll_simulator import Tenant
from tests.gateway.roles import parameters
from tests.schema.versions import later_version
from tests.sync.settling import set_back
from tests.sync.test_crash import blocked
from tests.sync.waiting import drop_connections_of_others, somebody_waits_for_a_lock
from tests.sync.workers import PRIYA, Workers, checked, due, reading, settled, settled_or_checked, switch_on
from tests.sync.world import Customer, connect, failure

PATIENCE = 300


@pytest.fixture
def workers(customer: Customer, database_url: str) -> Iterator[Workers]:
    started = Workers(
        {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mailroll.config.settings",
            "DATABASE_URL": database_url,
            "MAILROLL_SECRET_KEY": "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=",
            "MAILROLL_CUSTOM_LOGIN_URL": customer.simulator.login_url,
            "MAILROLL_CUSTOM_GRAPH_URL": customer.simulator.graph_url,
            "MAILROLL_CUSTOM_CA_FILE": str(customer.simulator.ca_file),
        }
    )
    yield started
    started.stop()


def test_a_domain_that_is_switched_on_is_synced_by_itself_and_in_the_end_asked_for_changes_alone_without_any_run(
    customer: Customer, workers: Workers
) -> None:
    requests = customer.simulator.requests
    before = len(requests)
    switch_on(customer)
    workers.start()
    for number in range(1, 7):
        workers.until(settled_or_checked(number), "the domain that is due is synced, or asked about")
        asked = [seen.path for seen in list(requests)[before:]]
        if asked == ["/users/delta", "/groups/delta", "/contacts/delta"]:
            break
        before = len(requests)
        set_back(customer.domain)
        due()
    else:
        pytest.fail("everybody was listed each time")
    assert checked()
    assert RunRequest.objects.count() == number - 1
    first = Run.objects.earliest("number")
    assert (first.state, first.trigger, first.actor) == (RunState.APPLIED, Trigger.AUTOMATIC, "schedule")
    assert len(customer.roll()) == 12
    assert {run.state for run in Run.objects.order_by("-number")[:2]} == {RunState.UNCHANGED}
    # What is told brings a run without anybody asking for one.
    customer.tenant.add_user("Joiner", local="joiner")
    due()
    workers.until(settled(number), "whoever is told of is read")
    assert len(customer.roll()) == 13
    signed_in = [seen for seen in requests.to("/", server="login") if seen.path.endswith("/token")]
    assert len(signed_in) == 1
    worker = workers.running[0]
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, b"Warning" in said) == (0, False), said.decode()


def test_a_worker_serves_people_at_once_and_says_nothing_when_it_is_stopped_idle(
    customer: Customer, workers: Workers
) -> None:
    worker = workers.start()
    workers.until(tasks.staffed, "the worker lives")
    assert view.sampled(customer.source, frozenset(), PRIYA).asked
    workers.until(lambda: Sample.objects.filter(read_at__isnull=False).exists(), "a sample")
    assert len(view.sampled(customer.source, frozenset(), PRIYA).people or ()) == 12
    asked = ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    workers.until(settled(), "the run that was asked for")
    assert Run.objects.get().id == asked
    assert len(customer.roll()) == 12
    worker.send_signal(signal.SIGINT)
    _, err = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, err) == (0, b"")


def test_withdrawn_consent_stops_the_attempts_and_being_asked_to_wait_delays_them(
    customer: Customer, workers: Workers
) -> None:
    customer.sync()
    switch_on(customer)
    customer.simulator.faults.on("forbidden")
    workers.start()
    workers.until(settled(), "the run that fails")
    due()
    customer.simulator.faults.off("forbidden")
    asked = ask.for_run(customer.domain, Trigger.PREVIEW, PRIYA)
    paused = schedule.view(customer.domain, datetime.now(UTC)).paused
    assert paused is not None
    assert len(customer.roll()) == 12
    workers.until(lambda: RunRequest.objects.get(id=asked).outcome != "", "what a person asks for is made")
    assert schedule.view(customer.domain, datetime.now(UTC)).paused is None
    assert Run.objects.filter(trigger=Trigger.AUTOMATIC).count() == 1
    customer.simulator.faults.on("throttle", retry_after=7200)
    due()
    workers.until(settled(3), "the run that Microsoft keeps waiting")
    assert Run.objects.latest("number").state == RunState.FAILED
    at = schedule.view(customer.domain, datetime.now(UTC)).next_run_at
    assert at is not None
    assert at > datetime.now(UTC) + timedelta(minutes=119)


def test_when_a_worker_is_killed_another_takes_its_run_over(customer: Customer, workers: Workers) -> None:
    switch_on(customer)
    customer.simulator.faults.on("slow_page", wait=300.0)
    first = workers.start()
    workers.until(reading, "the run reads")
    first.kill()
    first.wait()
    workers.silent(customer.domain)
    customer.simulator.faults.off("slow_page")
    workers.start()
    workers.until(settled(), "the run is taken over")
    assert len(customer.roll()) == 12
    request = RunRequest.objects.get()
    assert request.run is not None
    killed, again = Run.objects.get(id=request.id), Run.objects.get(id=request.run)
    assert (killed.state, failure(killed)["code"]) == (RunState.FAILED, "interrupted")
    assert (again.state, request.outcome) == (RunState.APPLIED, RequestOutcome.DONE)


def test_a_worker_that_wakes_after_two_others_took_its_run_over_changes_nothing(
    customer: Customer, workers: Workers
) -> None:
    asked = ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    customer.simulator.faults.on("slow_page", wait=4.0)
    frozen = workers.start()
    workers.until(reading, "the run reads")
    frozen.send_signal(signal.SIGSTOP)
    drop_connections_of_others()
    workers.silent(customer.domain)
    customer.simulator.faults.off("slow_page")
    for _ in range(2):
        workers.start()
    workers.until(settled(), "the run is taken over")
    assert Run.objects.exclude(id=asked).count() == 1, "by one of them"
    customer.tenant.add_user("Late Comer", local="late")
    customer.sync()
    frozen.send_signal(signal.SIGCONT)
    frozen.send_signal(signal.SIGTERM)
    assert frozen.wait(PATIENCE) == 0
    assert len(customer.roll()) == 13
    assert set(Run.objects.exclude(id=asked).values_list("state", flat=True)) == {RunState.APPLIED}
    assert Run.objects.get(id=asked).state == RunState.FAILED


def test_the_run_of_a_stopped_worker_is_made_once_the_session_that_the_doctor_names_is_ended(
    customer: Customer, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    customer.simulator.faults.on("slow_page", wait=300.0)
    frozen = workers.start()
    workers.until(reading, "the run reads")
    frozen.send_signal(signal.SIGSTOP)
    customer.simulator.faults.off("slow_page")
    monkeypatch.setattr(domain_lock, "SILENT", timedelta())
    (holder,) = domain_lock.silent_holders()
    assert (holder.domain, holder.process) == (customer.domain.name, f"{frozen.pid} on {socket.gethostname()}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - '1 hour'::interval")
        workers.start()
        workers.until(tasks.staffed, "another worker lives")
        assert [silent.session for silent in domain_lock.silent_holders()] == [holder.session]
        assert Run.objects.count() == 1
        cursor.execute("SELECT pg_terminate_backend(%s)", [holder.session])
    workers.until(settled(), "the run is taken over")
    assert len(customer.roll()) == 12


def test_when_a_worker_is_killed_over_a_decision_another_carries_it_out(customer: Customer, workers: Workers) -> None:
    customer.time.at = datetime.now(UTC)
    run = customer.preview()
    ask.for_decision(run.id, Decision.APPLY, PRIYA)
    with blocked():
        first = workers.start()
        workers.until(somebody_waits_for_a_lock, "the plan is applied")
        first.kill()
        first.wait()
    workers.silent(customer.domain)
    assert Run.objects.get().state == RunState.APPLYING
    assert customer.everyone() == []
    workers.start()
    workers.until(settled(), "the decision is carried out by the next worker")
    assert (Run.objects.get().state, RunRequest.objects.get().outcome) == (RunState.APPLIED, RequestOutcome.DONE)
    assert len(customer.roll()) == 12
    assert AuditEntry.objects.filter(action="run.applied").count() == 1


def test_a_worker_that_is_asked_to_stop_leaves_a_long_reading_to_the_next(customer: Customer, workers: Workers) -> None:
    asked = ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    customer.simulator.faults.on("slow_page", wait=300.0)
    first = workers.start()
    workers.until(reading, "the run reads")
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE) == 0
    assert failure(Run.objects.get(id=asked))["code"] == "worker_stopped"
    customer.simulator.faults.off("slow_page")
    workers.start()
    workers.until(settled(), "the run is made by the next worker")
    assert len(customer.roll()) == 12


def test_a_worker_whose_tables_a_later_version_changed_ends_and_leaves_its_run_to_that(
    customer: Customer, workers: Workers
) -> None:
    asked = ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    customer.simulator.faults.on("slow_page", wait=300.0)
    first = workers.start()
    workers.until(reading, "the run reads")
    with later_version():
        _, said = first.communicate(timeout=PATIENCE)
    last = said.decode().splitlines()[-1]
    assert "A later version of Mailroll has changed the tables" in last
    assert "Install that version here too, and start again." in last
    assert failure(Run.objects.get(id=asked))["code"] == "worker_stopped"
    customer.simulator.faults.off("slow_page")
    workers.start()
    workers.until(settled(), "the run is made by the next worker")
    assert len(customer.roll()) == 12


def test_a_worker_that_is_asked_to_stop_lets_an_apply_end(customer: Customer, workers: Workers) -> None:
    ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    with blocked():
        worker = workers.start()
        workers.until(somebody_waits_for_a_lock, "the run applies")
        for _ in range(2):
            worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0
    assert Run.objects.get().state == RunState.APPLIED
    assert len(customer.roll()) == 12


def test_a_worker_outlives_a_database_that_drops_its_connections(customer: Customer, workers: Workers) -> None:
    workers.start()
    workers.until(tasks.staffed, "the worker lives")
    drop_connections_of_others()
    ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    workers.until(settled(), "the run that was asked for")
    assert len(customer.roll()) == 12


@contextmanager
def away() -> Iterator[None]:
    """The database as it is while its server starts anew: all sessions are gone, and no other can begin."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    who = {"user": "postgres", "password": ""} if connection.settings_dict["USER"] == "mailroll" else {}
    # A session in the database itself may not do this.
    with psycopg.connect(**parameters(**who) | {"dbname": "postgres"}, autocommit=True) as server:
        connection.close()
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        try:
            server.execute(
                "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE datname = %s",
                [PATIENCE * 1000, connection.settings_dict["NAME"]],
            )
            yield
        finally:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def test_a_database_that_starts_anew_under_load_loses_no_run_and_makes_none_twice(
    customer: Customer, workers: Workers
) -> None:
    domains = many(customer, 11)
    switch_on(customer)
    for _ in range(2):
        workers.start(2)
    workers.until(lambda: Run.objects.exclude(state=RunState.READING).exists(), "they are at work")
    with away():
        assert all(worker.poll() is None for worker in workers.running)
    # What they had begun is seen as left behind: they themselves show again at once that they live.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - '1 hour'::interval")
    workers.until(settled(1 + len(domains)), "all runs that were due")
    assert all(worker.poll() is None for worker in workers.running)
    assert set(RunRequest.objects.values_list("outcome", flat=True)) <= {RequestOutcome.DONE, RequestOutcome.JOINED}
    ended = {RunState.APPLIED, RunState.UNCHANGED, RunState.HELD, RunState.FAILED}
    assert set(Run.objects.values_list("state", flat=True)) <= ended
    for domain in (customer.domain, *domains):
        made = Run.objects.filter(domain=domain, parent=None)
        assert made.exclude(state=RunState.FAILED).count() == 1, "each is made once"
        assert {failure(run)["code"] for run in made.filter(state=RunState.FAILED)} <= {"interrupted", "lock_lost"}
    assert len(customer.roll()) == 12


def many(customer: Customer, number: int) -> list[Domain]:
    """So many domains more of the customer, which are to be synced by themselves."""
    made = [edit.add_domain(customer.domain.organization, f"d{n}.example", PRIYA) for n in range(number)]
    for domain in made:
        sources.add(domain, customer.connection, PRIYA)
        schedule.switch_on_unseen(domain, PRIYA)
    return made


def test_more_runs_than_the_queue_has_room_for_do_not_wait_for_the_next_look(
    customer: Customer, workers: Workers
) -> None:
    many(customer, 9)
    switch_on(customer)
    workers.start(1, tick=3600, per_slot=2)
    workers.until(settled(10), "ten runs, of which the queue takes two at a time")
    assert Run.objects.count() == 10
    assert Run.objects.values("domain").distinct().count() == 10


def test_a_chore_that_hangs_keeps_no_run_waiting_and_no_process_alive(customer: Customer, workers: Workers) -> None:
    switch_on(customer)
    worker = workers.start(1, "hangs", end=1)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"hangs\n"
    workers.until(settled(), "the domain that is due is synced")
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 1
    assert b"house_0 in wait" in said, said.decode()


def test_chores_that_fail_end_no_run_and_keep_no_other_chore_waiting(customer: Customer, workers: Workers) -> None:
    customer.simulator.faults.on("slow_page", wait=3.0)
    switch_on(customer)
    worker = workers.start(1, "fails")
    workers.until(settled(), "the run that is due ends")
    assert Run.objects.get().state == RunState.APPLIED
    worker.send_signal(signal.SIGTERM)
    done, said = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, done[:10]) == (0, b"last\nlast\n")
    assert b"a chore failed (DatabaseError)" in said, said.decode()
    assert b"RuntimeError: broken" in said, said.decode()
    assert b"secret.example" not in said, said.decode()


def test_a_tick_that_the_database_refuses_ends_no_run_and_is_made_again(customer: Customer, workers: Workers) -> None:
    customer.simulator.faults.on("slow_page", wait=3.0)
    asked = ask.for_run(customer.domain, Trigger.MANUAL, PRIYA)
    many(customer, 1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sync_runrequest ADD CONSTRAINT broken CHECK (trigger <> 'automatic')")
    try:
        worker = workers.start()
        workers.until(reading, "the run reads")
        due()
        assert worker.stderr is not None
        assert worker.stderr.readline().startswith(b"the database refuses to tell what is due (IntegrityError, 23514)")
        assert (
            "refuses to tell a worker what is due (IntegrityError, 23514)"
            in doctor.examine(Circumstances(settings.MAILROLL, {})).found
        )
        workers.until(settled(), "the run that was asked for ends")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sync_runrequest DROP CONSTRAINT broken")
    assert Run.objects.get(id=asked).state == RunState.APPLIED
    assert Run.objects.count() == 1
    workers.until(settled(2), "what is due is made once the database lets it")
    workers.until(lambda: newest(WorkerTask.TICK) is None, "nothing is said of it any more")


def test_a_worker_ends_the_run_of_a_command_that_was_killed(customer: Customer, workers: Workers) -> None:
    with domain_lock.alone(customer.domain.id, PRIYA.now()):
        run = make.begin(customer.domain, Trigger.MANUAL, uuid4(), PRIYA)
    workers.start()
    workers.until(lambda: Run.objects.get(id=run.id).state == RunState.FAILED, "the run is ended")


def test_of_several_chores_the_one_that_fails_is_tried_less_often_and_no_other(
    customer: Customer, workers: Workers
) -> None:
    worker = workers.start(1, "fails", tick=0.05)
    assert worker.stdout is not None
    assert [worker.stdout.readline() for _ in range(12)] == [b"last\n"] * 12
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=PATIENCE)
    assert said.count(b"RuntimeError: broken") < 10, said.decode()


def test_a_directory_that_never_answers_has_one_place_and_others_are_served(
    customer: Customer, workers: Workers
) -> None:
    small = Tenant("Small", "small.onmicrosoft.com", "22222222-2222-4333-8444-555555555555", Random(3))
    small.add_domain("small.example", default=True)
    small.add_user("Some Body", local="some.body")
    customer.simulator.add_tenant(small)
    beside = connect(customer.simulator, small, "small.example")
    many(customer, 3)
    schedule.switch_on_unseen(beside.domain, PRIYA)
    customer.simulator.faults.on("slow_page", wait=300.0, tenant=customer.tenant.id)
    switch_on(customer)
    workers.start(2)
    workers.until(reading, "the one that never answers is read")
    for number in range(1, 4):
        workers.until(settled(number), "the small one is synced")
        due()
    assert set(RunRequest.objects.exclude(outcome="").values_list("domain", flat=True)) == {beside.domain.id}
    assert Run.objects.exclude(domain=beside.domain).values_list("state", flat=True).get() == RunState.READING
