"""What a mail server is told of an address: the one rule, over whatever holds the roll, and the words for it.

The SQL functions in `migrations` say the same; a property test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from mailroll.directory.lifecycle import Stage, stage
from mailroll.directory.models import Serving

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Answer(StrEnum):
    """What a mail server shall do."""

    ACCEPT = "accept"
    LATER = "later"
    """Put off: the sender keeps the message and tries again."""
    UNKNOWN = "unknown"
    """Refuse for good."""
    CANNOT_SAY = "cannot_say"
    """Put off as well: what is known here is no ground to refuse anybody on."""
    NOT_OURS = "not_ours"
    """No domain of this installation: for others to decide."""


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
"""For `check_recipient_access`; SQL has a copy. `DUNNO` leaves the decision to what Postfix asks next: access(5)."""

REPLIES: Final[Mapping[Answer, str]] = {
    Answer.ACCEPT: "A mail server is told 250: accept it.",
    Answer.LATER: f"A mail server is told {LATER[:3]}: the sender keeps the message and tries again.",
    Answer.UNKNOWN: f"A mail server is told {UNKNOWN[:3]}: there is no such recipient.",
    Answer.CANNOT_SAY: f"A mail server is told {CANNOT_SAY[:3]}: the sender tries again. Nobody is refused.",
    Answer.NOT_OURS: "A mail server is told nothing: others decide.",
}
"""For people who want to know what is answered."""


class Because(StrEnum):
    """What settled an answer."""

    LISTED = "listed"
    ENDING = "ending"
    POSTMASTER = "postmaster"
    PASSED = "passed"
    LATER = "later"
    WAITING = "waiting"
    NOT_LISTED = "not_listed"
    ENDED = "ended"
    STALE = "stale"
    EMPTY = "empty"
    NO_DOMAIN = "no_domain"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Served:
    """A domain as gateways are served with it, under the name that was asked by. `empty`: nobody is in service."""

    id: UUID
    name: str
    """In A-labels; of an alias domain its own."""
    serving: Serving
    plus_tags: bool
    has_source: bool
    read_at: datetime | None
    stale_after: timedelta
    empty: bool


class Life(NamedTuple):
    """The part of an address's row that tells where in its life it is."""

    ending_since: datetime | None
    confirmed_at: datetime | None


class Roll(Protocol):
    """What an answer is made from."""

    def served(self, name: str) -> Served | None:
        """Find a domain or a proved alias domain by a name in A-labels or U-labels."""

    def life(self, domain: UUID, address: str) -> Life | None:
        """Find the row of an address that a domain has."""

    def waits(self, domain: UUID, address: str) -> bool:
        """Whether Microsoft knows an address that is not in the roll only because its plan waits."""


class Verdict(NamedTuple):
    """An answer and its ground. `refused`: whether it says yes only because the domain is watched, not served.

    A tuple, as one is made for each question: a frozen dataclass takes three times as long.
    """

    answer: Answer
    because: Because
    domain: UUID | None = None
    address: str | None = None
    """What the roll was asked for when that settled it: without the tag where the tag was taken off."""
    refused: bool = False


def answer(text: str, roll: Roll, now: datetime) -> Verdict:
    """Answer for a text that a mail server sends. Total: never raises over the text."""
    local, name = split(text)
    if not local or not name:
        return Verdict(Answer.NOT_OURS, Because.NO_ADDRESS)
    domain = roll.served(name)
    if domain is None:
        return Verdict(Answer.NOT_OURS, Because.NO_DOMAIN)
    if domain.serving is Serving.PASS:
        return Verdict(Answer.ACCEPT, Because.PASSED, domain.id)
    verdict = _at_once(local, domain, roll) or _listed(local, domain, roll, now)
    if domain.serving is Serving.WATCH and verdict.answer is not Answer.ACCEPT:
        return Verdict(Answer.ACCEPT, verdict.because, domain.id, verdict.address, refused=True)
    return verdict


def split(text: str) -> tuple[str, str]:
    """Part a text at its last `@`, in lower case; the first part is empty where there is none.

    ASCII alone is lowered in the local part, as in the roll. Names are lowered whole: `postmap -q` does not fold them,
    while Postfix's smtpd does.
    """
    if text.isascii():
        # As nearly all are, and several times as fast.
        local, _, name = text.lower().rpartition("@")
        return local, name
    local, _, name = text.rpartition("@")
    return local.translate(_ASCII_LOWER), name.translate(_ASCII_LOWER) if name.isascii() else name.lower()


def forms(local: str, domain: Served) -> tuple[str, ...]:
    """Return the addresses that stand for what was asked, the first that is listed counting.

    Exchange Online resolves the full address, then the one without the plus sign and what follows it:
    learn.microsoft.com/exchange/recipients-in-exchange-online/plus-addressing-in-exchange-online.
    """
    base, plus, _ = local.partition("+")
    full = f"{local}@{domain.name}"
    return (full, f"{base}@{domain.name}") if domain.plus_tags and plus and base else (full,)


def unread(domain: Served) -> bool:
    """Whether a source is switched on and was never read: what is there by hand is not the whole list."""
    return domain.has_source and domain.read_at is None


def stale(domain: Served, now: datetime) -> bool:
    """Whether the last undoubted reading is older than the domain allows; one in the future counts as none."""
    if domain.read_at is None:
        return unread(domain)
    return not timedelta() <= now - domain.read_at <= domain.stale_after


def _at_once(local: str, domain: Served, roll: Roll) -> Verdict | None:
    """Accept what nearly all mail is for: nobody's grace or tag, and no age of the list, has to be thought about."""
    full = f"{local}@{domain.name}"
    if local == "postmaster":
        # RFC 5321, section 4.5.1: every domain that takes mail takes it for this one.
        return Verdict(Answer.ACCEPT, Because.POSTMASTER, domain.id, full)
    life = roll.life(domain.id, full)
    if life is not None and life.ending_since is None:
        # The full address counts before every other form.
        return Verdict(Answer.ACCEPT, Because.LISTED, domain.id, full)
    return None


def _listed(local: str, domain: Served, roll: Roll, now: datetime) -> Verdict:
    candidates = forms(local, domain)
    stages = {
        candidate: stage(*life, now)
        for candidate in candidates
        if (life := roll.life(domain.id, candidate)) is not None
    }
    for wanted_stage, because in ((Stage.IN_SERVICE, Because.LISTED), (Stage.ENDING, Because.ENDING)):
        for address, life_stage in stages.items():
            if life_stage is wanted_stage:
                return Verdict(Answer.ACCEPT, because, domain.id, address)
    for address in candidates:
        if stages.get(address) is Stage.LATER:
            return Verdict(Answer.LATER, Because.LATER, domain.id, address)
        if roll.waits(domain.id, address):
            return Verdict(Answer.LATER, Because.WAITING, domain.id, address)
    if stale(domain, now):
        return Verdict(Answer.CANNOT_SAY, Because.STALE, domain.id)
    if domain.empty:
        return Verdict(Answer.CANNOT_SAY, Because.EMPTY, domain.id)
    ended_address = next(iter(stages), None)
    return Verdict(Answer.UNKNOWN, Because.ENDED if ended_address else Because.NOT_LISTED, domain.id, ended_address)
