"""What becomes of addresses and users that leave: how long mail is still accepted, how long they can come back."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

GRACE: Final = timedelta(hours=24)
"""How long mail for an address that ends is accepted as before, at the least."""

LATER: Final = timedelta(hours=24)
"""How long it is then put off: the sender keeps the message and tries again."""

KEPT: Final = timedelta(days=30)
"""How long a retired user can be restored."""


class Stage(StrEnum):
    """Where in its life an address is."""

    IN_SERVICE = "in_service"
    ENDING = "ending"
    """Accepted as before: its grace has not passed, or no reading has confirmed yet that it is gone."""
    LATER = "later"
    ENDED = "ended"


def stage(ending_since: datetime | None, confirmed_at: datetime | None, now: datetime) -> Stage:
    """Tell where in its life an address is, by the database's clock. The gateway's SQL functions say the same."""
    if ending_since is None:
        return Stage.IN_SERVICE
    if confirmed_at is None or now < ending_since + GRACE:
        return Stage.ENDING
    return Stage.LATER if now < max(ending_since + GRACE, confirmed_at) + LATER else Stage.ENDED


def still_accepted(retired_at: datetime | None, now: datetime) -> bool:
    """Whether mail for a user is accepted: while it is in service, and for the grace after it retired."""
    return retired_at is None or now < retired_at + GRACE
