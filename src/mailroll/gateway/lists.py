"""The whole of what gateways accept, for forms that hold a list: every row of one list is of the same moment."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from mailroll.directory.lifecycle import Stage
from mailroll.directory.models import Serving
from mailroll.gateway.answers import Because, Roll, Served, stale, unread


class Open(StrEnum):
    """Why a list takes every address of a domain: a list cannot say “later” or “cannot say”, and no harms people."""

    WATCHED = "watched"
    PASSED = "passed"
    STALE = "stale"
    EMPTY = "empty"
    UNREAD = "unread"


GROUNDS: Final = {Stage.IN_SERVICE: Because.LISTED, Stage.ENDING: Because.ENDING, Stage.LATER: Because.LATER}
"""Why an address in a stage of its life is not refused; there is no ground for one that has ended."""


class MailName(NamedTuple):
    """A name of a domain, in A-labels and in U-labels; `shown` is empty where they are the same."""

    label: str
    shown: str

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.label, self.shown) if self.shown else (self.label,)


@dataclass(frozen=True, slots=True)
class ListedDomain:
    """A domain as lists hold it: `names` are its own and then those of its proved alias domains, in order."""

    served: Served
    organization: UUID
    names: tuple[MailName, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(spelling for name in self.names for spelling in name.spellings)

    def open(self, at: datetime) -> Open | None:
        """Why every address is taken; None where the list alone counts."""
        if self.served.serving is Serving.PASS:
            return Open.PASSED
        if self.served.serving is Serving.WATCH:
            return Open.WATCHED
        if unread(self.served):
            return Open.UNREAD
        if self.served.empty:
            return Open.EMPTY
        return Open.STALE if stale(self.served, at) else None


class ListEntry(NamedTuple):
    """An address that is not refused. `holder`: the user who has it; None where nobody has it yet, or nobody knows."""

    address: str
    because: Because
    """LISTED, ENDING, LATER or WAITING."""
    holder: UUID | None = None
    primary: bool = False


class Moment(Protocol):
    """The roll as it is at one moment, however long it takes to go through it."""

    @property
    def at(self) -> datetime: ...

    @property
    def roll(self) -> Roll:
        """What single answers are made from."""

    def domains(self) -> Sequence[ListedDomain]:
        """Return the domains of the installation by name."""

    def entries(self, domain: ListedDomain) -> Iterator[ListEntry]:
        """Yield the addresses of a domain in an order that is always the same, those of one holder side by side.

        What has ended is left out, and so is what is under a name that is not the domain's.
        """


class Listing(Protocol):
    """Where moments come from: the database, or a copy of it in memory."""

    def moment(self) -> AbstractContextManager[Moment]: ...
