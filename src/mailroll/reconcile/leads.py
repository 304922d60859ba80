"""What a change is told as: the one of its reasons by which it stands with others of its kind."""

from collections.abc import Mapping
from typing import Final

from mailroll.reconcile.plan import Action, Change
from mailroll.reconcile.reasons import ReasonCode

LEADS: Final[Mapping[ReasonCode, ReasonCode]] = {
    ReasonCode.RENAMED: ReasonCode.RENAMED,
    # A person has one name, in the address or beside it.
    ReasonCode.PRIMARY_CHANGED: ReasonCode.RENAMED,
    ReasonCode.KIND_CHANGED: ReasonCode.KIND_CHANGED,
    ReasonCode.ALIAS_ADDED: ReasonCode.ALIAS_ADDED,
    ReasonCode.ALIAS_GONE: ReasonCode.ALIAS_GONE,
    ReasonCode.ALIAS_MOVED: ReasonCode.ALIAS_GONE,
    ReasonCode.GROUP_CHANGED: ReasonCode.GROUP_CHANGED,
    ReasonCode.SOURCE_CHANGED: ReasonCode.SOURCE_CHANGED,
    ReasonCode.BILLABLE_CHANGED: ReasonCode.BILLABLE_CHANGED,
}
"""What an update is told as: by the first of these that is among its reasons."""


def lead(change: Change) -> str:
    """Return the code of the reason that a change is told as; empty where it has none."""
    if change.action is Action.UPDATE:
        codes = {reason.code for reason in change.reasons}
        lead_code = next((candidate for code, candidate in LEADS.items() if code in codes), None)
        if lead_code is not None:
            return lead_code.value
    return change.reasons[0].code.value if change.reasons else ""
