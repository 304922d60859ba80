"""Runs and users in the one shape that the command line, and later the API, give them to other programs."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from django.db.models import Case, Value, When

from mailroll.connectors.words import sentence
from mailroll.insight import aftermath, conflicts
from mailroll.insight.actions import LOOKS
from mailroll.reconcile import storage
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason
from mailroll.sync import store
from mailroll.sync.models import Run
from mailroll.sync.plans import plan_rows

COUNTED = (*(action.value for action in Action), "unchanged", "skipped")


class Report(TypedDict, total=False):
    """What a run did, or would do."""

    run: str | None
    held_run: str | None
    domain: str
    state: str
    trigger: str | None
    counts: Mapping[str, int]
    findings: Sequence[Mapping[str, str]]
    conflicts: Sequence[Mapping[str, Any]]
    error: Mapping[str, str] | None
    digest: str | None
    started_at: str | None
    finished_at: str | None
    valid_until: str | None
    timings: Mapping[str, float]


def summary(run: Run) -> Report:
    """A run without its changes and its conflicts."""
    return {
        "run": str(run.id),
        "held_run": str(run.waits.id) if run.waits else None,
        "domain": run.domain.name,
        "state": run.state,
        "trigger": run.trigger,
        "counts": {name: int(run.counts.get(name, 0)) for name in COUNTED},
        "findings": [
            {
                "code": finding.code.value,
                "level": finding.level.value,
                "message": aftermath.sentence(run, finding),
                "help": _way_out(finding, run),
            }
            for finding in store.findings_from_json(run.findings)
        ],
        "error": run.error,
        "digest": run.digest or None,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "valid_until": run.valid_until.isoformat() if run.valid_until else None,
        "timings": run.timings,
    }


def report(run: Run) -> Report:
    """A run with its conflicts; what it changes can be very much, and is read by itself (`changes`)."""
    return {**summary(run), "conflicts": [conflicts.as_json(conflict) for conflict in conflicts.of_run(run)]}


def changes(run: Run, first: int | None = None) -> Iterator[Mapping[str, Any]]:
    """Read every change of a run's plan, in the plan's order; or the first of them, the dangerous before all others."""
    rows = run.changes.order_by("position")
    if first is not None:
        danger = Case(*(When(action=action, then=Value(place)) for place, action in enumerate(LOOKS)))
        rows = run.changes.order_by(danger, "address", "position")[:first]
    for row in rows.iterator(chunk_size=200):
        yield {
            "action": row.action,
            "address": row.address or None,
            "before": row.before,
            "after": storage.state_to_json(plan_rows.state(row)),
            "reasons": reasons(storage.reasons_from_json(row.reasons)),
        }


def failed(domain: str, state: str, error: Mapping[str, str]) -> Report:
    """The shape of a run for what ended before there was one."""
    return {
        "run": None,
        "held_run": None,
        "domain": domain,
        "state": state,
        "counts": dict.fromkeys(COUNTED, 0),
        "findings": [],
        "conflicts": [],
        "error": error,
    }


def reasons(plan_reasons: Sequence[Reason]) -> list[dict[str, str]]:
    return [{"code": reason.code.value, "message": sentence(reason)} for reason in plan_reasons]


def _way_out(finding: Finding, run: Run) -> str:
    """What a person can do at once; empty where the sentence says all."""
    if finding.code is not FindingCode.DOMAIN_NOT_HERE:
        return ""
    organization = shlex.quote(run.domain.organization.name)
    return f"Add it with: mailroll domain add {dict(finding.facts)['domain']} --organization {organization}"
