"""Applies a plan to the roll: the one it was made for, as it still stands, whole or not at all.

`expect_unmoved` and `apply` belong together, in one transaction that holds the domain's lock: what the first has locked
cannot move before the second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from mailroll.directory import arrays, headcounts, load, rows
from mailroll.directory.edit.domains import fenced_off
from mailroll.directory.staging import Staged
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.plan import Action, Change, Plan, Touched, fingerprint, older_fingerprint
from mailroll.reconcile.reasons import ReasonCode

_SHOWN = 5
"""Addresses named in a message; the run's own conflicts list the rest."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did: changes by action, rows of addresses assigned and released, names of groups made."""

    changes: Mapping[Action, int]
    assigned: int
    released: int
    groups: tuple[str, ...]


def expect_unmoved(plan: Plan, made_for: str) -> Touched:
    """Lock the domain and what a plan touches, and return what stands of it.

    Raises `Refused` (`plan_moved_on`) where that has another fingerprint than the roll that the plan was made for.
    """
    with connection.cursor() as cursor:
        # Who comes second sees what the first one did, absent rows among it: those have no lock of their own.
        cursor.execute("SELECT 1 FROM directory_domain WHERE id = %s FOR NO KEY UPDATE", [plan.domain])
    touched = load.touched(plan)
    # Plans from before the fingerprint was another wait for a day, and their removals for longer.
    if made_for != fingerprint(plan, touched) and made_for != older_fingerprint(plan, touched):
        raise _moved_on()
    return touched


def apply(plan: Plan, *, now: datetime, fence: int, staged: Staged | None = None) -> Applied:
    """Carry out a plan inside the caller's transaction, or raise with nothing changed.

    1. Lock the domain; refuse an older worker than the newest one, or settings changed since.
    2. Release addresses, then assign them; write rows that differ.
    3. Keep the worker's number.

    The plan is one that nothing has moved under (`expect_unmoved`), or a part of it. `fence` is that number, from
    `edit.next_fence`. Its users are written from where they are `staged`, if they are.
    Raises `BadInput` and `Refused`, the latter with the codes `fenced_off`, `plan_moved_on` and `address_taken`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a plan is applied inside the caller's transaction")
    newest = _lock(plan, fence)
    written_rows = _write(plan, now, staged) if plan.changes else rows.WrittenRows(0, 0, ())
    if newest != fence:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE directory_domain SET fence = %s WHERE id = %s", [fence, plan.domain])
    return Applied(plan.counts, written_rows.assigned, written_rows.released, written_rows.groups)


def _write(plan: Plan, now: datetime, staged: Staged | None) -> rows.WrittenRows:
    decided = _decided(plan)
    writes = [
        rows.Write(
            change.user,
            change.before,
            change.after,
            decided.get(change.user, rows.UNDECIDED),
            graceful=_graceful(plan, change),
        )
        for change in plan.others
    ]
    try:
        with transaction.atomic(), headcounts.moved_along(plan):
            return rows.write(plan.domain, writes, now, staged, plan.arrivals)
    except rows.RowsMoved as moved:
        raise _moved_on() from moved
    except IntegrityError as clash:
        taken_addresses = sorted(load.elsewhere(plan.domain, plan.touched_addresses))
        if not taken_addresses:
            raise
        raise _taken_refusal(taken_addresses) from clash


def _lock(plan: Plan, fence: int) -> int:
    """Return the number that the domain has of its newest worker."""
    with connection.cursor() as cursor:
        # No key: rows that only refer to the domain, such as the next request for a run, need not wait for an apply.
        cursor.execute("SELECT revision, fence FROM directory_domain WHERE id = %s FOR NO KEY UPDATE", [plan.domain])
        row = cursor.fetchone()
    if row is None:
        raise BadInput("domain_unknown", "The domain of this plan no longer exists.", "Nothing is left to apply.")
    revision, newest = row
    if newest > fence:
        raise fenced_off()
    if revision != plan.revision:
        raise Refused(
            "plan_moved_on",
            "The domain's sources or limits were changed since this plan was made, so it was not applied.",
            "Run a new preview.",
        )
    return int(newest)


def _graceful(plan: Plan, change: Change) -> bool:
    """Whether a reading is behind a change, and not a person: a file that was brought, or a source taken away."""
    return bool(plan.tenants) and all(reason.code is not ReasonCode.SOURCE_REMOVED for reason in change.reasons)


def _decided(plan: Plan) -> Mapping[UUID, rows.Decided]:
    """Return what people decided about the users of a plan; those without any decision are left out."""
    user_ids = [change.user for change in plan.others if change.before is not None]
    if not user_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, pinned, exempt, kind_by_hand, group_by_hand FROM directory_user"
            " WHERE id = ANY(%s::uuid[]) AND (domain_id = %s) IS TRUE"
            " AND (pinned OR exempt OR kind_by_hand OR group_by_hand)",
            [arrays.uuids(user_ids), plan.domain],
        )
        return {user: rows.Decided(*marks) for user, *marks in cursor}


def _moved_on() -> Refused:
    return Refused(
        "plan_moved_on",
        "What this plan would change has changed in the meantime, so it was not applied.",
        "Run a new preview.",
    )


def _taken_refusal(addresses: Sequence[Address]) -> Refused:
    addresses_shown = ", ".join(addresses[:_SHOWN]) + (", ..." if len(addresses) > _SHOWN else "")
    return Refused(
        "address_taken",
        f"In use in another domain since this plan was made, so it was not applied: {addresses_shown}.",
        "Run a new preview: it shows these addresses as conflicts and applies the rest.",
    )
