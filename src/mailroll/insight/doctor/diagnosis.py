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


def good(sentence: str) -> Diagnosis:
    return Diagnosis(Condition.GOOD, sentence)


def warns(sentence: str, fix: str) -> Diagnosis:
    return Diagnosis(Condition.WARNS, sentence, fix)


def fails(sentence: str, fix: str) -> Diagnosis:
    return Diagnosis(Condition.FAILS, sentence, fix)


def unasked(sentence: str, fix: str = "") -> Diagnosis:
    return Diagnosis(Condition.UNASKED, sentence, fix)


def any_fails(examined: Sequence[Examined]) -> bool:
    return any(check.diagnosis.condition is Condition.FAILS for check in examined)


def document(examined: Sequence[Examined]) -> dict[str, Any]:
    """Return what `--json` prints."""
    return {
        "good": not any_fails(examined),
        "checks": [
            {
                "check": check.code,
                "title": check.title,
                "state": check.diagnosis.condition.value,
                "found": check.diagnosis.found,
                "fix": check.diagnosis.fix,
            }
            for check in examined
        ],
    }


def spell(number: int, singular: str, plural: str) -> str:
    """Say how many, as in “1 server” or “3 servers”."""
    return f"{number:,} {singular if number == 1 else plural}"
