"""What left a roll lately by runs that no person decided on: a few in each run become many in a week."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import Current


@dataclass(frozen=True, slots=True)
class Loss:
    """Users who went, and addresses that ended."""

    users: frozenset[UUID] = frozenset()
    addresses: frozenset[Address] = frozenset()

    def still(self, current: Current) -> "Loss":
        """Leave out whoever is in service again, and every address that somebody in service has."""
        if not self.users and not self.addresses:
            return self
        serving = [user for user in current.users if not user.state.retired]
        held_addresses = (address for user in serving for address in user.state.addresses)
        return Loss(self.users.difference(user.id for user in serving), self.addresses.difference(held_addresses))


@dataclass(frozen=True, slots=True)
class Departures:
    """What left within the last 24 hours, and within the last 7 days."""

    day: Loss = Loss()
    week: Loss = Loss()


NO_DEPARTURES: Final = Departures()
