"""What happened to a directory, in order: the memory behind delta queries."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one object."""

    kind: str  # user, group or orgContact
    id: str
    properties: frozenset[str] = frozenset()
    # Why an object left the listing: "changed" while it can be restored, "deleted" for good.
    removed: str | None = None
    member: str | None = None  # of a group: the member that came or went
    member_left: bool = False
    fresh: bool = False  # made, or restored: all it has is news


@dataclass(slots=True)
class ChangeLog:
    """Changes so far; a position in it is what a delta token stands for."""

    entries: list[Change] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # when each happened, in seconds since 1970

    def position(self, until: float) -> int:
        """Give the position behind what happened until then."""
        return bisect_right(self.times, until)

    def add(self, change: Change, at: float) -> None:
        self.entries.append(change)
        # In order, whichever way the clock was moved.
        self.times.append(max(at, self.times[-1] if self.times else at))

    def since(self, position: int, kind: str) -> dict[str, list[Change]]:
        """Give the changes to objects of one kind, grouped by object, in the order of their latest."""
        found: dict[str, list[Change]] = {}
        for entry in self.entries[position:]:
            if entry.kind == kind:
                earlier = found.pop(entry.id, [])
                found[entry.id] = [*earlier, entry]
        return found
