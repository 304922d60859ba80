"""Quiet domains are asked for by themselves: where nothing is told, nothing is left of it but a count and a time."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PosixPath
from typing import Any, ClassVar, Literal
from uuid import uuid4

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from mailroll.accounts import installation
from mailroll.connections import credentials, sources
from mailroll.connections.credentials import Credential
from mailroll.connections.models import Connection, Source
from mailroll.connections.sources import SourceSwitch
from mailroll.connectors import registry
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, DomainAlias, Exemption, Group, Owner, User
from mailroll.insight.doctor import workers
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.sync import tasks
from mailroll.sync.footings import ground, steady_state
from mailroll.sync.models import (
    MailboxAccess,
    MailboxPurpose,
    PurposeState,
    QuietSpell,
    Run,
    RunRequest,
    RunState,
    Schedule,
    SteadyState,
    Trigger,
    UnfinishedReading,
)
from mailroll.sync.runs import answer, ask, make
from mailroll.sync.schedules import quiet, schedule
from mailroll.sync.sources import source_list
from mailroll.sync.workers.pulse import OF_ONE_APPLICATION, Beat, Pulse
from mailroll.sync.workers.tick import fill
from tests.sync.crowds import crowd, rows_gone_through
from tests.sync.test_filtered_runs import take_only
from tests.sync.test_since import DELTAS, asked, by_schedule
from tests.sync.test_unchanged import settle
from tests.sync.waiting import beside
from tests.sync.world import DOMAIN, Customer, failure

pytestmark = pytest.mark.django_db(transaction=True)

MUCH = 10_000


@pytest.fixture
def still(customer: Customer) -> Customer:
    """A customer in a quiet spell, who is due."""
    customer.tenant.add_group("All staff", kind="distribution", local="all")
    customer.tenant.add_contact("Cleaner", mail=f"cleaner@{DOMAIN}")
    schedule.switch_on_unseen(customer.domain, customer.acting)
    assert customer.sync().state == RunState.APPLIED
    settle(customer)
    by_schedule(customer)
    assert QuietSpell.objects.get().until is not None
    due(customer)
    return customer


def due(customer: Customer) -> None:
    customer.time.pass_(minutes=61)


def beat(customer: Customer) -> tuple[Beat, list[str]]:
    """Let one beat pass; returns it, and what was asked of Graph for it."""
    before = len(asked(customer))
    made = Pulse(customer.time).beat()
    return made, asked(customer)[before:]


def run_of_tick(customer: Customer) -> Run:
    """Make the run that the schedule queues now."""
    before = set(Run.objects.values_list("id", flat=True))
    assert fill(customer.time(), MUCH, leaves_quiet=True)[0] == 1
    answer.answer(RunRequest.objects.get(outcome="").id, lambda: False)
    return Run.objects.exclude(id__in=before).get()


class Queue(asyncio.Semaphore):
    """Notes which tasks had their turn: asyncio numbers them as they begin."""

    def __init__(self) -> None:
        super().__init__(OF_ONE_APPLICATION)
        self.tasks: list[int] = []

    async def acquire(self) -> Literal[True]:
        answer = await super().acquire()
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(int(task.get_name().removeprefix("Task-")))
        return answer


def test_where_nothing_is_told_a_count_and_a_time_are_all_that_is_left(still: Customer) -> None:
    runs = set(Run.objects.values_list("id", flat=True))
    for number in (1, 2, 3):
        assert fill(still.time(), MUCH, leaves_quiet=True)[0] == 0
        assert beat(still) == (Beat(1, 1), DELTAS)
        now = still.time()
        view = schedule.view(still.domain, now)
        assert view.checks == schedule.Checks(number, now)
        assert view.next_run_at is not None
        assert now < view.next_run_at <= now + timedelta(hours=1)
        assert Domain.objects.get(id=still.domain.id).read_at == Source.objects.get().read_at == now
        assert still.domain.standing.__class__.objects.get().read_at == now
        assert beat(still) == (Beat(0, 0), [])
        due(still)
    assert set(Run.objects.values_list("id", flat=True)) == runs
    assert not RunRequest.objects.exists()
    assert tasks.waiting() == 0
    # Once a day everything is compared: that is a run, and the next one begins another spell and its count.
    still.time.pass_(seconds=steady_state.VALID.total_seconds())
    assert beat(still) == (Beat(0, 0), [])
    assert run_of_tick(still).state == RunState.UNCHANGED
    assert "/users" in asked(still)[-20:]
    assert schedule.view(still.domain, still.time()).checks is None


def test_who_is_told_something_gets_a_run(still: Customer) -> None:
    still.tenant.add_user("Joiner", local="joiner")
    assert beat(still)[0] == Beat(1, 0)
    run = run_of_tick(still)
    assert (run.state, run.counts["create"]) == (RunState.APPLIED, 1)
    due(still)
    assert beat(still) == (Beat(0, 0), [])
    # Once runs that went by what was told have looked at it, it is quiet again.
    for _ in range(2):
        assert by_schedule(still)[0].state == RunState.UNCHANGED
    due(still)
    assert beat(still) == (Beat(1, 1), DELTAS)


@pytest.mark.parametrize(("name", "options"), [("throttle", {"retry_after": 120}), ("forbidden", {})])
def test_whoever_cannot_be_asked_gets_a_run_that_says_so(still: Customer, name: str, options: dict[str, Any]) -> None:
    still.simulator.faults.on(name, **options)
    assert beat(still)[0] == Beat(1, 0)
    run = run_of_tick(still)
    assert run.state == RunState.FAILED
    assert beat(still)[0] == Beat(0, 0)


def test_a_consent_that_is_withdrawn_is_told_by_a_run(still: Customer) -> None:
    (app,) = still.simulator.world.apps.values()
    still.simulator.withdraw(app, still.tenant)
    assert beat(still)[0] == Beat(1, 0)
    run = run_of_tick(still)
    assert run.state == RunState.FAILED
    assert failure(run)["code"]
    assert Schedule.objects.get().paused is not None


def test_what_another_release_kept_has_everything_listed_and_stops_no_beat(still: Customer) -> None:
    (_, question), *_ = source_list.sources(still.domain, [])
    context = f"since:{question.access.tenant}:{question.access.connection}:{still.domain.id}"
    sealed = installation.sealer().seal("{}", context)
    SteadyState.objects.update(since=f"{question.access.connection} {sealed}")
    assert beat(still) == (Beat(1, 0), [])
    assert run_of_tick(still).state == RunState.UNCHANGED
    assert "/users" in asked(still)[-20:]


def test_a_domain_that_nobody_can_tell_what_to_ask_of_gets_a_run_and_stops_no_beat(
    still: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(source_list, "asked", lambda *_: 1 // 0)
        assert beat(still) == (Beat(1, 0), [])
    assert run_of_tick(still).state == RunState.UNCHANGED


@pytest.mark.parametrize("name", ["until", "made_at"])
def test_of_whom_nothing_that_counts_is_left_nobody_is_asked(still: Customer, name: str) -> None:
    now = still.time()
    SteadyState.objects.update(**{name: now if name == "until" else now + timedelta(seconds=1)})
    assert beat(still) == (Beat(1, 0), [])


def test_a_cursor_that_is_lost_has_everything_listed(still: Customer) -> None:
    still.tenant.expire_delta_tokens()
    assert beat(still)[0] == Beat(1, 0)
    assert run_of_tick(still).state == RunState.UNCHANGED
    assert "/users" in asked(still)[-20:]


def test_two_workers_take_a_domain_once_and_a_late_one_writes_nothing(still: Customer) -> None:
    (first,) = quiet.take(still.time(), 10)
    assert quiet.take(still.time(), 10) == []
    assert fill(still.time(), MUCH, leaves_quiet=False)[0] == 0
    # Nor does one whose clock is a little behind.
    behind = still.time() - timedelta(milliseconds=1)
    assert quiet.take(behind, 10) == []
    assert fill(behind, MUCH, leaves_quiet=False)[0] == 0
    still.time.pass_(seconds=quiet.LEASE.total_seconds())
    asked_at = still.time()
    # Nobody else came, and it is too late all the same.
    assert quiet.write([first], asked_at, still.time()) == frozenset()
    (second,) = quiet.take(still.time(), 10)
    assert second.number > first.number
    assert quiet.write([first], asked_at, still.time()) == frozenset()
    quiet.end([first])
    assert quiet.write([second], asked_at, still.time()) == {still.domain.id}
    assert quiet.write([second], asked_at, still.time()) == frozenset()
    assert QuietSpell.objects.get().checks == 1
    # A lease that a wrong clock gave for long binds nobody.
    due(still)
    QuietSpell.objects.update(leased_until=still.time() + timedelta(days=300))
    assert len(quiet.take(still.time(), 10)) == 1


Move = Callable[[Customer], object]
MOVES: dict[str, Move] = {
    "a filter": lambda one: take_only(one, "department", "is", "Sales"),
    "a switch": lambda one: sources.set_switch(one.source, SourceSwitch.CONTACTS, one.acting, on=False),
    "the source": lambda one: Source.objects.update(enabled=False),
    "its name": lambda one: Owner.objects.update(label="Another"),
    "a user": lambda one: User.objects.filter(id=User.objects.order_by("id")[0].id).update(display_name="Another"),
    "an address": lambda one: Address.objects.filter(address=f"p1@{DOMAIN}").update(address=f"p99@{DOMAIN}"),
    "a group": lambda one: Group.objects.create(domain=one.domain, name="Another"),
    "an exemption": lambda one: Exemption.objects.create(domain=one.domain, external_id="x:y"),
    "an alias domain": lambda one: DomainAlias.objects.create(domain=one.domain, name="other.example"),
    "a domain beside it": lambda one: edit.add_domain(one.domain.organization, "other.example", one.acting),
    "a domain that reads the tenant": lambda one: elsewhere(one),  # noqa: PLW0108 - it stands below
    "the revision": lambda one: edit.bump_revision(one.domain.id),
    "a run": lambda one: make.begin(one.domain, Trigger.MANUAL, uuid4(), one.acting),
    "what is asked for": lambda one: ask.for_run(one.domain, Trigger.MANUAL, one.acting),
    "a preview that waits": lambda one: Run.objects.update(state=RunState.PLANNED),
    "what waits for a run": lambda one: UnfinishedReading.objects.create(
        domain=one.domain, connection=one.connection, key="", began_at=one.time()
    ),
    "the credential": lambda one: Connection.objects.update(
        sealed_credential=credentials.seal(one.connection.id, Credential(secret="another").values)
    ),
    "the tenant's consent": lambda one: Connection.objects.update(consent={"at": "now"}),
    "what it grants": lambda one: Connection.objects.update(health={"state": "incomplete"}),
    "the fence": lambda one: edit.next_fence(one.domain.id),
    "what a mailbox is for": lambda one: MailboxPurpose.objects.filter(connection=one.connection).update(
        purpose="room"
    ),
    "whether it is known": lambda one: MailboxPurpose.objects.filter(connection=one.connection).update(
        state=PurposeState.NONE
    ),
    "under what it was asked": lambda one: MailboxPurpose.objects.filter(connection=one.connection).update(key="other"),
    "a mailbox": lambda one: MailboxPurpose.objects.create(
        connection=one.connection, object="x", state=PurposeState.NONE, key="", asked_at=one.time()
    ),
    "the mailboxes": lambda one: MailboxAccess.objects.update(tries=9),
    "the switch": lambda one: schedule.switch_off(one.domain, one.acting),
    "the interval": lambda one: schedule.set_interval(one.domain, 5, one.acting),
    "a hint": lambda one: Schedule.objects.update(hinted_at=one.time()),
    "a failure": lambda one: Schedule.objects.update(failures=1),
    "a pause": lambda one: Schedule.objects.update(paused={}),
    "the time": lambda one: Schedule.objects.update(next_run_at=one.time()),
}


def know_a_mailbox(customer: Customer) -> None:
    MailboxPurpose.objects.create(
        connection=customer.connection,
        object="known",
        state=PurposeState.KNOWN,
        purpose="user",
        key="asked",
        asked_at=customer.time(),
    )


def elsewhere(customer: Customer) -> None:
    """Have a domain of another organization read the same tenant."""
    organization = edit.add_organization("Somebody Else", customer.acting)
    owner = Owner.objects.create(domain=edit.add_domain(organization, "else.example", customer.acting), label="Theirs")
    Source.objects.create(owner=owner, domain=owner.domain, connection=customer.connection, group="Main", precedence=1)


def test_what_moves_on_our_side_meanwhile_refuses_the_write(still: Customer) -> None:
    MailboxAccess.objects.get_or_create(connection=still.connection, defaults={"grants": "", "asked_at": still.time()})
    know_a_mailbox(still)
    QuietSpell.objects.update(ground=ground.read(still.domain.id).whole)
    leases = quiet.take(still.time(), 10)

    def counts_after(move: Move) -> bool:
        with transaction.atomic():
            move(still)
            counts = bool(quiet.write(leases, still.time(), still.time()))
            transaction.set_rollback(True)
        return counts

    assert counts_after(lambda _: None)
    # What a check finds once more as it was, is no news, nor is when a source was read.
    health = still.connection.__class__.objects.get().health | {"checked_at": "2026-11-23T12:00:00+00:00"}
    assert counts_after(lambda _: Connection.objects.update(health=health))
    assert counts_after(lambda one: Source.objects.update(read_at=one.time()))
    assert [name for name, move in MOVES.items() if counts_after(move)] == []


@pytest.mark.parametrize("row", [Domain, Schedule])
def test_a_domain_that_somebody_holds_gets_a_run_and_keeps_nobody_waiting(still: Customer, row: type[Model]) -> None:
    """As who writes the roll does, or somebody who tells of a change: what they say counts."""
    held: list[Beat] = []

    def beat_without_waiting() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1ms'")
        held.append(beat(still)[0])

    with transaction.atomic():
        row._default_manager.select_for_update(no_key=True).get(pk=still.domain.id)
        beside(beat_without_waiting).join()
    assert held == [Beat(1, 0)]
    assert run_of_tick(still).state == RunState.UNCHANGED


def test_a_database_that_breaks_off_leaves_all_or_nothing(still: Customer) -> None:
    before = Domain.objects.get(id=still.domain.id).read_at
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE directory_domain ADD CONSTRAINT broken CHECK (read_at IS NULL) NOT VALID")
    try:
        with pytest.raises(DatabaseError):
            beat(still)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE directory_domain DROP CONSTRAINT broken")
    spell = QuietSpell.objects.get()
    assert (spell.checks, spell.checked_at) == (0, None)
    assert Domain.objects.get(id=still.domain.id).read_at == Source.objects.get().read_at == before
    assert beat(still)[0] == Beat(0, 0)
    still.time.pass_(seconds=quiet.LEASE.total_seconds())
    assert beat(still)[0] == Beat(1, 1)


def test_a_database_that_goes_on_refusing_is_told_and_asked_ever_less_often(still: Customer) -> None:
    def shown() -> str:
        return workers.examine(Circumstances(installation.settings(), {})).found

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    pulse = Pulse(still.time)
    assert pulse.go_on(3.0) == 3.0
    due(still)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE directory_domain ADD CONSTRAINT broken CHECK (read_at IS NULL) NOT VALID")
    waits: list[float] = []
    try:
        for _ in range(8):
            waits.append(pulse.go_on(3.0))
            still.time.pass_(seconds=waits[-1] + quiet.LEASE.total_seconds())
        assert waits == [6.0, 12.0, 24.0, 48.0, 96.0, 192.0, 300.0, 300.0]
        assert "the database refuses" in shown()
        assert "(IntegrityError, 23514)" in shown()
        # The schedule waits for no beat that does not come: the domain has a run, which may fail as the beat did.
        assert not pulse.is_beating(still.time())
        assert fill(still.time(), MUCH, leaves_quiet=pulse.is_beating(still.time()))[0] == 1
        RunRequest.objects.all().delete()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE directory_domain DROP CONSTRAINT broken")
    due(still)
    assert pulse.go_on(3.0) == 3.0
    assert "the database refuses" not in shown()
    assert QuietSpell.objects.get().checks == 2


def test_tables_that_cannot_be_looked_at_end_no_run_of_the_worker(still: Customer, database_url: str) -> None:
    pulse = Pulse(still.time)
    with psycopg.connect(database_url) as other, connection.cursor() as cursor:
        other.execute("LOCK TABLE django_migrations")
        cursor.execute("SET statement_timeout = '100ms'")
        assert pulse.go_on(3.0) == 6.0
        cursor.execute("RESET statement_timeout")
    assert pulse.go_on(3.0) == 3.0


class WatchedFile(PosixPath):
    """Counts how often it is looked at."""

    looks: ClassVar = Counter[str]()

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        self.looks[self.name] += 1
        return super().stat(follow_symlinks=follow_symlinks)


def test_the_key_file_is_looked_at_once_for_all_that_are_taken_together(
    still: Customer, settings: Settings, tmp_path: Path
) -> None:
    crowd(still, 2)
    file = WatchedFile(tmp_path / f"{uuid4()}.key")
    file.write_text("\n".join(installation.settings().secret_keys))
    file.chmod(0o600)
    settings.MAILROLL = replace(installation.settings(), secret_keys=(), secret_key_file=file)
    assert beat(still)[0] == Beat(3, 3)
    assert file.looks[file.name] == 1
    due(still)
    file.write_text(f"{Fernet.generate_key().decode()}\n{file.read_text()}")
    assert beat(still)[0] == Beat(3, 3)
    assert file.looks[file.name] == 2


def test_however_many_they_are_the_statements_are_few_and_the_requests_one_each(still: Customer) -> None:
    with registry.keeping():
        # As in a worker: who signed in goes on with it.
        assert beat(still)[0] == Beat(1, 1)
        due(still)
        with connection.cursor() as cursor:
            # As after a provider moved in: what the planner knows of the tables is that one domain is in them.
            cursor.execute("ANALYZE")
        crowd(still, 249)
        assert rows_gone_through([*Domain.objects.values_list("id", flat=True)[:200]]) < 1_000_000
        _count_of_crowd(still)


def _count_of_crowd(still: Customer) -> None:
    # Of each organization one at first, so that a large one keeps nobody waiting.
    first = quiet.take(still.time(), 2)
    assert {Domain.objects.get(id=one.domain).organization.name for one in first} == {"Brightwater Joinery", "Small"}
    quiet.give_back(first)
    numbers = []
    for size in (200, 50):
        with CaptureQueriesContext(connection) as statements:
            made, questions = beat(still)
        assert made == Beat(size, size)
        numbers.append((len(statements), len(questions) - 2 * ("/groups/delta" in questions)))
    assert numbers == [(numbers[0][0], 200), (numbers[0][0], 50)]
    assert numbers[0][0] <= 12
    assert beat(still)[0] == Beat(0, 0)
    assert set(QuietSpell.objects.values_list("checks", flat=True)) == {1, 2}
    assert set(Domain.objects.values_list("read_at", flat=True)) == {still.time()}
    assert not RunRequest.objects.exists()
    _beats_of_crowd(still)


def _beats_of_crowd(still: Customer) -> None:
    """A worker's beats overlap: while some directories are asked, the next are taken and the first written."""
    due(still)
    with CaptureQueriesContext(connection) as statements:
        assert Pulse(still.time).beats() == Beat(250, 250)
    texts = [one["sql"] for one in statements]
    taken = [place for place, text in enumerate(texts) if "SET lease = q.lease + 1" in text]
    written = [place for place, text in enumerate(texts) if "SET checks = q.checks + 1" in text]
    assert [taken[0], taken[1], *written] == sorted(taken[:2] + written)
    assert (len(taken), len(written)) == (2, 2)
    assert set(QuietSpell.objects.values_list("checks", flat=True)) == {2, 3}
    # Of two batches the earlier one is answered first: else both would be at the same time, and nobody asked while
    # they are written.
    due(still)
    queues: list[Queue] = []

    def turns() -> dict[str, Queue]:
        queues.append(Queue())
        return {still.connection.client_id: queues[-1]}

    assert Pulse(still.time, turns=turns).beats() == Beat(250, 250)
    (queue,) = queues
    assert queue.tasks == sorted(queue.tasks)
    assert len(set(queue.tasks)) == 250
    # Who is to end meanwhile gives back who has not answered.
    due(still)
    assert Pulse(still.time, lambda: True).beats().taken == 200
    assert not QuietSpell.objects.filter(leased_until__isnull=False).exists()
    assert Pulse(still.time).beats() == Beat(250, 250)
