"""What a check found: how it stands, in one plain sentence, and what mends it. It never holds a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Condition(StrEnum):
    """How what was looked at stands."""

    GOOD = "good"
    WARNS = "warns"
    FAILS = "fails"
    UNASKED = "could not ask"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`found` is one sentence; `fix` is empty where nothing needs one."""

    condition: Condition
    found: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A check by its code and title, and its diagnosis."""

    code: str
    title: str
    diagnosis: Diagnosis


def good(found: str) -> Diagnosis:
    return Diagnosis(Condition.GOOD, found)


def warns(found: str, fix: str) -> Diagnosis:
    return Diagnosis(Condition.WARNS, found, fix)


def fails(found: str, fix: str) -> Diagnosis:
    return Diagnosis(Condition.FAILS, found, fix)


def unasked(found: str, fix: str = "") -> Diagnosis:
    return Diagnosis(Condition.UNASKED, found, fix)


def any_fails(examined: Sequence[Examined]) -> bool:
    return any(one.diagnosis.condition is Condition.FAILS for one in examined)


def document(examined: Sequence[Examined]) -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        "good": not any_fails(examined),
        "checks": [
            {
                "check": one.code,
                "title": one.title,
                "state": one.diagnosis.condition.value,
                "found": one.diagnosis.found,
                "fix": one.diagnosis.fix,
            }
            for one in examined
        ],
    }


def spell(number: int, one: str, many: str) -> str:
    """Say how many, as in “1 server” or “3 servers”."""
    return f"{number:,} {one if number == 1 else many}"
