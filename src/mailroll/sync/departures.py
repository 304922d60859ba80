"""What left a domain lately, from the changes of the runs that were applied."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import connection as database
from django.db.models import Q

from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.departures import Departures, Loss
from mailroll.reconcile.model import Current
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import RunChange, RunState, Trigger

DAY, WEEK = timedelta(hours=24), timedelta(days=7)

_REMOVALS = (Action.RETIRE.value, Action.REMOVE.value)
_ENDING = (*_REMOVALS, Action.UPDATE.value, Action.ADOPT.value)
"""The actions that can end an address."""

_RUNS = """
SELECT id, counts, finished_at FROM sync_run
 WHERE domain_id = %s AND state = %s AND finished_at > %s AND decision_reason = '' AND trigger <> %s
"""

Row = tuple[UUID, str, UUID, object, object]


@dataclass(frozen=True, slots=True)
class PlannedRoll:
    """What of a roll a plan was made for, with its stamp, and who had left it lately.

    Where the stamp is the same, nobody has left since: whoever leaves is written in the roll.
    """

    stamp: str
    current: Current = field(repr=False)
    departures: Departures = field(repr=False)


def recent(domain: UUID, now: datetime) -> Departures:
    """Return who left within a day and a week of `now`, whoever came back since among them.

    What a person released was decided on, and files are measured by themselves: neither counts.
    """
    with database.cursor() as cursor:
        cursor.execute(_RUNS, [domain, RunState.APPLIED, now - WEEK, Trigger.IMPORT])
        run_rows = cursor.fetchall()
    ended_runs = {key: at for key, counts, at in run_rows if _may_end(json.loads(counts))}
    today = {key for key, at in ended_runs.items() if at > now - DAY}
    rows = list(_rows(ended_runs))
    return Departures(_loss(row for row in rows if row[0] in today), _loss(rows))


def count_endings(plan: Plan) -> int:
    """Count the changes of a plan by which somebody leaves, or an address ends, as `recent` reads them."""
    return sum(
        change.action in _REMOVALS or any(reason.code is ReasonCode.ALIAS_GONE for reason in change.reasons)
        for change in plan.others
    )


def _may_end(counts: Mapping[str, int]) -> bool:
    """Whether a run may have changes to look at: one that only adds or renames can be very large.

    Runs of earlier versions do not say how many (`ended`).
    """
    return counts.get("ended") != 0 and any(counts.get(action) for action in _ENDING)


def _rows(runs: Iterable[UUID]) -> Iterator[Row]:
    alias_reason = [{"code": ReasonCode.ALIAS_GONE.value}]
    changes = RunChange.objects.filter(Q(action__in=_REMOVALS) | Q(reasons__contains=alias_reason), run__in=list(runs))
    yield from changes.values_list("run", "action", "user", "before", "reasons").iterator(chunk_size=5000)


def _loss(rows: Iterable[Row]) -> Loss:
    users: set[UUID] = set()
    addresses: set[Address] = set()
    for _, action, user, before, reasons in rows:
        state = storage.state_from_json(cast("storage.Json", before))
        if state is None or state.retired:
            continue
        if action in _REMOVALS:
            users.add(user)
            addresses.update(state.addresses)
        else:
            stored_reasons = storage.reasons_from_json(cast("storage.Json", reasons))
            addresses.update(
                Address(reason.facts["address"]) for reason in stored_reasons if reason.code is ReasonCode.ALIAS_GONE
            )
    return Loss(frozenset(users), frozenset(addresses))
