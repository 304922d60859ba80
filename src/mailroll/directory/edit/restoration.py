"""Retired users taken back into the list, one or many at once, and the mark that keeps them there."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, transaction

from mailroll.audit.actor import Acting
from mailroll.directory import load, rows
from mailroll.directory.edit.domains import lock
from mailroll.directory.edit.single import decided, lock_users, locked, note_user
from mailroll.directory.models import Address as AddressRow
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import Address, in_order
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.model import BILLABLE_KINDS, State


@dataclass(frozen=True, slots=True)
class Restoring:
    """What becomes of users that somebody wants back.

    `back`: those that retired and can come back, as they will be. `taken`: those whose addresses are all somebody
    else's. `listed`: how many are in the list anyway, and `missing`: how many are not there any more.
    """

    back: dict[UUID, State]
    taken: dict[UUID, State]
    listed: int
    missing: int

    @property
    def billed(self) -> int:
        return sum(state.billable for state in self.back.values())


def restore(domain: Domain, user: UUID, acting: Acting) -> None:
    """Take a retired user back with all that it still has, and keep it until it is listed again.

    Without that mark the next sync would find it gone at the source as before, and retire it again. What moved on to
    another user stays there; where everything did, the former addresses that are free come back.
    """
    with transaction.atomic():
        locked(user, domain)
        restoring = restore_users(domain, [user], acting)
    if restoring.taken:
        raise Refused(
            "address_taken",
            "Every address of this user belongs to somebody else by now.",
            "Free one of them first.",
        )


def restore_users(domain: Domain, users: Collection[UUID], acting: Acting) -> Restoring:
    """Take retired users back at once, each as `restore` does. Raises `Refused` where an address is taken meanwhile."""
    with transaction.atomic():
        lock(domain)
        had = {user.id: user for user in lock_users(domain, users)}
        restoring = preview_restoring(domain, users)
        writes = [rows.Write(key, had[key].state, after, decided(had[key])) for key, after in restoring.back.items()]
        try:
            with transaction.atomic():
                rows.write(domain.id, writes, acting.now())
        except IntegrityError as clash:
            # Only this domain is locked: another one may have taken a former address at this moment.
            raise Refused(
                "address_taken", "An address was given to somebody else at this moment.", "Try again."
            ) from clash
        for key, after in restoring.back.items():
            note_user(acting, "user.restored", domain, key, after, kept=True)
    return restoring


def unkeep(domain: Domain, user: UUID, acting: Acting) -> None:
    """Lift the mark: the next run retires the user where its source does not have it."""
    with transaction.atomic():
        had = locked(user, domain)
        if not had.state.kept:
            return
        after = replace(had.state, kept=False)
        rows.write(domain.id, [rows.Write(user, had.state, after, decided(had))], acting.now())
        note_user(acting, "user.unkept", domain, user, after)


def preview_restoring(domain: Domain, users: Collection[UUID]) -> Restoring:
    """Tell what `restore_users` would do, and change nothing."""
    states = {user.id: user.state for user in load.users(domain.id, users)}
    retired = {key: state for key, state in sorted(states.items()) if state.retired}
    free = _free({address for state in retired.values() if not state.addresses for address in state.former})
    back: dict[UUID, State] = {}
    taken_states: dict[UUID, State] = {}
    for key, state in retired.items():
        addresses = state.addresses or tuple(address for address in state.former if address in free)
        if not addresses:
            taken_states[key] = state
            continue
        # What two had before goes to the first of them.
        free -= set(addresses)
        primary = state.primary or addresses[0]
        back[key] = replace(
            state,
            retired=False,
            billable=state.kind in BILLABLE_KINDS,
            primary=primary,
            aliases=in_order(address for address in addresses if address != primary),
            former=(),
            kept=True,
        )
    return Restoring(back, taken_states, len(states) - len(retired), len(set(users)) - len(states))


def _free(addresses: Collection[Address]) -> set[Address]:
    """Of some addresses, those that are nobody's, or only end."""
    held_addresses = AddressRow.objects.filter(address__in=addresses, ending_since=None).values_list(
        "address", flat=True
    )
    return set(addresses) - set(map(Address, held_addresses))
