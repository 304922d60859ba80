"""What becomes of addresses and users that leave: how long mail is still accepted, how long they can come back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from mailroll.promises import GRACE, LATER
from mailroll.reconcile.addresses import Address


class Stage(StrEnum):
    """Where in its life an address is."""

    IN_SERVICE = "in_service"
    ENDING = "ending"
    """Accepted as before: its grace has not passed, or no reading has confirmed yet that it is gone."""
    LATER = "later"
    ENDED = "ended"


ACCEPTED: Final = frozenset({Stage.IN_SERVICE, Stage.ENDING})
"""The stages in which mail is accepted."""


def stage(ending_since: datetime | None, confirmed_at: datetime | None, now: datetime) -> Stage:
    """Tell where in its life an address is, by the database's clock. The gateway's SQL functions say the same."""
    if ending_since is None:
        return Stage.IN_SERVICE
    if confirmed_at is None or now < ending_since + GRACE:
        return Stage.ENDING
    return Stage.LATER if now < max(ending_since + GRACE, confirmed_at) + LATER else Stage.ENDED


@dataclass(frozen=True, slots=True)
class Lifetime:
    """An address with what its row knows of its life. `own`: it is its user's; else the user lost it, and it ends."""

    address: Address
    own: bool = True
    ending_since: datetime | None = None
    confirmed_at: datetime | None = None

    def stage(self, now: datetime) -> Stage:
        return stage(self.ending_since, self.confirmed_at, now)

    @property
    def accepted_until(self) -> datetime | None:
        """When mail stops being accepted, or the earliest time at which it may; None while it is in service."""
        if self.ending_since is None:
            return None
        return max(self.ending_since + GRACE, self.confirmed_at or self.ending_since)

    @property
    def later_until(self) -> datetime | None:
        """When the address becomes unknown; None as long as nothing has confirmed that it is gone."""
        until = self.accepted_until
        return None if until is None or self.confirmed_at is None else until + LATER
