"""What every worker does every few seconds: select the domains that are due, and queue what fell out of the queue."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, Value

from mailroll.connections.models import Source
from mailroll.sync import pace, tasks, unfinished
from mailroll.sync.addresses import questions
from mailroll.sync.models import RunRequest, Schedule, Trigger
from mailroll.sync.samples import looking

CLOCK = "schedule"
"""The actor of a run that no person asked for."""

# Any number that no other program takes.
_QUEUEING = 0x6D61696C72


def tick(now: datetime, capacity: int) -> int:
    """Queue about as many runs as there is capacity for, and return how many. Any number of workers may do it at once.

    1. Take the domains that are due, the longest due first; leave out what another worker takes at this moment, what
       has a run that waits or is under way, and what has nothing to read.
    2. Set their next time, and ask for their runs.
    3. Queue these, and the requests whose job was lost; drop what was kept for writing filters and is a day old, and
       unfinished readings that nobody can go on with.
    """
    with transaction.atomic():
        room = max(0, capacity - tasks.waiting())
        asked = RunRequest.objects.bulk_create(_request(due, now) for due in _due(now, room))
        lost = _lost({request.id for request in asked})
        tasks.enqueue([*asked, *lost])
        looking.drop_old(now)
        unfinished.drop_old(now)
        questions.drop_old(now)
    return len(asked)


def _due(now: datetime, room: int) -> list[Schedule]:
    waiting = RunRequest.objects.filter(domain=OuterRef("domain"), outcome="")
    readable = Source.objects.filter(domain=OuterRef("domain"), enabled=True)
    # What is later than it can be by this clock was written while some clock was wrong, so it is due now.
    an_interval_on = ExpressionWrapper(Value(now) + F("interval") * Value(timedelta(minutes=1)), DateTimeField())
    beyond = Q(failures=0, next_run_at__gt=an_interval_on) | Q(next_run_at__gt=pace.latest(now, pace.LONGEST, 1))
    due = list(
        Schedule.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(next_run_at__lte=now) | beyond, automatic=True, paused__isnull=True)
        .filter(~Exists(waiting), Exists(readable))
        .order_by("next_run_at")[:room]
    )
    for one in due:
        one.next_run_at = pace.next_slot(now, timedelta(minutes=one.interval), one.jitter)
    Schedule.objects.bulk_update(due, ["next_run_at"], batch_size=1000)
    return due


def _request(due: Schedule, now: datetime) -> RunRequest:
    return RunRequest(id=uuid4(), domain_id=due.domain_id, trigger=Trigger.AUTOMATIC, actor=CLOCK, asked_at=now)


def _lost(new: set[UUID]) -> list[RunRequest]:
    """The requests that wait and have no job: its worker was stopped, or could not tell what became of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_QUEUEING])
        (alone,) = cursor.fetchone()
    if not alone:
        return []
    # In this order: whatever is asked for in between is not among the first.
    waiting = list(RunRequest.objects.filter(outcome="").exclude(id__in=new))
    queued = tasks.queued() if waiting else frozenset()
    return [request for request in waiting if request.id not in queued]
