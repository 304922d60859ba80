"""The words that mail servers are answered in. The SQL functions have a copy; a test holds the two together."""

from collections.abc import Mapping
from typing import Final

from mailroll.gateway.answers import Answer

LATER: Final = "450 4.2.1 This mailbox takes no mail at the moment, try again later"
UNKNOWN: Final = "550 5.1.1 No such recipient here"
CANNOT_SAY: Final = "451 4.3.0 The list of recipients is not available, try again later"

ACCESS: Final[Mapping[Answer, str]] = {
    Answer.ACCEPT: "DUNNO",
    Answer.NOT_OURS: "DUNNO",
    Answer.LATER: LATER,
    Answer.UNKNOWN: UNKNOWN,
    Answer.CANNOT_SAY: CANNOT_SAY,
}
"""For `check_recipient_access`. `DUNNO` leaves the decision to what Postfix asks next: access(5)."""
