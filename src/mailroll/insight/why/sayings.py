"""The words of one fact that is said beside the reasons of the core, and how good or bad it is."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How good or bad a fact is."""

    OK = "ok"
    INFO = "info"
    ATTENTION = "attention"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SayingWords:
    """The words for one fact; details stand in braces, and `{time}` for when it was or will be.

    `sentence` answers in a terminal; a page reads `headline` with `detail` below, which the time follows. Where one of
    both is empty, that face leaves the fact out: a page has a place of its own for it.
    """

    code: str
    sentence: str = ""
    mark: Mark = Mark.OK
    headline: str = ""
    detail: str = ""
