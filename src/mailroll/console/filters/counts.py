"""What a count has to say of a draft: the numbers, or why there are none yet, and what is dangerous about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailroll.reconcile.filters.counting import Counted
from mailroll.reconcile.filters.model import Group
from mailroll.sync.models import Source


@dataclass(frozen=True, slots=True)
class Counts:
    """`asked`: the directory is being read to count. `dropped`: how many fewer than with the saved filter."""

    counted: Counted | None = None
    asked: bool = False
    fault: str = ""
    dropped: int = 0
    limit: int = 0
    values: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)

    @property
    def nobody(self) -> bool:
        return self.counted is not None and not self.counted.matching and not self.counted.undecided

    @property
    def out(self) -> int:
        return 0 if self.counted is None else self.counted.total - self.counted.matching - self.counted.undecided

    @property
    def poll(self) -> str:
        """When the page asks again by itself."""
        return "every 2s" if self.asked else ""

    @property
    def over_limit(self) -> bool:
        return self.dropped > self.limit


def of(source: Source, group: Group) -> Counts:  # noqa: ARG001 - until samples are there
    return Counts()
