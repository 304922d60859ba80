"""What may be said above a run that changed nothing: that all is well only where nothing in it says otherwise."""

from collections.abc import Iterable
from enum import StrEnum

from mailroll.insight.why import readings
from mailroll.insight.why.readings import HOLDS
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.severity import level, releasable


class NoChange(StrEnum):
    """How a run without a change came out, in the words above it."""

    WAITS = "Nothing changes, and removals wait for a decision"
    WAITS_WHOLE = "Nothing changes, and all of it waits for a decision"
    DOUBTED = "Nothing changes, as the reading is in doubt"
    HELD = "Nothing changes, and removals are held"
    EMPTY = "There is nothing to add"
    NOTED = "Nothing changes, but something needs a look"
    IN_ORDER = "Everything is as it should be"


def no_change(findings: Iterable[Finding], *, waits: bool) -> NoChange:
    """Judge a run without a change by its findings; `waits`: what it holds waits in a run."""
    findings = tuple(findings)
    highest = level(findings)
    if waits and releasable(findings):
        return NoChange.WAITS_WHOLE if highest is Level.HOLDS_PLAN else NoChange.WAITS
    if highest in HOLDS:
        return NoChange.DOUBTED if level(readings.doubts(findings)) in HOLDS else NoChange.HELD
    if any(finding.code is FindingCode.NO_MAILBOX for finding in findings):
        return NoChange.EMPTY
    return NoChange.NOTED if highest is Level.WARNING else NoChange.IN_ORDER
