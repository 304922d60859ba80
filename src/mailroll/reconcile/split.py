"""A plan parted in two: what may be applied at once, and the removals, which wait for a person.

In mail the safe direction is to accept: new people get their mail while the removals wait. In the first part nobody
retires and no address stops being accepted; applying both parts one after the other gives the whole plan.
"""

from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address, in_order
from mailroll.reconcile.change import between
from mailroll.reconcile.model import State
from mailroll.reconcile.plan import Action, Change, Plan
from mailroll.reconcile.reasons import STANDING, Reason, ReasonCode

_REMOVALS = frozenset({Action.RETIRE, Action.REMOVE})
_MOVES = frozenset({ReasonCode.ALIAS_MOVED, ReasonCode.IDENTITY_REUSED})


@dataclass(frozen=True, slots=True)
class Ending:
    """What a plan, or a part of one, ends: users that go whole, and addresses that their users lose to nobody."""

    users: frozenset[UUID]
    addresses: frozenset[Address]

    @classmethod
    def of(cls, plan: Plan) -> "Ending":
        gained_addresses = {address for change in plan.changes for address in change.gained}
        leavers = frozenset(change.user for change in plan.changes if change.action in _REMOVALS)
        lost_addresses = (change.lost for change in plan.changes if change.user not in leavers)
        return cls(
            leavers,
            frozenset(
                address for addresses in lost_addresses for address in addresses if address not in gained_addresses
            ),
        )

    def __bool__(self) -> bool:
        return bool(self.users or self.addresses)


NOTHING: Final = Ending(frozenset(), frozenset())


def split(plan: Plan) -> tuple[Plan, Plan]:
    """Return the part for now and the part that waits: all that the plan ends, and what depends on it."""
    return part(plan, Ending.of(plan), (ReasonCode.WAITS,))


def part(plan: Plan, ending: Ending, waits: tuple[ReasonCode, ...] = ()) -> tuple[Plan, Plan]:
    """Return a plan without some of what it ends, and the rest of it.

    1. Those users stay as they are, and with them every address they would pass on.
    2. Those addresses stay where they are.
    3. Who would be left without any address stays whole; what that one would pass on stays too, and so on. A mailbox
       made again is there at once with the addresses that are free; what it shares with the old one follows.

    `waits` are the reasons that the first part gives for an address that comes with the second.
    """
    parting = _Parting(plan, ending)
    parting.settle()
    now: list[Change] = []
    later: list[Change] = []
    for change in plan.changes:
        after = change.after
        if after is None or change.user in parting.waiting:
            later.append(change)
            continue
        middle = parting.middle(change, after)
        if middle == after:
            now.append(change)
            continue
        for part, start, end in ((now, change.before, middle), (later, middle, after)):
            step = between(change.user, start, end, _reasons(change, start, end, waits))
            if step is not None:
                part.append(step)
    return (
        Plan.of(plan.domain, plan.revision, plan.tenants, now),
        Plan.of(plan.domain, plan.revision, plan.tenants, later),
    )


@dataclass(slots=True)
class _Parting:
    """Which users and which addresses wait. Grows until nothing more has to wait."""

    plan: Plan
    ending: Ending
    waiting: set[UUID] = field(default_factory=set)
    blocked: set[Address] = field(default_factory=set)

    def settle(self) -> None:
        for change in self.plan.changes:
            if change.user in self.ending.users:
                self._wait(change)
        grown = True
        while grown:
            grown = False
            for change in self.plan.changes:
                if change.user not in self.waiting and self._must_wait(change):
                    self._wait(change)
                    grown = True

    def _wait(self, change: Change) -> None:
        self.waiting.add(change.user)
        # What this one holds stays with it; what it would have gained stays with whoever holds it.
        self.blocked |= change.lost | change.gained

    def _must_wait(self, change: Change) -> bool:
        """Nobody is left without an address meanwhile, nor made without one."""
        return bool(change.held_after) and not self.held_now(change)

    def held_now(self, change: Change) -> frozenset[Address]:
        """The addresses a user has after the first part."""
        stays = {address for address in change.lost if address in self.ending.addresses or address in self.blocked}
        return (change.held_after - (change.gained & self.blocked)) | stays

    def middle(self, change: Change, after: State) -> State:
        """The state between the two parts of a user that does not wait."""
        held_addresses = self.held_now(change)
        if held_addresses == change.held_after:
            return after
        had = change.before.primary if change.before else None
        primary = next((address for address in (after.primary, had) if address in held_addresses), None) or min(
            held_addresses
        )
        return replace(
            after,
            primary=primary,
            aliases=in_order(held_addresses - {primary}),
            former=change.before.former if change.before else (),
        )


def _reasons(change: Change, before: State | None, after: State, waits: tuple[ReasonCode, ...]) -> tuple[Reason, ...]:
    """Pick the reasons that belong to one step: each address is said to move in the step in which it does.

    The same words as a later run finds for the same removals, so that it knows them again by their digest.
    """
    moved_addresses = frozenset(before.addresses if before else ()) - frozenset(after.addresses)
    said = tuple(
        reason
        for reason in change.reasons
        if reason.code in STANDING or (reason.code in _MOVES and reason.facts["address"] in moved_addresses)
    )
    later = sorted(change.held_after - frozenset(after.addresses))
    return said + tuple(Reason.of(code, address=address) for code in waits for address in later)
