"""What each action of a plan looks like to people: its sign, and the words for it. The one table of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mailroll.reconcile.plan import Action


class Sign(StrEnum):
    """What a change is to people, the dangerous first. Its value is the verb, and the name of its mark and colour."""

    REMOVE = "remove"
    CHANGE = "change"
    RESTORE = "restore"
    ADD = "add"

    @property
    def done(self) -> str:
        return "added" if self is Sign.ADD else f"{self}d"

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(action for action, look in LOOKS.items() if look.sign is self)


@dataclass(frozen=True, slots=True)
class ActionWords:
    """`headline` and `short` are what history says of a change; they may name the user's `group`."""

    sign: Sign
    headline: str
    short: str


LOOKS: Mapping[Action, ActionWords] = {
    Action.REMOVE: ActionWords(Sign.REMOVE, "Removed", "removed"),
    Action.RETIRE: ActionWords(Sign.REMOVE, "Retired", "retired"),
    Action.UPDATE: ActionWords(Sign.CHANGE, "Changed", "changed"),
    Action.RESTORE: ActionWords(Sign.RESTORE, "Restored to {group}", "restored"),
    Action.ADOPT: ActionWords(Sign.ADD, "Kept by a source from here on", "adopted"),
    Action.CREATE: ActionWords(Sign.ADD, "Added to {group}", "added"),
}
"""Every action, the dangerous first: the order in which a list of changes shows them."""


def number(counts: Mapping[str, int], *signs: Sign) -> int:
    """Count the changes with these signs among the counts of a run."""
    return sum(int(counts.get(action, 0)) for sign in signs for action in sign.actions)
