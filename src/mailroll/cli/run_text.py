"""Runs as a person reads them in a terminal: what would go first, then the rest, each with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from mailroll.cli.output import table
from mailroll.insight.actions import LOOKS
from mailroll.insight.reports import COUNTED, Report
from mailroll.insight.why.outcomes import no_change
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.severity import releasable
from mailroll.sync.models import RunState

_ORDER = tuple(action.value for action in LOOKS)
SHOWN = 50
"""Changes and conflicts that a terminal shows; the rest is in --json."""

_HEADS = {
    "planned": "Preview: this would change",
    "applied": "Applied",
    "held": "Held for a decision",
    "failed": "Failed",
    "discarded": "Discarded",
    "lapsed": "Lapsed",
    "superseded": "Superseded by a later run",
}

_IN_DOUBT = "nobody can release it before a reading is whole"


def report(run: Report, changes: Sequence[Mapping[str, Any]] = ()) -> str:
    """Tell of a run; `changes` are the first of its plan."""
    lines = [f"{_head(run)}: {run['domain']}".rstrip(": ")]
    counts = run["counts"]
    if changes:
        lines += ["", table(("", "Address", "Kind", "Group", "Why"), _rows(changes))]
        more = sum(counts[name] for name in _ORDER) - len(changes)
        lines += [f"... and {more} more; see --json --changes" for _ in [0] if more > 0]
    totals = [f"{counts[name]} {name}" for name in COUNTED if counts[name]]
    if run["error"] is None or totals:
        lines += ["", ", ".join(totals) or "No change."]
    lines += [
        f"{_mark(finding['level'])} {finding['message']} {finding['help']}".rstrip() for finding in run["findings"]
    ]
    if conflicts := run.get("conflicts", ()):
        lines += [
            "",
            table(
                ("Address", "Conflict"), [(conflict["address"], conflict["message"]) for conflict in conflicts[:SHOWN]]
            ),
        ]
    error = run["error"]
    if error is not None:
        lines += ["", f"{error['message']}", error["help"], f"({error['code']})"]
    if run["run"] is not None:
        lines += ["", f"run {run['run']}"]
    if run["held_run"] is not None:
        way_out = "release it with a reason, or discard it" if releasable(_findings(run)) else _IN_DOUBT
        lines += [f"What is held waits in run {run['held_run']}: {way_out}."]
    return "\n".join(lines)


def history(runs: Sequence[Report]) -> str:
    rows = [
        (
            str(run["started_at"])[:19].replace("T", " "),
            str(run["trigger"]),
            run["state"],
            ", ".join(f"{run['counts'][name]} {name}" for name in _ORDER if run["counts"][name]),
            str(run["run"]),
        )
        for run in runs
    ]
    return table(("Started (UTC)", "Trigger", "State", "Changes", "Run"), rows) if rows else "No run yet."


def _head(run: Report) -> str:
    state = run["state"]
    if state == RunState.UNCHANGED:
        return no_change(_findings(run), waits=run["held_run"] is not None).value
    if state == RunState.HELD and not releasable(_findings(run)):
        return "Held, as the reading is in doubt"
    return _HEADS.get(state, state)


def _findings(run: Report) -> list[Finding]:
    return [Finding.of(FindingCode(finding["code"]), Level(finding["level"])) for finding in run["findings"]]


def _rows(changes: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (
            change["action"],
            change["address"] or "",
            (change["after"] or change["before"])["kind"],
            (change["after"] or change["before"])["group"],
            " ".join(reason["message"] for reason in change["reasons"]),
        )
        for change in changes
    ]


def _mark(level: str) -> str:
    return {"note": "-", "warning": "!", "holds-removals": "HELD (removals):", "holds-plan": "HELD:"}[level]
