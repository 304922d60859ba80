"""The plan: a frozen list of changes, its digest, and the fingerprint of what it touches."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from typing import NamedTuple
from uuid import UUID

from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.arrivals import Arrival
from mailroll.reconcile.change import Action as Action  # noqa: PLC0414 - a plan is known by its changes
from mailroll.reconcile.change import Change as Change  # noqa: PLC0414
from mailroll.reconcile.crowd import NOBODY, Changes, Crowd
from mailroll.reconcile.model import Current, State
from mailroll.reconcile.reasons import Reason

DIGEST_VERSION = "mailroll-plan-2"
FINGERPRINT_VERSION = "mailroll-fingerprint-2"
OLDER_DIGEST_VERSION = "mailroll-plan-1"
OLDER_FINGERPRINT_VERSION = "mailroll-fingerprint-1"
_AT_ONCE = 1_000
"""Lines that are hashed together."""


class Binding(NamedTuple):
    """What a digest binds of a change beside its action and user: hashes of its states, and its reasons as JSON.

    The hashes are those of a row that nobody decided anything about: what a new row has. Empty where there is no state.
    """

    before: str
    after: str
    reasons: str


# No slots: what is worked out of all changes is worked out once and kept.
@dataclass(frozen=True)
class Plan:
    """Changes of one domain in their one order, with the version of the settings they were made under.

    `revision` counts the changes of the domain's sources and limits; `tenants` are the directories read. Where the
    changes are `Changes`, most are `arrivals`, and a change is made of one only where somebody goes through them all.
    """

    domain: UUID
    revision: int
    tenants: tuple[str, ...]
    changes: Sequence[Change]

    @classmethod
    def of(
        cls,
        domain: UUID,
        revision: int,
        tenants: Iterable[str],
        changes: Iterable[Change],
        arrivals: Crowd = NOBODY,
    ) -> "Plan":
        others = tuple(sorted(changes, key=lambda c: c.order))
        return cls(domain, revision, tuple(sorted(set(tenants))), Changes(others, arrivals) if arrivals else others)

    @property
    def others(self) -> Sequence[Change]:
        """The changes that are no `arrivals`."""
        return self.changes.others if isinstance(self.changes, Changes) else self.changes

    @property
    def arrivals(self) -> Crowd:
        return self.changes.arrivals if isinstance(self.changes, Changes) else NOBODY

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the sorted action, user, hashes and reasons of every change; equal plans have equal digests."""
        head = {"version": DIGEST_VERSION, "domain": str(self.domain), "tenants": list(self.tenants)}
        digest = hashlib.sha256(storage.canonical_json(head).encode())
        lines = sorted(
            f"\n{change.action.value} {change.user.hex} {bound.before or '-'} {bound.after or '-'} {bound.reasons}"
            for change, bound in zip(self.others, self.bindings, strict=True)
        )
        # No two lines begin with the same user, so these come in order, and are never all there at once.
        newcomers = (f"\ncreate {user} - {content} {manner.why}" for user, content, manner in self.arrivals.by_user())
        all_lines = merge(lines, newcomers) if lines else newcomers
        while several := "".join(islice(all_lines, _AT_ONCE)):
            digest.update(several.encode())
        return digest.hexdigest()

    @cached_property
    def older_digest(self) -> str:
        """The digest as it was worked out before: plans from then wait for a day, and their removals for longer."""
        head = {"version": OLDER_DIGEST_VERSION, "domain": str(self.domain), "tenants": list(self.tenants)}
        return storage.sha256(head, (as_json(change) for change in self.changes))

    @cached_property
    def bindings(self) -> tuple[Binding, ...]:
        """What binds each of the `others`, in their order."""
        reasons: dict[tuple[Reason, ...], str] = {}
        for change in self.others:
            if change.reasons not in reasons:
                reasons[change.reasons] = storage.canonical_json(storage.reasons_to_json(change.reasons))
        return tuple(
            Binding(_hash(change.before), _hash(change.after), reasons[change.reasons]) for change in self.others
        )

    def entries(self) -> Iterator[tuple[Change, Binding] | tuple[Arrival, str]]:
        """Yield in order each change with what binds it, and each arrival with the hash of its row."""
        others = zip(self.others, self.bindings, strict=True)
        arrivals = self.arrivals.hashed()
        return merge(others, arrivals, key=lambda entry: entry[0].order) if self.others else arrivals

    @property
    def counts(self) -> Mapping[Action, int]:
        counts = Counter(change.action for change in self.others)
        counts[Action.CREATE] += len(self.arrivals)
        return {action: counts[action] for action in Action}

    def touches(self, user: UUID) -> bool:
        """Whether it changes, makes or removes a user."""
        return user in self._other_users or user.hex in self._arriving_users

    @cached_property
    def _other_users(self) -> frozenset[UUID]:
        return frozenset(change.user for change in self.others)

    @cached_property
    def _arriving_users(self) -> frozenset[str]:
        return frozenset(arrival.user for arrival in self.arrivals)

    @property
    def touched_ids(self) -> Iterator[str]:
        """The ids of `touched_users` in hexadecimal."""
        return chain((change.user.hex for change in self.others), (arrival.user for arrival in self.arrivals))

    @cached_property
    def touched_users(self) -> frozenset[UUID]:
        return frozenset(change.user for change in self.changes)

    @cached_property
    def touched_addresses(self) -> frozenset[Address]:
        others = {address for change in self.others for address in change.held_before ^ change.held_after}
        return frozenset(others.union(self.arrivals.addresses()))

    @property
    def arriving(self) -> frozenset[Address]:
        """The addresses that come into service by it: what only ends, or is nobody's, and is somebody's afterwards."""
        addresses_before = {
            address for change in self.others if _serves(change.before) for address in change.held_before
        }
        addresses_after = {address for change in self.others if _serves(change.after) for address in change.held_after}
        return frozenset(addresses_after.union(self.arrivals.addresses()) - addresses_before)


def _hash(state: State | None) -> str:
    if state is None:
        return ""
    return storage.content_hash(state, pinned=False, exempt=False, kind_by_hand=False)


def _serves(state: State | None) -> bool:
    return state is not None and not state.retired


@dataclass(frozen=True, slots=True)
class Touched:
    """What stands in the roll at this moment of the rows and addresses a plan touches. Absent ones are left out."""

    rows: Mapping[UUID, tuple[str, UUID | None]]
    holders: Mapping[Address, UUID]

    @classmethod
    def within(cls, plan: Plan, current: Current) -> "Touched":
        addresses = plan.touched_addresses if current.users else frozenset()
        return cls(
            {user.id: (user.hash, user.state.owner) for user in current.users if plan.touches(user.id)},
            {address: user.id for user in current.users for address in user.state.addresses if address in addresses},
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many users are in service, and how many of them are billed."""

    users: int
    billable: int

    @classmethod
    def of(cls, states: Iterable[State | None]) -> "Tally":
        serving = [state for state in states if state is not None and not state.retired]
        return cls(len(serving), sum(state.billable for state in serving))

    def after(self, plan: Plan) -> "Tally":
        """Count anew as if a plan were carried out, by its changes alone."""
        had = Tally.of(change.before for change in plan.others)
        has = Tally.of(change.after for change in plan.others)
        return Tally(
            self.users - had.users + has.users + len(plan.arrivals),
            self.billable - had.billable + has.billable + plan.arrivals.billable,
        )


def fingerprint(plan: Plan, touched: Touched) -> str:
    """Hash exactly what stands of what the plan touches, and the settings it was made under.

    Not the whole domain: a held removal must outlive an addition that has nothing to do with it. Which users and
    addresses those are, the digest says: who is absent needs no line, as everybody is in a first sync. Rows of others
    do not count.
    """
    head = {"version": FINGERPRINT_VERSION, "plan": plan.digest, "revision": plan.revision}
    rows = sorted(
        (user.hex, content, str(owner or "")) for user, (content, owner) in touched.rows.items() if plan.touches(user)
    )
    holders = sorted(
        (address, user.hex) for address, user in touched.holders.items() if address in plan.touched_addresses
    )
    return storage.sha256_of_rows(head, rows, holders)


def older_fingerprint(plan: Plan, touched: Touched) -> str:
    """The fingerprint as it was worked out before, of plans that bear the older digest."""
    head = {
        "version": OLDER_FINGERPRINT_VERSION,
        "domain": str(plan.domain),
        "revision": plan.revision,
        "tenants": list(plan.tenants),
    }
    rows = (
        [name, *((row[0], str(row[1] or "")) if (row := touched.rows.get(user)) else ("", ""))]
        for name, user in sorted((str(user), user) for user in plan.touched_users)
    )
    holders = ([address, str(touched.holders.get(address, ""))] for address in sorted(plan.touched_addresses))
    return storage.sha256(head, rows, holders)


def as_json(change: Change) -> storage.Json:
    """Write a change down, so that it can be read back equal."""
    return {
        "action": change.action.value,
        "user": str(change.user),
        "before": storage.state_to_json(change.before),
        "after": storage.state_to_json(change.after),
        "reasons": storage.reasons_to_json(change.reasons),
    }
