"""What becomes of a user that retired: how long mail for it is still accepted, and how long it can come back."""

from datetime import datetime, timedelta
from typing import Final

GRACE: Final = timedelta(hours=24)
"""How long mail for a retired user is accepted as before."""

KEPT: Final = timedelta(days=30)
"""How long a retired user can be restored."""


def still_accepted(retired_at: datetime | None, now: datetime) -> bool:
    """Whether mail for a user is accepted: while it is in service, and for the grace after it retired."""
    return retired_at is None or now < retired_at + GRACE
