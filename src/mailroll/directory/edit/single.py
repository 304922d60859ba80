"""What every edit of a single user needs: the user as it stands, locked, and the note of what was done."""

from uuid import UUID

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Detail, Subject, note
from mailroll.directory import load, rows
from mailroll.directory.edit.domains import lock
from mailroll.directory.models import Domain
from mailroll.reconcile import model
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.model import State


def locked(user: UUID, domain: Domain) -> model.RollUser:
    """Return a user of the domain, and keep others from writing the domain's roll until the transaction ends."""
    lock(domain)
    for roll_user in load.users(domain.id, [user]):
        return roll_user
    raise BadInput("user_unknown", f"{domain.name} has no user {user}.", "List the users of the domain.")


def decided(user: model.RollUser) -> rows.Decided:
    return rows.Decided(user.pinned, user.exempt, user.kind_by_hand, user.group_by_hand)


def note_user(acting: Acting, action: str, domain: Domain, user: UUID, state: State, /, **details: Detail) -> None:
    about = Subject(state.primary or state.display_name or str(user), domain.organization_id)
    note(acting, action, about, domain=domain.name, user=str(user), **details)
