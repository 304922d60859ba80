"""What runs know of their reading: which was the last, whether it was whole, and which plans still wait."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db.models import Q, QuerySet

from mailroll.directory.models import Domain
from mailroll.reconcile.findings import Finding, FindingCode, Level, Remedy
from mailroll.sync import store
from mailroll.sync.models import Run, RunState, Trigger

HOLDS = frozenset({Level.HOLDS_REMOVALS, Level.HOLDS_PLAN})

_WAITING = (RunState.PLANNED, RunState.HELD, RunState.APPLYING)

_NOT_WHOLE = frozenset(
    {
        FindingCode.SOURCE_EMPTY,
        FindingCode.NO_MAILBOX,
        FindingCode.TYPE_UNREAD,
        FindingCode.GROUP_NOT_TOLD,
        FindingCode.PROPERTIES_MISSING,
    }
)
"""Beside those that only another reading mends."""


def newest(domain: Domain) -> Run | None:
    """The last reading whose outcome was kept, whatever became of its plan."""
    return of_domain(domain).first()


def of_domain(domain: Domain) -> "QuerySet[Run]":
    """The readings whose outcome was kept, the last one first."""
    readings = Run.objects.filter(domain=domain, parent__isnull=True, read_at__isnull=False).exclude(counts={})
    return readings.order_by("-number")


def is_part(run: Run, reading: Run) -> bool:
    """Whether a run is a reading, or what was parted from its plan to wait for a person."""
    return reading.id in {run.id, run.parent_id}


def waits(run: Run, now: datetime) -> bool:
    """Whether the plan of a run may still take effect, or is taking it now: `waiting` of one run."""
    in_time = run.valid_until is None or run.valid_until >= now or run.state == RunState.APPLYING
    return run.state in _WAITING and in_time


def parts(reading: Run) -> list[UUID]:
    """A reading, and what was parted from its plan to wait for a person."""
    # Looked up first: changes are found by their run, and there are many of other runs.
    return list(Run.objects.filter(Q(id=reading.id) | Q(parent=reading.id)).values_list("id", flat=True))


def waiting(domain: Domain, now: datetime) -> list[UUID]:
    """The runs whose plan may still take effect, or is taking it now."""
    plans = Run.objects.filter(domain=domain, state__in=_WAITING)
    in_time = Q(valid_until__isnull=True) | Q(valid_until__gte=now) | Q(state=RunState.APPLYING)
    return list(plans.filter(in_time).values_list("id", flat=True))


class PlanStage(Enum):
    """Where a plan stands that may still take effect."""

    PREVIEW = "a preview"
    FILE = "a file that was compared"
    HELD = "held for a decision"
    UNDER_WAY = "a run under way"


def stage(run: Run) -> PlanStage:
    """Where the plan of a run stands; the run is one that waits."""
    if run.state == RunState.HELD:
        return PlanStage.HELD
    if run.state == RunState.PLANNED and run.trigger == Trigger.PREVIEW:
        return PlanStage.PREVIEW
    if run.state == RunState.PLANNED and run.trigger == Trigger.IMPORT:
        return PlanStage.FILE
    return PlanStage.UNDER_WAY


def doubts(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of these findings by which an answer was not whole, not the right one, or had nothing in it."""
    return tuple(
        finding for finding in findings if finding.code.remedy is not Remedy.DECISION or finding.code in _NOT_WHOLE
    )


def pressing_doubt(run: Run) -> Finding | None:
    """What is wrong with the reading of a run, where a person has to see to it: it holds, or had nothing in it."""
    pressing = (
        finding for finding in doubts_of(run) if finding.level in HOLDS or finding.code is FindingCode.NO_MAILBOX
    )
    return next(pressing, None)


def doubts_of(run: Run) -> tuple[Finding, ...]:
    return doubts(store.findings_from_json(run.findings))
