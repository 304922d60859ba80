"""Owners: what manages users gives them up to people, and takes back what people moved."""

from dataclasses import replace

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import rows
from mailroll.directory.edit.domains import lock
from mailroll.directory.edit.single import decided, lock_users
from mailroll.directory.models import Owner


def give_up_users(owner: Owner, acting: Acting) -> int:
    """Make every user of an owner hand-made; nothing else about them changes. Return how many there were.

    They keep no outside id: a sync knows them by their address from then on, and takes none of them over unasked.
    """
    domain = owner.domain
    with transaction.atomic():
        lock(domain)
        users = lock_users(domain, list(owner.users.values_list("id", flat=True)))
        writes = [
            rows.Write(
                user.id,
                user.state,
                replace(user.state, owner=None, external_id=None),
                decided(user),
            )
            for user in users
        ]
        rows.write(domain.id, writes, acting.now())
        note(
            acting,
            "users.made_by_hand",
            domain,
            source=owner.label,
            users=len(users),
        )
    return len(users)


def leave_groups_to_sync(owner: Owner, acting: Acting) -> int:
    """Let the next sync put everybody of an owner where its source leads, those whom people moved too."""
    domain = owner.domain
    with transaction.atomic():
        lock(domain)
        moved_ids = owner.users.filter(group_by_hand=True).values_list("id", flat=True)
        users = lock_users(domain, list(moved_ids))
        writes = [
            rows.Write(user.id, user.state, user.state, replace(decided(user), group_by_hand=False)) for user in users
        ]
        rows.write(domain.id, writes, acting.now())
        if users:
            note(
                acting,
                "users.groups_unset",
                domain,
                source=owner.label,
                users=len(users),
            )
    return len(users)
