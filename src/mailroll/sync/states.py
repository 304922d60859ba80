"""The states of a run and the ways between them. Every change of a state in the product is made here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from mailroll import promises
from mailroll.directory import arrays, model_rows
from mailroll.measures.accumulator import PROCESS
from mailroll.measures.table import RUNS_INTERRUPTED
from mailroll.reconcile.errors import Refused
from mailroll.sync.models import UNDER_WAY, Decision, Run, RunRequest, RunState

VALID = promises.PLAN
"""How long a plan may wait for a decision."""

WAITING = (RunState.PLANNED, RunState.HELD)
_NUMBERED = "number"
"""The column of a new run that the database fills."""
_WAITS = "SELECT EXISTS (SELECT FROM sync_run WHERE domain_id = %s AND state = ANY(%s::text[]))"

BEGINNINGS: Mapping[RunState, str] = {
    RunState.READING: "the run begins",
    RunState.HELD: "the removals of another run are parted from it",
}
"""The states in which a run may be made, and when it is."""

MOVES: Mapping[RunState, Mapping[RunState, str]] = {
    RunState.READING: {
        RunState.PLANNED: "there is something to change",
        RunState.HELD: "the reading is in doubt, so the whole plan is held",
        RunState.UNCHANGED: "there is nothing to change",
        RunState.FAILED: "something went wrong, or its process died",
        RunState.CANCELLED: "a person cancelled it",
    },
    RunState.PLANNED: {
        RunState.APPLYING: "the plan is applied: by its own run, or by a person's decision",
        RunState.DISCARDED: "a person dropped the plan",
        RunState.SUPERSEDED: "a newer reading took effect",
        RunState.LAPSED: f"nobody decided within {promises.in_words(VALID)}",
        RunState.FAILED: "something went wrong before its own run could apply it",
        RunState.CANCELLED: "a person cancelled its own run",
    },
    RunState.HELD: {
        RunState.APPLYING: "a person released the plan",
        RunState.DISCARDED: "a person dropped the plan",
        RunState.SUPERSEDED: "a newer reading says otherwise",
        RunState.LAPSED: f"nobody decided within {promises.in_words(VALID)}",
    },
    RunState.APPLYING: {
        RunState.APPLIED: "in the transaction that changes the roll",
        RunState.HELD: "the guards hold all that it changes; or its worker died over a release",
        RunState.UNCHANGED: "nothing is left of it: all of it waits in another run already, or all are still there",
        RunState.LAPSED: "what the plan touches has changed since, or it cannot be applied any more",
        RunState.FAILED: "something went wrong, or its process died",
        RunState.PLANNED: "its worker died, and the decision still waits to be carried out",
    },
    RunState.APPLIED: {},
    RunState.UNCHANGED: {},
    RunState.FAILED: {},
    RunState.SUPERSEDED: {},
    RunState.DISCARDED: {},
    RunState.LAPSED: {},
    RunState.CANCELLED: {},
}
"""From each state, where a run may go, and when it does."""

INTERRUPTED = {
    "code": "interrupted",
    "message": "This run broke off: its process ended, or nothing more could be written. Nothing of it was applied.",
    "help": "Start it again.",
}


class WrongMove(Refused):
    """A run cannot go from where it is to where it should: another process was faster, or the code is wrong."""

    def __init__(self, before: str, to: RunState) -> None:
        super().__init__(
            "run_moved_on",
            f"This run is {before}, so it cannot become {to.value}.",
            "See on its page what became of it.",
        )


def begin(run: Run, state: RunState, now: datetime) -> None:
    """Write the row of a new run."""
    if state not in BEGINNINGS:
        raise WrongMove("new", state)
    _set(run, state, now)
    model_rows.insert(run, _NUMBERED)


def move(run: Run, to: RunState, now: datetime) -> None:
    """Change the state of a run and write its row. Raises `WrongMove`, and the row stays as it was.

    The row counts, not what this process remembers of it.
    """
    if not may(run, to):
        raise WrongMove(run.state, to)
    remembered = run.state, run.valid_until, run.finished_at
    _set(run, to, now)
    if not model_rows.update(run, "state = %s", remembered[:1]):
        run.state, run.valid_until, run.finished_at = remembered
        raise WrongMove(Run.objects.values_list("state", flat=True).get(id=run.id), to)


def renew(run: Run, now: datetime) -> None:
    """Write the row of a plan that waits, and goes on waiting, as it was planned again."""
    run.valid_until = now + VALID
    run.save()


def may(run: Run, to: RunState) -> bool:
    return to in MOVES[RunState(run.state)]


def waits_any(domain: UUID) -> bool:
    """Whether any run of a domain waits. Of most none does, and to look for those that have to end takes far more."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [domain, arrays.texts(WAITING)])
        (answer,) = cursor.fetchone()
    return bool(answer)


def supersede(runs: "QuerySet[Run]", now: datetime) -> None:
    """Let those of these runs that wait wait no more: a newer reading has taken effect."""
    _move_all(runs, WAITING, RunState.SUPERSEDED, valid_until=None, finished_at=now)


def lapse_old(runs: "QuerySet[Run]", now: datetime) -> None:
    """End those of these runs whose time to wait is over, or was counted by a clock that was wrong."""
    over = Q(valid_until__lt=now) | Q(valid_until__gt=now + VALID)
    _move_all(runs.filter(over), WAITING, RunState.LAPSED, valid_until=None, finished_at=now)


def discard(runs: "QuerySet[Run]", actor: str, now: datetime) -> int:
    """Drop those of these runs that wait: what they were made of is no longer believed. Returns how many."""
    return _move_all(runs, WAITING, RunState.DISCARDED, valid_until=None, finished_at=now, decided_by=actor)


def interrupt(runs: "QuerySet[Run]", error: Mapping[str, str], now: datetime) -> int:
    """End those of these runs that are under way, where it is known that no process is at work on them."""
    return _move_all(runs, UNDER_WAY, RunState.FAILED, error=dict(error), valid_until=None, finished_at=now)


def settle(domain: UUID, now: datetime) -> None:
    """End the runs whose process died, and those whose time is over. Call with the domain's lock held.

    A run becomes `applied` in the same transaction as the roll: one that still says `applying` while nobody holds
    the lock was rolled back, whole. Where a person's decision waits to be carried out, its plan waits again with it;
    what a person had cancelled is cancelled.
    """
    runs = Run.objects.filter(domain=domain)
    requests = RunRequest.objects.filter(decides=OuterRef("id"), outcome="")
    for decision, before in ((Decision.APPLY, RunState.PLANNED), (Decision.RELEASE, RunState.HELD)):
        _move_all(runs.filter(Exists(requests.filter(decision=decision))), (RunState.APPLYING,), before)
    cancelled = runs.filter(progress__cancelled_by__gt="")
    _move_all(cancelled, (RunState.READING, RunState.PLANNED), RunState.CANCELLED, finished_at=now, valid_until=None)
    if died := interrupt(runs, INTERRUPTED, now):
        PROCESS.add(RUNS_INTERRUPTED, amount=died)
    lapse_old(runs, now)


def _set(run: Run, state: RunState, now: datetime) -> None:
    """A plan that waits may do so for a day; while it is applied its time stays as it was."""
    run.state = state
    if state in WAITING:
        run.valid_until, run.finished_at = now + VALID, now
    elif state not in UNDER_WAY:
        run.valid_until, run.finished_at = None, now


def _move_all(runs: "QuerySet[Run]", before: Iterable[RunState], to: RunState, **values: object) -> int:
    before = tuple(before)
    for state in before:
        if to not in MOVES[state]:
            raise WrongMove(state.value, to)
    return runs.filter(state__in=before).update(state=to, **values)
