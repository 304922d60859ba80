"""What of a domain a plan has to look at: what is new, what the last plan left open, and all that either can reach.

Records and users are joined by the id of an object, and by each address that one of them wants or has. Nothing decides
over such a join: a verdict is on one object, an address is settled among those who want or have it, and what counts
for everybody (sources, filters, what a tenant proves ...) is the same for all. So where all that is joined is what it
was when the last plan was made, and nothing of it was open, the next plan finds what that one found: nothing to do.
Where what counts for everybody has moved, or something was in doubt, everything has to be looked at.

Who else wants an address is found in the roll alone: an object about which nothing is new, and that got what it wants,
has it there; one that did not is open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.desired import Desired, Later
from mailroll.reconcile.model import ExternalId, Reading, RollUser, Scope, SourceSpec
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import ReasonCode, Skip
from mailroll.reconcile.resolve import user_id
from mailroll.reconcile.statements import Keep, SourceState

FEW: Final = 3
"""Oddities that never put the rest of a reading in doubt, however small it is."""
_MOST: Final = 10_000
"""Users made at once whom a next plan may look at again: more than anybody does, and a million are not named for it."""
_CONTESTED: Final = frozenset({ReasonCode.CONFLICT, ReasonCode.CONFLICT_ELSEWHERE})


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where to begin: objects, users and addresses about which something is new, or was left open."""

    objects: frozenset[ExternalId] = frozenset()
    users: frozenset[UUID] = frozenset()
    addresses: frozenset[Address] = frozenset()

    def __or__(self, other: "Seeds") -> "Seeds":
        return Seeds(self.objects | other.objects, self.users | other.users, self.addresses | other.addresses)

    def __len__(self) -> int:
        return len(self.objects) + len(self.users) + len(self.addresses)


@dataclass(frozen=True, slots=True)
class Extent:
    """All that can be reached: objects, and users as the roll has them."""

    objects: frozenset[ExternalId]
    users: tuple[RollUser, ...]


@dataclass(slots=True)
class Spread:
    """What can be reached so far, and the `next` to look up, until there is none.

    Looked up are the users of the roll that are among these, or stand for one of the objects, or have one of the
    addresses; and the addresses in the domain that the directory shows of the objects.
    """

    scope: Scope
    next: Seeds
    objects: set[ExternalId] = field(default_factory=set)
    users: set[UUID] = field(default_factory=set)
    addresses: set[Address] = field(default_factory=set)
    rows: dict[UUID, RollUser] = field(default_factory=dict)

    @classmethod
    def of(cls, seeds: Seeds, scope: Scope) -> "Spread":
        # A user that a person took over is known by the id that its object gave it.
        user_ids = frozenset(user_id(scope, key) for key in seeds.objects)
        return cls(scope, replace(seeds, users=seeds.users | user_ids))

    def __len__(self) -> int:
        return len(self.objects) + len(self.users) + len(self.addresses) + len(self.next)

    def follow(self, users: Iterable[RollUser], addresses: AbstractSet[Address]) -> None:
        """Take what was looked up for the next ones, and go on with what that leads to."""
        self.objects |= self.next.objects
        self.users |= self.next.users
        self.addresses |= self.next.addresses
        rows = {user.id: user for user in users}
        self.rows |= rows
        states = [user.state for user in rows.values()]
        # An address is one row of the roll, so that nobody else is found by it.
        self.addresses = self.addresses.union(*(state.addresses for state in states))
        objects = {state.external_id for state in states if state.external_id is not None} - self.objects
        self.next = Seeds(
            frozenset(objects),
            frozenset(rows.keys() | {user_id(self.scope, key) for key in objects}) - self.users,
            frozenset(addresses) - self.addresses,
        )

    def extent(self) -> Extent:
        return Extent(frozenset(self.objects), tuple(self.rows[key] for key in sorted(self.rows)))


def left_beside(source: SourceSpec, taking: Mapping[UUID, int], extent: Extent) -> int:
    """How many objects a source takes, at the least, beside what can be reached; `taking`: what it took of all."""
    mine = sum(key.startswith(f"{source.tenant}:") for key in extent.objects)
    return max(0, taking.get(source.id, 0) - mine)


def left_open(
    readings: Sequence[Reading],
    desired: Desired,
    plan: Plan,
    skips: Iterable[Skip],
    asked_ids: AbstractSet[ExternalId],
) -> Seeds | None:
    """Return what the next plan has to look at again, whatever is new; None where it has to look at everything.

    1. Whoever changes: the change may wait, be held or fail, and is what was made of it then.
    2. Whoever is counted by a finding, so that the next one counts the same: contested, unreadable, undecided, odd.
    3. Whoever was asked about, by id or for a membership (`asked_ids`): no reading shows the answer.

    A source in doubt, or one that shows or takes nobody, says something of everybody.
    """
    if len(plan.arrivals) > _MOST or not _is_quiet(desired):
        return None
    contested = [skip for skip in skips if skip.reason.code in _CONTESTED]
    shots = (reading.snapshot for reading in readings if reading.snapshot is not None)
    return Seeds(
        frozenset().union(
            (change.external_id for change in plan.others if change.external_id is not None),
            (arrival.external_id for arrival in plan.arrivals),
            (key for key, verdict in desired.verdicts.items() if isinstance(verdict, Keep | Later)),
            (ExternalId(skip.external_id) for skip in contested if skip.external_id is not None),
            *(shot.asked for shot in shots),
            desired.mended,
            asked_ids,
        ),
        # Who is made is named by the object (`Spread.of`).
        frozenset(change.user for change in plan.others if change.action is not Action.CREATE),
        frozenset(_addresses(contested)),
    )


def lasting(ending: Mapping[Address, UUID], departures: Departures) -> Seeds:
    """Return what each plan looks at: addresses that end, as a reading confirms them, and whoever left lately.

    Limits count departures together with what goes now, but for those who are back.
    """
    week = departures.week
    return Seeds(
        users=week.users | frozenset(ending.values()),
        addresses=week.addresses | frozenset(ending),
    )


def _is_quiet(desired: Desired) -> bool:
    contradicting = sum(
        isinstance(verdict, Keep) and verdict.reason.code is ReasonCode.NOT_READY
        for verdict in desired.verdicts.values()
    )
    return (
        bool(desired.sources)
        and all(
            report.state is SourceState.READ and not report.nameless and not report.unread
            for report in desired.sources.values()
        )
        and desired.slipped <= FEW
        and contradicting <= FEW
    )


def _addresses(skips: Iterable[Skip]) -> Iterator[Address]:
    return (Address(skip.address) for skip in skips if skip.address is not None)
