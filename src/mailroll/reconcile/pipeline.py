"""The core in one call: what the sources want and what the roll has in, a guarded proposal out."""

from dataclasses import dataclass

from mailroll.reconcile.diff import diff
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.guards import Limits, judge_plan, judge_reading
from mailroll.reconcile.merge import Desired
from mailroll.reconcile.model import Current, Scope
from mailroll.reconcile.plan import Plan, Tally
from mailroll.reconcile.reasons import ReasonCode, Skip
from mailroll.reconcile.resolve import resolve

_CONFLICTS = frozenset({ReasonCode.CONFLICT, ReasonCode.CONFLICT_ELSEWHERE})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan with what the guards say of it. `reading_findings` are those a later look at the roll cannot repeat."""

    plan: Plan
    reading_findings: tuple[Finding, ...]
    plan_findings: tuple[Finding, ...]
    skips: tuple[Skip, ...]
    unchanged: int
    before: Tally

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.reading_findings + self.plan_findings


def propose(current: Current, desired: Desired, scope: Scope, revision: int, limits: Limits) -> Proposal:
    """Compare what is wanted with the roll, and judge the difference."""
    target = resolve(current, desired, scope)
    plan = Plan.of(scope.id, revision, desired.tenants, diff(target))
    skips = (*desired.skips, *target.skips)
    contested = {skip.address for skip in target.skips if skip.reason.code in _CONFLICTS}
    reading = judge_reading(current, desired)
    if contested:
        reading += (Finding.of(FindingCode.CONFLICTS, addresses=len(contested)),)
    touched = plan.touched_users
    unchanged = sum(user.id not in touched and not user.state.retired for user in current.users)
    before = Tally.of(user.state for user in current.users)
    return Proposal(plan, reading, judge_plan(plan, current, limits), skips, unchanged, before)
