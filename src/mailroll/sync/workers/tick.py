"""What every worker does every few seconds: select the domains that are due, and queue what fell out of the queue."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
)

from mailroll.connections.models import Source
from mailroll.sync import tasks
from mailroll.sync.addresses import questions
from mailroll.sync.models import QuietSpell, RunRequest, Schedule, Trigger
from mailroll.sync.readings import interruptions
from mailroll.sync.samples import view
from mailroll.sync.schedules import pace, quiet, turns

CLOCK = "schedule"
"""The actor of a run that no person asked for."""

# Any number that no other program takes.
_QUEUEING = 0x6D61696C72

_SHARE, _LEAST_SHARE = 4, 8
"""One customer has at most this part of the queue's room, or so many places where that is more: however slowly its
directories answer, others have room."""


def fill(now: datetime, capacity: int, *, leaves_quiet: bool) -> tuple[int, int]:
    """Queue about as many runs as there is capacity for; return how many were queued, and how many wait with them.

    Many workers may do it at once.

    `leaves_quiet`: somebody asks the directories of quiet domains (`pulse`), so that these need no run.

    1. Of what waits already let those go ahead that were hinted meanwhile.
    2. Take the domains that are due, those of each customer in turn, hinted ones first (see `turns`) and the longest
       due before others; leave out what another worker takes or asks about at this moment, what has a run that waits
       or is under way, and what has nothing to read.
    3. Set their next time, and ask for their runs.
    4. Queue these, and the requests whose job was lost; drop what was kept for writing filters and is a day old, and
       unfinished readings that nobody can go on with.
    """
    with transaction.atomic():
        turns.advance(tasks.QUEUE, tasks.HINT)
        waiting_count = tasks.waiting()
        room = max(0, capacity - waiting_count)
        places = _due(now, room, max(_LEAST_SHARE, capacity // _SHARE), leaves_quiet=leaves_quiet)
        requests = RunRequest.objects.bulk_create(_request(domain, now) for domain in places)
        lost_requests = _lost_requests({request.id for request in requests})
        tasks.enqueue([*requests, *lost_requests], places)
        view.drop_old(now)
        interruptions.drop_old(now)
        questions.drop_old(now)
    return len(requests), waiting_count + len(requests)


def _due(now: datetime, room: int, share: int, *, leaves_quiet: bool) -> dict[UUID, int]:
    """Take domains, set their next time, and return the places of their branches (see `turns`) that they have.

    A customer with a thousand domains that are due at once shall not keep another waiting that has one. Of none more
    wait or are under way than its `share`.
    """
    waiting_requests = RunRequest.objects.filter(domain=OuterRef("domain"), outcome="")
    readable = Source.objects.filter(domain=OuterRef("domain"), enabled=True)
    is_quiet = Q(until__gt=now, domain__schedule__next_run_at__lte=now, domain__schedule__failures=0)
    is_taken = Q(leased_until__gt=now, leased_until__lte=quiet.latest_end(now))
    elsewhere = QuietSpell.objects.filter(is_taken | is_quiet if leaves_quiet else is_taken, domain=OuterRef("domain"))
    # What is later than it can be by this clock was written while some clock was wrong, so it is due now.
    interval = F("interval") * Value(timedelta(minutes=1))
    an_interval_on = ExpressionWrapper(Value(now + pace.SKEW) + interval, DateTimeField())
    beyond = Q(failures=0, next_run_at__gt=an_interval_on) | Q(next_run_at__gt=pace.latest(now, pace.LONGEST, 1))
    candidates = Schedule.objects.filter(Q(next_run_at__lte=now) | beyond, automatic=True, paused__isnull=True)
    candidates = candidates.filter(~Exists(waiting_requests), ~Exists(elsewhere), Exists(readable))
    places = turns.places(candidates, share, room, tasks.hints())
    # Another worker, or a person, may have been faster meanwhile: what they took or stopped is no longer due.
    due = list(
        Schedule.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(next_run_at__lte=now) | beyond, automatic=True, paused__isnull=True, domain__in=places)
        .filter(~Exists(waiting_requests), ~Exists(elsewhere))
    )
    for schedule in due:
        schedule.next_run_at = pace.next_slot(now, timedelta(minutes=schedule.interval), schedule.jitter)
    Schedule.objects.bulk_update(due, ["next_run_at"], batch_size=1000)
    due_ids = {due_schedule.domain_id for due_schedule in due}
    return {domain: place for domain, place in places.items() if domain in due_ids}


def _request(domain: UUID, now: datetime) -> RunRequest:
    return RunRequest(id=uuid4(), domain_id=domain, trigger=Trigger.AUTOMATIC, actor=CLOCK, asked_at=now)


def _lost_requests(new: set[UUID]) -> list[RunRequest]:
    """The requests that wait and have no job: its worker was stopped, or could not tell what became of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_QUEUEING])
        (alone,) = cursor.fetchone()
    if not alone:
        return []
    # In this order: whatever is asked for in between is not among the first.
    waiting_requests = list(RunRequest.objects.filter(outcome="").exclude(id__in=new))
    queued = tasks.queued() if waiting_requests else frozenset()
    return [request for request in waiting_requests if request.id not in queued]
