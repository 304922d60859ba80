"""What becomes of a plan, worked out in memory: the roll as applying leaves it, and changes as they are read back."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from mailroll.reconcile import storage
from mailroll.reconcile.model import Current, RollUser
from mailroll.reconcile.plan import Action, Change, Plan


def from_json(data: Mapping[str, storage.Json]) -> Change:
    return Change(
        Action(str(data["action"])),
        UUID(str(data["user"])),
        storage.state_from_json(data["before"]),
        storage.state_from_json(data["after"]),
        storage.reasons_from_json(data["reasons"]),
    )


def advance(current: Current, plan: Plan) -> Current:
    """Return the roll as the plan leaves it: what applying does to rows, in memory."""
    users = {user.id: user for user in current.users}
    for change in plan.changes:
        had = users.pop(change.user, None)
        if change.after is None:
            continue
        row = had or RollUser(change.user, change.after, "")
        users[change.user] = hashed(replace(row, state=change.after))
    return replace(current, users=tuple(users[key] for key in sorted(users)))


def hashed(row: RollUser) -> RollUser:
    """Give a user the content hash that its row would have."""
    content = storage.content_hash(
        row.state,
        pinned=row.pinned,
        exempt=row.exempt,
        kind_by_hand=row.kind_by_hand,
        group_by_hand=row.group_by_hand,
    )
    return replace(row, hash=content)
