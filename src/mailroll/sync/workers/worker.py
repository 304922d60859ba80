"""The worker: makes the runs that are asked for, asks for those that are due, and takes over from dead workers."""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from mailroll.audit import clock
from mailroll.connections.ownership import watch
from mailroll.schema import age
from mailroll.schema.outage import DATABASE_AWAY, outage
from mailroll.sync import shutdown, tasks, totals
from mailroll.sync.schedules.pace import pulse_wait
from mailroll.sync.shared_units import metered
from mailroll.sync.workers import abandoned
from mailroll.sync.workers.housekeeping import Housekeeping
from mailroll.sync.workers.pulse import Pulse
from mailroll.sync.workers.standstill import TaskTries, WorkerTask, kind
from mailroll.sync.workers.tick import fill

log = logging.getLogger(__name__)

_LOOKS = 10
"""How often it is looked, while a worker ends, whether any run is still at work."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker does what it does besides its runs; seconds.

    `tick`: looks for what is due. `heartbeat`: shows that it lives. `stalled`: a worker silent for so long is dead.
    `fetch`: looks for jobs that nobody announced. `again`: tries again once the database was away.
    `grace`: runs under way may end by themselves for so long once it is asked to stop; then those that only read are
    ended. `bound`: so long after that no run is waited for. `end`: so long after it was asked nothing at all is waited
    for, and what is not done by then is the next worker's.

    `per_slot`: runs that wait in the queue for each that is made at the same time. Where half of what is there is
    done, it looks again, so that this is no limit on how many are made between two ticks.
    """

    tick: float = 3.0
    heartbeat: float = 5.0
    stalled: float = 20.0
    grace: float = 3.0
    bound: float = 22.0
    end: float = 30.0
    fetch: float = 2.0
    again: float = 2.0
    per_slot: int = 25


_Threads = tuple[ThreadPoolExecutor, ThreadPoolExecutor, ThreadPoolExecutor]
"""Of the clock, of the pulse, and of what is no run."""

Chore = Callable[[datetime], object]
"""What is done with every tick, for parts of the program that know this one: it is brief, and knows when it is due."""
_CHORES: tuple[Chore, ...] = (
    Housekeeping().keep,
    watch.check_waiting,
    abandoned.settle,
    lambda _: totals.write_down(),
)


def work(concurrency: int, pace: Pace = Pace(), chores: Sequence[Chore] = ()) -> None:
    """Work until SIGTERM or SIGINT; a second one ends runs that only read at once.

    Raises `OtherTables` once a later version has changed the tables.
    """
    with metered():
        asyncio.run(_Worker(concurrency, pace, chores).work())


class _Worker:
    def __init__(self, concurrency: int, pace: Pace, chores: Sequence[Chore]) -> None:
        self._concurrency = concurrency
        self._pace = pace
        self._chores = chores
        self._asked = asyncio.Event()
        self._ending = threading.Event()
        self._pulse = Pulse(clock.now, self._asked.is_set)
        self._drain = _Drain()

    async def work(self) -> None:
        """Make runs, and begin anew when the database was away."""
        loop = asyncio.get_running_loop()
        # A thread for every run; what a run itself needs beside it has its own.
        loop.set_default_executor(ThreadPoolExecutor(self._concurrency + 2, "run"))
        with (
            _signals(loop, self._stop),
            ThreadPoolExecutor(1, "tick") as ticking,
            ThreadPoolExecutor(1, "pulse") as beating,
            ThreadPoolExecutor(1, "house") as house,
        ):
            threads = (ticking, beating, house)
            try:
                while not self._asked.is_set():
                    await self._session_or_none(threads)
                    if not self._asked.is_set():
                        await self._pause(self._pace.again)
            finally:
                await asyncio.gather(*(loop.run_in_executor(executor, _close) for executor in threads))

    async def _session_or_none(self, threads: _Threads) -> None:
        try:
            await self._session(threads)
        except (ConnectorException, psycopg.Error, DatabaseError) as error:
            # Its text may hold the address of the database.
            log.warning("the database does not answer (%s); trying again", type(error).__name__)

    async def _session(self, threads: _Threads) -> None:
        ticking, beating, house = threads
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=10)
        app = django_app.with_connector(connector)
        async with app.open_async():
            runs = asyncio.create_task(self._runs(app))
            beside = [
                asyncio.create_task(self._ticks(ticking)),
                asyncio.create_task(self._beats(beating)),
                *(asyncio.create_task(self._keeps_house(house, chore)) for chore in (*_CHORES, *self._chores)),
                asyncio.create_task(self._rescues(app)),
            ]
            stop_task = asyncio.create_task(self._asked.wait())
            try:
                await asyncio.wait({runs, stop_task, *beside}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await shutdown.cancel((stop_task, *beside))
                await self._wind_up(runs)
        for task in (runs, *beside):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _runs(self, app: App) -> None:
        await app.run_worker_async(
            queues=[tasks.QUEUE],
            concurrency=self._concurrency,
            install_signal_handlers=False,
            # A job that waits for another of its domain is announced by nobody.
            fetch_job_polling_interval=self._pace.fetch,
            # What became of a request stands in its own row.
            delete_jobs="always",
            update_heartbeat_interval=self._pace.heartbeat,
            stalled_worker_timeout=self._pace.stalled,
            additional_context={tasks.STOP: self._ending.is_set},
            worker_middleware=[self._drain.counting],
        )

    async def _ticks(self, ticking: ThreadPoolExecutor) -> None:
        """Look for what is due. Where the database refuses that, runs go on; where it is away, the session ends."""
        loop, capacity = asyncio.get_running_loop(), self._concurrency * self._pace.per_slot
        tick = partial(_tick, capacity, self._pulse, TaskTries(WorkerTask.TICK), self._pace.tick)
        while True:
            ended_count = self._drain.ended
            waiting_count, pause = await loop.run_in_executor(ticking, tick)
            if pause:
                await asyncio.sleep(pause)
            else:
                self._drain.expect(waiting_count, ended_count)
                await self._drain.wait(self._pace.tick)

    async def _keeps_house(self, house: ThreadPoolExecutor, chore: Chore) -> None:
        """What takes long, or waits for others, in a thread for all of that: no run waits for it, or ends as it fails.

        One that fails is tried ever less often, and the others as often as before: alerts are among them.
        """
        loop, failures = asyncio.get_running_loop(), 0
        while True:
            (fault,) = await asyncio.gather(loop.run_in_executor(house, _do, chore), return_exceptions=True)
            failures = failures + 1 if fault else 0
            pause = pulse_wait(failures, self._pace.tick)
            if fault:
                # What the database says may hold its address, or name somebody.
                place = None if isinstance(fault, DatabaseError) else fault
                log.error("a chore failed (%s); again in %.0f s", type(fault).__name__, pause, exc_info=place)
            await asyncio.sleep(pause)

    async def _beats(self, beating: ThreadPoolExecutor) -> None:
        """Ask the directories of quiet domains; at once again while there are more."""
        loop = asyncio.get_running_loop()
        while True:
            pause = await loop.run_in_executor(beating, _beat, self._pulse, self._pace.tick)
            await asyncio.sleep(pause)

    async def _rescues(self, app: App) -> None:
        """Put the jobs of dead workers back. Not a job itself, so that no run ever keeps it waiting."""
        while True:
            stalled = await app.job_manager.get_stalled_jobs(
                queue=tasks.QUEUE, seconds_since_heartbeat=self._pace.stalled
            )
            for job in stalled:
                log.warning("job %s of a worker that died is taken over", job.id)
                # Another worker may have been faster.
                with contextlib.suppress(ConnectorException):
                    await app.job_manager.retry_job(job)
            await asyncio.sleep(self._pace.heartbeat)

    async def _wind_up(self, runs: "asyncio.Task[None]") -> None:
        """Take no new job, let runs end; then end those that only read. One that applies has all the time there is."""
        runs.cancel()
        if self._asked.is_set():
            await asyncio.wait({runs}, timeout=self._pace.grace)
        self._ending.set()
        for _ in range(_LOOKS):
            if (await asyncio.wait({runs}, timeout=self._pace.bound / _LOOKS))[0]:
                break
            if not tasks.at_work():
                # What is left is waiting for a database that may have gone meanwhile; no run depends on it.
                runs.cancel()
        if not runs.done():
            log.error("a run did not end in time and is cut off; nothing of it is applied")
            # Its thread cannot be stopped, and would keep the process for as long as it likes.
            os._exit(1)
        if not self._asked.is_set():
            self._ending.clear()

    def _stop(self) -> None:
        if self._asked.is_set():
            self._ending.set()
        else:
            shutdown.set_deadline(self._pace.end)
        self._asked.set()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), seconds)


class _Drain:
    """Tells when half of what waits in the queue is done, so that there is room for more."""

    def __init__(self) -> None:
        self.ended = 0
        self._low_at: int | None = None
        self._low = asyncio.Event()

    def expect(self, waiting_count: int, ended_count: int) -> None:
        """So many jobs waited when so many had ended; of none there is nothing to expect."""
        self._low_at = ended_count + (waiting_count + 1) // 2 if waiting_count else None
        self._low.clear()
        self._look()

    async def wait(self, longest: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._low.wait(), longest)

    async def counting(self, job: Callable[[], Awaitable[Any]], _context: JobContext, _worker: Worker) -> Any:
        """A layer around every job of a worker; it changes nothing of it."""
        try:
            return await job()
        finally:
            self.ended += 1
            self._look()

    def _look(self) -> None:
        if self._low_at is not None and self.ended >= self._low_at:
            self._low.set()


def _tick(capacity: int, pulse: Pulse, tries: TaskTries, beat: float) -> tuple[int, float]:
    """Fill the queue, and return how much waits in it where more may be due than it had room for.

    With it comes after how many seconds to try again where the database refused that; 0 where it did not.
    """
    close_old_connections()
    try:
        age.refuse_newer()
        _, waiting_count = fill(clock.now(), capacity, leaves_quiet=pulse.is_beating(clock.now()))
    except DatabaseError as error:
        if outage(error) is DATABASE_AWAY:
            raise
        pause = tries.fail(error, clock.now(), beat)
        log.warning("the database refuses to tell what is due (%s); again in %.0f s", kind(error), pause)
        return 0, pause
    else:
        tries.succeed()
        return (waiting_count if waiting_count >= capacity // 2 else 0), 0.0
    finally:
        close_old_connections()


def _do(chore: Chore) -> None:
    close_old_connections()
    try:
        chore(clock.now())
    finally:
        close_old_connections()


def _beat(pulse: Pulse, pause: float) -> float:
    close_old_connections()
    try:
        return pulse.go_on(pause)
    finally:
        close_old_connections()


def _close() -> None:
    """Close the connection of the thread that runs this."""
    connection.close()


@contextlib.contextmanager
def _signals(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> Iterator[None]:
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop)
    try:
        yield
    finally:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(signal_number)
