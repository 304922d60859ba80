"""The jobs: answer a request, whose row is the truth, take a sample for a filter, ask about one address, look after
subscriptions.

Every process that sets Django up imports this module, since the queue looks for its jobs then. So what a job does is
imported by the first one: it reads directories, which takes longer to import than all the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from mailroll import promises
from mailroll.audit import clock
from mailroll.connections.models import Source
from mailroll.sync.models import RunRequest, Trigger

QUEUE = "sync"
STOP = "stop"
"""Where a worker puts the question whether it has to end, in the context of every job."""

_MANY = 200
"""So many new jobs at once make the table's statistics wrong enough to slow every worker down."""
_PERSON, _CLOCK = 10, 0
HINT: Final = 1
"""The priority of the first hinted run of a branch (see `turns`)."""
_LIVES: Final = f"last_heartbeat > now() - '{promises.in_words(promises.WORKER)}'::interval"
_QUEUE: Final = f"""
    SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
           coalesce(extract(epoch FROM now() - min((
               SELECT min(at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred'
           )) FILTER (WHERE status = 'todo')), 0),
           (SELECT count(*) FROM procrastinate_workers WHERE {_LIVES})
      FROM procrastinate_jobs j WHERE queue_name = %s AND status IN ('todo', 'doing')
"""  # noqa: S608 - words of ours
_NONE: Final[Mapping[UUID, int]] = {}
_ATTEND: Final = "mailroll.sync.tasks.attend"
_PART: Final = "mailroll.sync.tasks.part"
_at_work: set[str] = set()


def queued() -> frozenset[UUID]:
    """Return the requests whose job waits or is at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'request' FROM procrastinate_jobs"
            " WHERE queue_name = %s AND status IN ('todo', 'doing') AND args ? 'request'",
            [QUEUE],
        )
        return frozenset(UUID(request) for (request,) in cursor.fetchall())


def waiting() -> int:
    """Count the jobs that no worker has taken yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo'", [QUEUE])
        (number,) = cursor.fetchone()
    return int(number)


def hints() -> int:
    """Count the automatic runs that go ahead of all others by a hint, and wait or are at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE queue_name = %s AND status IN ('todo', 'doing') AND priority > %s AND priority < %s",
            [QUEUE, _CLOCK, _PERSON],
        )
        (number,) = cursor.fetchone()
    return int(number)


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits and is at work, for how many seconds the oldest has waited, and how many workers live."""

    waiting: int
    at_work: int
    oldest: float
    workers: int


def queue() -> Queue:
    """Look at the queue by the database's own clock: procrastinate notes when each job was put in."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [QUEUE])
        waiting_count, at_work, oldest, workers = cursor.fetchone()
    return Queue(waiting_count, at_work, float(oldest), workers)


def staffed() -> bool:
    return workers() > 0


def workers() -> int:
    """Count the workers that have shown within the last minute that they live."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM procrastinate_workers WHERE {_LIVES}")  # noqa: S608 - words of ours
        (alive,) = cursor.fetchone()
    return int(alive)


def at_work() -> bool:
    """Whether this process answers a request at this moment."""
    return bool(_at_work)


@app.task(queue=QUEUE, pass_context=True)
def answer(context: JobContext, request: str) -> None:
    from mailroll.sync.runs import answer as answers  # noqa: PLC0415 - see above

    _at_work.add(request)
    try:
        answers.answer(UUID(request), context.additional_context[STOP])
    finally:
        # An idle thread keeps no connection to the database.
        connection.close()
        _at_work.discard(request)


@app.task(queue=QUEUE)
def sample(connection_id: str) -> None:
    """Take the sample of a connection for whoever writes a filter."""
    from mailroll.sync.samples import intake  # noqa: PLC0415 - see above

    try:
        intake.take(UUID(connection_id), clock.now())
    finally:
        connection.close()


def enqueue_sample(connection_id: UUID) -> None:
    """Queue the taking of a sample, in the transaction under way; one that waits already is enough."""
    options = sample.configure(
        lock=f"sample:{connection_id}", queueing_lock=f"sample:{connection_id}", priority=_PERSON
    )
    try:
        with transaction.atomic():
            options.defer(connection_id=str(connection_id))
    except AlreadyEnqueued:
        return


@app.task(queue=QUEUE)
def address(question: str) -> None:
    """Ask the directories of a domain about one address."""
    from mailroll.sync.addresses import replies  # noqa: PLC0415 - see above

    try:
        replies.answer(UUID(question))
    finally:
        connection.close()


def enqueue_address(question: UUID) -> None:
    """Queue a question about an address, in the transaction under way. Beside the runs of its domain: it only reads."""
    options = address.configure(queueing_lock=f"address:{question}", priority=_PERSON)
    options.defer(question=str(question))


@app.task(queue=QUEUE, name=_ATTEND)
def attend(connection_id: str) -> None:
    """Look after the subscriptions of a connection."""
    from mailroll.sync.notifications import renewals  # noqa: PLC0415 - see above

    try:
        renewals.attend(UUID(connection_id))
    finally:
        connection.close()


@app.task(queue=QUEUE, name=_PART)
def part() -> None:
    """End the subscriptions of connections that are gone."""
    from mailroll.sync.notifications import renewals  # noqa: PLC0415 - see above

    try:
        renewals.end_parted()
    finally:
        connection.close()


def attending() -> int:
    """Count the jobs that look after subscriptions, or wait to do so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing')", [_ATTEND]
        )
        (number,) = cursor.fetchone()
    return int(number)


def enqueue_attending(connection_id: UUID) -> None:
    """Queue the looking after a connection's subscriptions, one at a time."""
    key = f"subscriptions:{connection_id}"
    options = attend.configure(lock=key, queueing_lock=key, priority=_CLOCK)
    with suppress(AlreadyEnqueued), transaction.atomic():
        options.defer(connection_id=str(connection_id))


def enqueue_parting() -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        part.configure(lock="parting", queueing_lock="parting", priority=_CLOCK).defer()


def enqueue(requests: Iterable[RunRequest], places: Mapping[UUID, int] = _NONE) -> None:
    """Queue a job for each request, in the transaction under way. None of them may be queued already.

    `places`: how many others of its customer an automatic one comes after, by domain (see `turns`). It lets the first
    of everybody else go ahead.
    """
    requests = list(requests)
    read_by = _connections([request.domain_id for request in requests if not _is_asked(request)])
    jobs = [_job(request, places.get(request.domain_id, 0), read_by.get(request.domain_id)) for request in requests]
    if not jobs:
        return
    app.job_manager.batch_defer_jobs(jobs)
    if len(jobs) >= _MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE procrastinate_jobs")


def _job(request: RunRequest, place: int, read_by: UUID | None) -> Job:
    """Of the automatic runs that read by one connection, one is at work at a time; a person waits for none of them.

    So a directory that is huge, or makes everybody wait, has one place of a worker, and is read once at a time. Of a
    domain that reads by several connections it is the first of them.
    """
    options = answer.configure(
        lock=f"domain:{request.domain_id}" if read_by is None else f"connection:{read_by}",
        queueing_lock=f"request:{request.id}",
        priority=_PERSON if _is_asked(request) else _CLOCK - place,
    )
    return options.make_new_job(request=str(request.id))


def _is_asked(request: RunRequest) -> bool:
    """Whether a person asked for it."""
    return bool(request.decision) or request.trigger != Trigger.AUTOMATIC


def _connections(domains: Sequence[UUID]) -> dict[UUID, UUID]:
    """The connection that each domain is read by."""
    if not domains:
        return {}
    sources = Source.objects.filter(domain__in=domains, enabled=True).order_by("domain", "connection")
    return dict(sources.distinct("domain").values_list("domain", "connection"))
