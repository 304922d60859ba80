"""Whether one plan does what another does, or the same with fewer removals."""

from collections.abc import Collection
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import State
from mailroll.reconcile.plan import Action, Change, Plan
from mailroll.reconcile.split import Ending, part

_Effect = tuple[Action, UUID, State | None, State | None]


def is_within(plan: Plan, shown_plan: Plan) -> bool:
    """Whether a plan does what people were shown, or what is left of it where some of its removals are taken out.

    It is the effect that is compared. The reasons are not: somebody whom a filter left out an hour ago, and who is
    deleted by now, goes either way. Plans of other directories are never alike.
    """
    if (plan.domain, plan.tenants) != (shown_plan.domain, shown_plan.tenants):
        return False
    ends, shown_ends = Ending.of(plan), Ending.of(shown_plan)
    users, addresses = shown_ends.users - ends.users, shown_ends.addresses - ends.addresses
    changed = {change.user for change in plan.changes}
    # Of whom a plan has nothing, nothing had to be spared if they wait for somebody who stays. So first only addresses
    # of those whom it changes are, and then of those, too, who would be changed else.
    remaining, _ = part(shown_plan, Ending(users, addresses & _lost_addresses(shown_plan, changed)))
    changed.update(change.user for change in remaining.changes)
    remaining, _ = part(shown_plan, Ending(users, addresses & _lost_addresses(shown_plan, changed)))
    return _effects(plan) == _effects(remaining)


def _lost_addresses(plan: Plan, users: Collection[UUID]) -> frozenset[Address]:
    """The addresses that some users lose by a plan."""
    return frozenset(address for change in plan.changes if change.user in users for address in change.lost)


def _effects(plan: Plan) -> frozenset[_Effect]:
    return frozenset(map(_effect, plan.changes))


def _effect(change: Change) -> _Effect:
    return change.action, change.user, change.before, change.after
