"""Whether one plan does what another does, or the same with fewer removals."""

from uuid import UUID

from mailroll.reconcile.model import State
from mailroll.reconcile.plan import Action, Change, Plan
from mailroll.reconcile.split import Ending, part

_Effect = tuple[Action, UUID, State | None, State | None]


def is_within(plan: Plan, shown: Plan) -> bool:
    """Whether a plan does what people were shown, or what is left of it where some of its removals are taken out.

    It is the effect that is compared. The reasons are not: somebody whom a filter left out an hour ago, and who is
    deleted by now, goes either way. Plans of other directories are never alike.
    """
    if (plan.domain, plan.tenants) != (shown.domain, shown.tenants):
        return False
    ends, shown_ends = Ending.of(plan), Ending.of(shown)
    spared = Ending(shown_ends.users - ends.users, shown_ends.addresses - ends.addresses)
    remaining, _ = part(shown, spared)
    return _effects(plan) == _effects(remaining)


def _effects(plan: Plan) -> frozenset[_Effect]:
    return frozenset(map(_effect, plan.changes))


def _effect(change: Change) -> _Effect:
    return change.action, change.user, change.before, change.after
