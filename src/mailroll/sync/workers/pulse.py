"""Asks many directories at once whether anything changed, for domains of which the last run knows what that would mean.

Where nothing is told, a count and a time are written, for all of them together. A small tenant that is due to be listed
is listed as well (`repeated_listing`): where that says in all what the last run heard, nothing changed. Everybody else
gets a run: who is told something, is listed otherwise, fails, is slow or throttled, whose cursors are lost, and whose
own side moved. So what a run says of these is said as ever, and nothing is decided here.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import Error as DatabaseError

from mailroll.accounts import installation
from mailroll.connections.access import Access
from mailroll.connections.models import Source
from mailroll.connectors import registry
from mailroll.connectors.base import WantedObjects
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.measures import table
from mailroll.measures.accumulator import PROCESS
from mailroll.reconcile.errors import MailrollError
from mailroll.schema import age
from mailroll.sealing import Sealer, SealingError
from mailroll.sync import shutdown
from mailroll.sync.footings import steady_state
from mailroll.sync.footings.steady_state import SteadyOutline
from mailroll.sync.progress import Stop, never
from mailroll.sync.readings.repeated_listing import RepeatedListing, due_listing
from mailroll.sync.schedules import quiet
from mailroll.sync.schedules.quiet import Lease
from mailroll.sync.sources import since, source_list
from mailroll.sync.sources.since import Since
from mailroll.sync.workers.standstill import TaskTries, WorkerTask, kind

log = logging.getLogger(__name__)

BATCH: Final = 200
"""Domains that are taken at once, and written of in one statement."""
PATIENCE: Final = 15.0
"""Seconds in which everybody has answered; who is slower gets a run, which has more patience. Well within a lease."""
AT_ONCE: Final = 2
"""Batches under way in one process: while one is asked about, that before it is written, or that behind it taken."""
OF_ONE_APPLICATION: Final = 50
"""Questions of a process under way under one registration: Microsoft counts requests by application and tenant."""
MOST: Final = 10
"""Batches after which a worker looks whether it is still to go on."""
_LOOK: Final = 0.5
"""Seconds between looks whether the process is to end."""
ALIVE: Final = timedelta(minutes=1)
"""For so long after a beat the schedule leaves quiet domains to the next."""

Now = Callable[[], datetime]
Turns = Mapping[str, asyncio.Semaphore]
"""By registration, who may ask under it. In their order: so of two batches under way the earlier one is answered first,
and is written while the later one is asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a directory is asked, and with which access."""

    access: Access
    wanted: WantedObjects
    since: Since
    repeated: RepeatedListing | None = None
    """What is asked beside changes, where everybody is due to be listed."""


@dataclass(frozen=True, slots=True)
class BeatAnswers:
    """The domains of which nothing is told, and those that nobody waited for as the process is to end.

    `silent`: with what the next reading of each begins, sealed; empty where that stays as it is.
    """

    silent: Mapping[UUID, str] = field(default_factory=dict)
    open: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Beat:
    """What came of one: how many domains were taken, and of how many it is written that nothing changed."""

    taken: int = 0
    quiet: int = 0

    def __add__(self, other: "Beat") -> "Beat":
        return Beat(self.taken + other.taken, self.quiet + other.quiet)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Domains that were taken, when, and what is answered about them once all have answered."""

    asked: datetime
    leases: Sequence[Lease]
    answers: "Future[BeatAnswers]"


def application_turns() -> Turns:
    return defaultdict(lambda: asyncio.Semaphore(OF_ONE_APPLICATION))


class Pulse:
    """The beats of one process. `is_beating`: whether quiet domains may be left to them.

    `turns`: makes those of batches that are under way together, in one loop.
    """

    def __init__(self, now: Now, stop: Stop = never, turns: Callable[[], Turns] = application_turns) -> None:
        self._now = now
        self._stop = stop
        self._turns = turns
        self._last: datetime | None = None
        self._tries = TaskTries(WorkerTask.PULSE)

    def go_on(self, pause: float) -> float:
        """Beat; return after how many seconds to do so again: at once where more may be due, else after a pause.

        Where the database refuses it, it is tried ever less often, and said where people look. Runs go on meanwhile,
        and quiet domains get runs as well once no beat has come for a while. Raises `OtherTables` once a later version
        has changed the tables.
        """
        try:
            age.refuse_newer()
            beat = self.beats()
        except DatabaseError as error:
            wait = self._tries.fail(error, self._now(), pause)
            # Its text may hold the address of the database, or name somebody.
            log.warning("quiet domains cannot be asked (%s); trying again in %.0f s", kind(error), wait)
            return wait
        self._tries.succeed()
        return 0.0 if beat.taken >= BATCH * MOST else pause

    def beat(self) -> Beat:
        """Take what is due and quiet, ask, and write. Raises what the database raises; then leases end by themselves.

        1. Take domains, each organization in turn, and gather what is asked.
        2. Ask all of them, whatever becomes of any other.
        3. Write of all at once that nothing changed, and leave the others to runs. Where the process is to end
           meanwhile, give back who has not answered.
        """
        return self._finish(self._begin(self._turns()))

    def beats(self) -> Beat:
        """Beat until fewer are due than one beat takes, but no more than `MOST` times; `AT_ONCE` are under way."""
        batches: deque[_Batch] = deque()
        turns = self._turns()
        beat = Beat()
        try:
            for _ in range(MOST):
                batches.append(self._begin(turns))
                is_full = len(batches[-1].leases) == BATCH
                if len(batches) == AT_ONCE:
                    beat += self._finish(batches.popleft())
                if not is_full or self._stop():
                    break
            while batches:
                beat += self._finish(batches.popleft())
        finally:
            for batch in batches:
                batch.answers.cancel()
        return beat

    def _begin(self, turns: Turns) -> _Batch:
        asked_at = self._now()
        leases = quiet.take(asked_at, BATCH)
        subjects = gather(leases, asked_at) if leases else {}
        with asked_by(Urgency.CLOCK):
            return _Batch(asked_at, leases, registry.begin(ask(subjects, self._stop, turns)))

    def _finish(self, batch: _Batch) -> Beat:
        leases, answers = batch.leases, batch.answers.result()
        silent = [lease for lease in leases if lease.domain in answers.silent]
        now = self._now()
        written_ids = quiet.write(silent, batch.asked, now, answers.silent)
        quiet.give_back([lease for lease in leases if lease.domain in answers.open])
        quiet.end([lease for lease in leases if lease.domain not in written_ids | answers.open])
        if written_ids:
            PROCESS.add(table.CHECKS, amount=len(written_ids))
        self._last = now
        return Beat(len(leases), len(written_ids))

    def is_beating(self, now: datetime) -> bool:
        return self._last is not None and abs(now - self._last) < ALIVE


@dataclass(frozen=True, slots=True)
class QuietDomain:
    """What a question to the directory of one domain is made of."""

    lease: Lease
    sources: Sequence[Source]
    state: SteadyOutline
    now: datetime
    sealer: Callable[[], Sealer]
    """Opens, and seals nothing (docs/decisions/0112-cheaper-beats.md)."""

    def questions(self) -> list[Question]:
        """Return what is asked of each connection; nothing where a run has to. Raises what access or filter raises."""
        pulse_questions: dict[UUID, Question] = {}
        asked_sources = source_list.asked(self.sources, self.lease.types, self.sealer)
        questions = {question.access.connection: question for _, question in asked_sources}
        for key, question in questions.items():
            last_since = since.opened(self.state.since, self.lease.domain, question.access, self.now, self.sealer)
            listing = None
            if last_since is not None and not last_since.suffices and len(questions) == 1:
                listing = due_listing(
                    question, last_since, self.state.imprint, self.state.size, self._health(), self.now
                )
            if last_since is None or not (last_since.suffices or listing):
                return []
            pulse_questions[key] = Question(question.access, question.wanted, last_since, listing)
        return list(pulse_questions.values())

    def _health(self) -> dict[str, Any]:
        """What is known of the only connection."""
        return next((row.connection.health for row in self.sources if row.connection is not None), {})


def gather(leases: Collection[Lease], now: datetime) -> dict[UUID, QuietDomain]:
    """Return what is known of each domain, in two queries; who cannot be asked is left out."""
    domains = [lease.domain for lease in leases]
    sources: dict[UUID, list[Source]] = defaultdict(list)
    for row in source_list.read_from(domains):
        sources[row.domain_id].append(row)
    states = steady_state.outlines(domains, now)
    # The key file is looked at once for all of them, and first behind these rows: whoever sealed them had put the key
    # there before.
    sealer = cache(installation.sealer)
    return {
        lease.domain: QuietDomain(lease, sources[lease.domain], states[lease.domain], now, sealer)
        for lease in leases
        if lease.domain in states
    }


async def ask(subjects: Mapping[UUID, QuietDomain], stop: Stop, turns: Turns) -> BeatAnswers:
    """Ask about all of them at once, as far as turns allow."""
    tasks = {asyncio.create_task(_ask(subject, turns)): domain for domain, subject in subjects.items()}
    slow = set(tasks)
    try:
        for _ in range(int(PATIENCE / _LOOK)):
            if slow and not stop():
                _, slow = await asyncio.wait(slow, timeout=_LOOK)
    finally:
        await shutdown.cancel(slow)
    begins_by_domain = {domain: _task_result(task) for task, domain in tasks.items()}
    silent = {domain: begins for domain, begins in begins_by_domain.items() if begins is not None}
    open_domains = frozenset(tasks[task] for task in slow) if stop() else frozenset()
    return BeatAnswers(silent, open_domains - silent.keys())


async def _ask(subject: QuietDomain, turns: Turns) -> str | None:
    """Return with what the next reading begins where nothing changed, as in `BeatAnswers`; None where a run has to."""
    since_line = ""
    try:
        questions = subject.questions()
        for question in questions:
            answer = await _follow(question, subject.lease.domain, turns[question.access.values["client_id"]])
            if answer is None:
                return None
            since_line = answer or since_line
    except (MailrollError, SealingError):
        return None  # a run says what is wrong
    return since_line if questions else None


async def _follow(question: Question, domain: UUID, turn: asyncio.Semaphore) -> str | None:
    """Ask one connection; returns what `_ask` does."""
    access, wanted_objects = question.access, question.wanted
    async with turn, registry.build(access.kind, access.values, wanted_objects=wanted_objects) as connector:
        if question.repeated is None:
            return "" if await since.is_silent(connector, question.since) else None
        next_since = await question.repeated.repeat(connector)
    # Where nothing is sealed, a type is read of which no changes are told, so that a run lists it each time.
    return since.seal(next_since, domain, access, wanted_objects) or None


def _task_result(task: "asyncio.Task[str | None]") -> str | None:
    if task.cancelled():
        return None
    fault = task.exception()
    if fault is not None:
        # The run that follows tells of it; whoever else is asked about is none the worse for it.
        log.error("what changed in a directory could not be asked", exc_info=fault)
        return None
    return task.result()
