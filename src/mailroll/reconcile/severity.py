"""What several findings come to: how far they hold a plan, and what would make it right."""

from collections.abc import Iterable

from mailroll.reconcile.findings import Finding, FindingCode, Level, Remedy


def level(findings: Iterable[Finding]) -> Level:
    """The strongest level among findings."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.NOTE)


def releasable(findings: Iterable[Finding]) -> bool:
    """Whether a person's decision can make right what these findings hold; if not, only another reading can."""
    holding = [one for one in findings if one.level in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}]
    return all(
        one.code.remedy is Remedy.DECISION or (one.code.remedy is Remedy.OTHERS and one.level is not Level.HOLDS_PLAN)
        for one in holding
    )


def doubted(findings: Iterable[Finding]) -> bool:
    """Whether the reading that these findings are of is one that another has to make right.

    A source that keeps nobody yet makes no reading older: `users` tells.
    """
    return any(
        one.level is Level.HOLDS_PLAN or dict(one.facts).get("users") != "0"
        for one in findings
        if one.level in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}
        and (one.code.remedy is not Remedy.DECISION or one.code is FindingCode.SOURCE_EMPTY)
    )
