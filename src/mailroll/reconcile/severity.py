"""What several findings come to: how far they hold a plan, and what would make it right."""

from collections.abc import Iterable

from mailroll.reconcile.findings import Finding, FindingCode, Level, Remedy


def level(findings: Iterable[Finding]) -> Level:
    """The strongest level among findings."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.NOTE)


def releasable(findings: Iterable[Finding]) -> bool:
    """Whether a person's decision can make right what these findings hold; if not, only another reading can."""
    holding = [finding for finding in findings if finding.level in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}]
    return all(
        finding.code.remedy is Remedy.DECISION
        or (finding.code.remedy is Remedy.OTHERS and finding.level is not Level.HOLDS_PLAN)
        for finding in holding
    )


def doubted(findings: Iterable[Finding]) -> bool:
    """Whether the reading that these findings are of is one that another has to make right.

    A source that keeps nobody yet makes no reading older: `users` tells.
    """
    return any(
        finding.level is Level.HOLDS_PLAN or dict(finding.facts).get("users") != "0"
        for finding in findings
        if finding.level in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}
        and (finding.code.remedy is not Remedy.DECISION or finding.code is FindingCode.SOURCE_EMPTY)
    )
