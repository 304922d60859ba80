"""What people decide about a user, hand-made or not; a sync keeps to it."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.directory import queries, rows, waiting_addresses
from mailroll.directory.edit.single import decided, locked, note_user
from mailroll.directory.models import Address, Domain
from mailroll.reconcile import addresses
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.model import BILLABLE_KINDS, Kind
from mailroll.reconcile.reasons import ReasonCode


def pin(domain: Domain, user: UUID, acting: Acting) -> None:
    """Never let a sync remove this user."""
    _decide(domain, user, "user.pinned", acting, pinned=True)


def unpin(domain: Domain, user: UUID, acting: Acting) -> None:
    _decide(domain, user, "user.unpinned", acting, pinned=False)


def exempt(domain: Domain, user: UUID, acting: Acting, unwanted: Collection[addresses.Address] = ()) -> None:
    """Have every sync ignore this user. What a plan would have added for it (`unwanted`) waits no more."""
    with transaction.atomic():
        _decide(domain, user, "user.exempted", acting, exempt=True)
        user_addresses = Address.objects.filter(user=user, domain=domain).values_list("address", flat=True)
        waiting_addresses.remove(domain.id, {*unwanted, *map(addresses.Address, user_addresses)})


def unexempt(domain: Domain, user: UUID, acting: Acting) -> None:
    _decide(domain, user, "user.unexempted", acting, exempt=False)


def set_kind(domain: Domain, user: UUID, kind: Kind, acting: Acting) -> None:
    """Fix the kind by hand; what is billed follows, and a sync keeps it."""
    with transaction.atomic():
        had = locked(user, domain)
        after = replace(
            had.state,
            kind=kind,
            billable=kind in BILLABLE_KINDS and not had.state.retired,
            rule=ReasonCode.KIND_BY_HAND,
        )
        write = rows.Write(user, had.state, after, replace(decided(had), kind_by_hand=True))
        rows.write(domain.id, [write], acting.now())
        note_user(acting, "user.kind_set", domain, user, had.state, before=had.state.kind.value, after=kind.value)


def unset_kind(domain: Domain, user: UUID, acting: Acting) -> None:
    """Leave the kind to the next sync again; until then it stays."""
    _decide(domain, user, "user.kind_unset", acting, kind_by_hand=False)


def move_user(domain: Domain, user: UUID, group: str, acting: Acting) -> None:
    """Put a user into a group of its domain, where a sync leaves it; that may be the one it is in."""
    with transaction.atomic():
        had = locked(user, domain)
        group_row = queries.group_called(domain, group)
        if group_row is None:
            raise BadInput("group_unknown", f"{domain.name} has no group “{group}”.", "Choose one that it has.")
        group = group_row.name
        same = group == had.state.group
        if same and (had.group_by_hand or had.state.owner is None):
            return
        after = replace(had.state, group=group)
        write = rows.Write(user, had.state, after, replace(decided(had), group_by_hand=True))
        rows.write(domain.id, [write], acting.now())
        if same:
            # Whoever chooses the group it is in wants it to stay there, whatever the source says later.
            note_user(acting, "user.group_fixed", domain, user, had.state, group=group)
            return
        note_user(acting, "user.moved", domain, user, had.state, before=had.state.group, after=group)


def leave_group_to_sync(domain: Domain, user: UUID, acting: Acting) -> None:
    """Let the next sync put the user where its source leads; until then it stays."""
    _decide(domain, user, "user.group_unset", acting, group_by_hand=False)


def _decide(domain: Domain, user: UUID, action: str, acting: Acting, **marks: bool) -> None:
    with transaction.atomic():
        had = locked(user, domain)
        after = replace(decided(had), **marks)
        if after == decided(had):
            return
        rows.write(domain.id, [rows.Write(user, had.state, had.state, after)], acting.now())
        note_user(acting, action, domain, user, had.state)
