"""What the core has to say, with the outside directory called by its name."""

from typing import Final

from mailroll.connectors.registry import CONNECTORS
from mailroll.reconcile import explain
from mailroll.reconcile.findings import Finding
from mailroll.reconcile.reasons import Reason, ReasonCode

DIRECTORY: Final = " or ".join(kind.label for kind in CONNECTORS.values())
"""A stored reason does not tell which directory it is about, so all that can be read are named."""


def sentence(reason: Reason) -> str:
    return explain.sentence(reason, DIRECTORY)


def finding_sentence(finding: Finding) -> str:
    return explain.finding_sentence(finding, DIRECTORY)


def cause(code: ReasonCode) -> tuple[str, str]:
    return explain.cause(code, DIRECTORY)
