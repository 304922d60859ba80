"""The one kind of job: answer a request for a run. Its row is the truth; a lost job is only queued again."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from mailroll.sync import answering
from mailroll.sync.models import RunRequest, Trigger

QUEUE = "sync"
STOP = "stop"
"""Where a worker puts the question whether it has to end, in the context of every job."""

_MANY = 200
"""So many new jobs at once make the table's statistics wrong enough to slow every worker down."""
_PERSON, _CLOCK = 10, 0


def queued() -> frozenset[UUID]:
    """Return the requests whose job waits or is at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'request' FROM procrastinate_jobs WHERE queue_name = %s AND status IN ('todo', 'doing')",
            [QUEUE],
        )
        return frozenset(UUID(request) for (request,) in cursor.fetchall())


def waiting() -> int:
    """Count the jobs that no worker has taken yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo'", [QUEUE])
        (number,) = cursor.fetchone()
    return int(number)


def staffed() -> bool:
    """Whether a worker has shown within the last minute that it lives."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - '1 minute'::interval)"
        )
        (alive,) = cursor.fetchone()
    return bool(alive)


@app.task(queue=QUEUE, pass_context=True)
def answer(context: JobContext, request: str) -> None:
    try:
        answering.answer(UUID(request), context.additional_context[STOP])
    finally:
        # An idle thread keeps no connection to the database.
        connection.close()


def enqueue(requests: Iterable[RunRequest]) -> None:
    """Queue a job for each request, in the transaction under way. None of them may be queued already."""
    jobs = [_job(request) for request in requests]
    if not jobs:
        return
    app.job_manager.batch_defer_jobs(jobs)
    if len(jobs) >= _MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE procrastinate_jobs")


def _job(request: RunRequest) -> Job:
    person = request.trigger != Trigger.AUTOMATIC
    options = answer.configure(
        lock=f"domain:{request.domain_id}",
        queueing_lock=f"request:{request.id}",
        priority=_PERSON if person else _CLOCK,
    )
    return options.make_new_job(request=str(request.id))
