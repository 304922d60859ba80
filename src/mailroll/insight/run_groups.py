"""Groups of changes that one reason explains, in the order in which people read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Final, Self

from mailroll.insight.actions import LOOKS, Sign
from mailroll.reconcile.leads import LEADS
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode

OF_FEW: Final = 5
"""A group of so many is shown whole."""
SHOWN_OF_MANY: Final = 3
REMOVALS_SHOWN: Final = 50
"""Of a group of removals so many are shown: whoever decides on them reads them."""


class Pick(StrEnum):
    """What of a plan can be picked by what happens, in the order in which it is listed."""

    REMOVE = "remove"
    RENAME = "rename"
    CHANGE = "change"
    RESTORE = "restore"
    ADD = "add"

    @classmethod
    def of(cls, action: Action, lead: str) -> Self:
        if action is Action.UPDATE:
            return cls("rename" if lead == ReasonCode.RENAMED else "change")
        return cls(LOOKS[action].sign.value)


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What the changes of a group have in common: `lead` is the code of their reason.

    `kind` and `into` are those of new users, and where they are what changes; else empty.
    """

    action: Action
    lead: str
    kind: str
    into: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes for one reason. `reasons` are those that all of them share; `same_for_all`: there is no other.

    `first`: among the changes at these positions are those that are shown first.
    """

    key: GroupKey
    size: int
    billable: int
    reasons: tuple[Reason, ...]
    same_for_all: bool
    first: tuple[int, ...]

    @property
    def id(self) -> str:
        """Its name in an address."""
        key = self.key
        return sha256(f"{key.action}/{key.lead}/{key.kind}/{key.into}".encode()).hexdigest()[:10]

    @property
    def sign(self) -> Sign:
        return LOOKS[self.key.action].sign

    @property
    def folded_to(self) -> int:
        """How many of it are shown before anybody asks for more."""
        if self.sign is Sign.REMOVE:
            return REMOVALS_SHOWN
        return self.size if self.size <= OF_FEW else SHOWN_OF_MANY


def ordered(groups: Iterable[ChangeGroup]) -> tuple[ChangeGroup, ...]:
    """The dangerous first, then what changes what is billed, then the larger ones."""

    def place(group: ChangeGroup) -> tuple[int, bool, int, int, str, str, str, str]:
        key = group.key
        pick, lead = _place(key.action, key.lead)
        return pick, not group.billable, lead, -group.size, key.kind, key.into, key.action, key.lead

    return tuple(sorted(groups, key=place))


@cache
def _place(action: Action, lead: str) -> tuple[int, int]:
    """Return where changes of this kind stand: by what happens, then by their reason. There are few kinds."""
    places = {code.value: place for place, code in enumerate(dict.fromkeys(LEADS.values()))}
    return list(Pick).index(Pick.of(action, lead)), places.get(lead, len(places))
