"""What the core has to say, with the outside directory called by its name."""

import re
from typing import Final

from mailroll.connectors.registry import CONNECTORS
from mailroll.reconcile import explain
from mailroll.reconcile.findings import Finding
from mailroll.reconcile.reasons import Reason, ReasonCode

DIRECTORY: Final = " or ".join(kind.label for kind in CONNECTORS.values())
"""A stored reason does not tell which directory it is about, so all that can be read are named."""

# What connectors end a message with: numbers of the sign-in service with its trace id, or the id of a Graph request.
_MARK: Final = r"(?:AADSTS[0-9]{4,8}|trace [0-9A-Fa-f-]{36}|request [0-9A-Za-z-]{1,64})"
_TRAIL: Final = re.compile(rf" \(({_MARK}(?:, {_MARK})*)\)", re.ASCII)


def parted(message: str) -> tuple[str, str]:
    """Part what an error says from the numbers that only a directory's support asks for; those are empty where none."""
    match = _TRAIL.search(message)
    return (message, "") if match is None else (_TRAIL.sub("", message), match.group(1))


def headline(message: str) -> str:
    """What an error says as words above something: without those numbers, and without the full stop."""
    return parted(message)[0].strip().removesuffix(".")


def sentence(reason: Reason) -> str:
    return explain.sentence(reason, DIRECTORY)


def finding_sentence(finding: Finding) -> str:
    return explain.finding_sentence(finding, DIRECTORY)


def cause(code: ReasonCode) -> tuple[str, str]:
    return explain.cause(code, DIRECTORY)
