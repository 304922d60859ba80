"""What became of what a finding held: it waits for a person only until somebody decided, or nobody did in time."""

from mailroll.connectors.words import finding_sentence
from mailroll.insight.why.readings import HOLDS
from mailroll.reconcile.findings import Finding, Remedy
from mailroll.sync.models import Run, RunState, Trigger

_OUTCOMES = {
    RunState.APPLIED: "Released since.",
    RunState.UNCHANGED: "Released since.",
    RunState.DISCARDED: "Discarded since.",
    RunState.SUPERSEDED: "A newer reading took its place.",
    RunState.LAPSED: "Nobody decided in time.",
    RunState.HELD: "Nobody decided in time.",
}
"""By the state of the run in which it waited."""


def outcome(run: Run) -> str:
    """Say what became of what was held of a run; nothing where nothing ever waited."""
    held = run.waits_in is not None or run.trigger == Trigger.HELD or bool(run.decision_reason)
    if held or (run.took_effect and run.state not in {RunState.APPLIED, RunState.UNCHANGED}):
        return _OUTCOMES.get(RunState((run.waits_in or run).state), "")
    return ""


def waits_for_nobody(finding: Finding, *, waits: bool) -> bool:
    """Whether a finding holds what is a person's to decide, and nothing of its run `waits`: not yet, or no more."""
    return finding.level in HOLDS and not waits and finding.code.remedy is not Remedy.READING


def sentence(run: Run, finding: Finding) -> str:
    """Tell a finding of a run as it stands by now."""
    words = finding_sentence(finding)
    if not waits_for_nobody(finding, waits=run.waits is not None):
        return words
    return f"{words.partition('. ')[0].removesuffix('.')}. {outcome(run)}".rstrip()
