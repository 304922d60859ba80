"""The words that mail servers are answered in, and those for people about it. SQL has a copy; a test compares."""

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

REPLIES: Final[Mapping[Answer, str]] = {
    Answer.ACCEPT: "A mail server is told 250: accept it.",
    Answer.LATER: f"A mail server is told {LATER[:3]}: the sender keeps the message and tries again.",
    Answer.UNKNOWN: f"A mail server is told {UNKNOWN[:3]}: there is no such recipient.",
    Answer.CANNOT_SAY: f"A mail server is told {CANNOT_SAY[:3]}: the sender tries again. Nobody is refused.",
    Answer.NOT_OURS: "A mail server is told nothing: others decide.",
}
"""For people who want to know what is answered."""
