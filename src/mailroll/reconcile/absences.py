"""Which addresses that end a reading confirms to be gone: those that it could have shown, and did not."""

from collections.abc import Iterator
from uuid import UUID

from mailroll.reconcile.addresses import Address, domain_of
from mailroll.reconcile.desired import Desired, Later
from mailroll.reconcile.guards import trusted
from mailroll.reconcile.model import Current, RollUser, Scope
from mailroll.reconcile.statements import Keep, Take


def absent(current: Current, desired: Desired, scope: Scope) -> frozenset[Address]:
    """Return what a reading confirms: of the users of those sources whose reading nobody doubts."""
    if not current.ending:
        return frozenset()
    shown_addresses = {
        address
        for verdict in desired.verdicts.values()
        if isinstance(verdict, Take | Later)
        for address in verdict.entry.addresses
    }
    sources = trusted(current, desired)
    users = {user.id: user for user in current.users}
    return frozenset(
        address
        for address, key in current.ending.items()
        if address not in shown_addresses
        and domain_of(address) not in desired.unproved
        and (user := users.get(key)) is not None
        and all(_could_tell(user, desired, scope, sources))
    )


def _could_tell(user: RollUser, desired: Desired, scope: Scope, sources: frozenset[UUID]) -> Iterator[bool]:
    """Whether the sources of a user would have shown its address. Whoever has none has nobody to be asked."""
    state = user.state
    if state.owner is None or state.owner in scope.removed or state.external_id is None:
        return
    yield state.owner in sources
    yield state.external_id.partition(":")[0] not in desired.unheard_tenants
    verdict = desired.verdicts.get(state.external_id)
    # Nobody asks for an object whose user retired: then its listing is enough, where there was one.
    yield not isinstance(verdict, Keep | Later) and (verdict is not None or state.retired)
    yield all(state.object_type not in report.unread for report in desired.sources.values())
