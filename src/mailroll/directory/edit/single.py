"""What every edit of users needs: the users as they stand, locked, and the note of what was done."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Detail, Subject, note
from mailroll.directory import arrays, load, rows
from mailroll.directory.edit.domains import lock
from mailroll.directory.models import Domain
from mailroll.reconcile import model
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.model import State


def locked(user: UUID, domain: Domain) -> model.RollUser:
    """Return a user of the domain, and keep others from writing the domain's roll until the transaction ends."""
    lock(domain)
    for roll_user in lock_users(domain, [user]):
        return roll_user
    raise BadInput("user_unknown", f"{domain.name} has no user {user}.", "List the users of the domain.")


def lock_users(domain: Domain, users: Collection[UUID]) -> tuple[model.RollUser, ...]:
    """Return some users of a domain that is locked, of whom nobody takes an address until the transaction ends.

    What a retired user still has only ends, and another domain's plan takes it without this domain's lock
    (`rows.write`): who restored the user at that moment would put it in service without.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM directory_address WHERE user_id = ANY(%s::uuid[]) AND domain_id = %s"
            " AND ending_since IS NOT NULL ORDER BY address FOR UPDATE",
            [arrays.uuids(users), domain.id],
        )
    return load.users(domain.id, users)


def decided(user: model.RollUser) -> rows.Decided:
    return rows.Decided(user.pinned, user.exempt, user.kind_by_hand, user.group_by_hand)


def note_user(acting: Acting, action: str, domain: Domain, user: UUID, state: State, /, **details: Detail) -> None:
    about = Subject(state.primary or state.display_name or str(user), domain.organization_id)
    note(acting, action, about, domain=domain.name, user=str(user), **details)
