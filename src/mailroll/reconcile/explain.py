"""Codes in plain words: what happened, what it means for mail, and what to do.

`directory` is what people call the outside directory.
"""

from collections.abc import Mapping

from mailroll.reconcile.conflicts import ConflictRule
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.reasons import Reason, ReasonCode

_ONE_CONFLICT = (
    "1 address is claimed by more than one user. It stays with the one who has it; the run lists both sides."
)


def sentence(reason: Reason, directory: str) -> str:
    """Say one reason with its facts."""
    facts = reason.facts
    if reason.code is ReasonCode.CONFLICT and "rule" in facts:
        rule = ConflictRule(facts["rule"])
        return f"{rule.claim.format_map(_sides(facts))} {rule.settled}"
    return reason.code.wording.sentence.format_map({**facts, "directory": directory})


def finding_sentence(finding: Finding, directory: str) -> str:
    """Say one finding with its facts."""
    facts = dict(finding.facts)
    if finding.code is FindingCode.CONFLICTS and facts["addresses"] == "1":
        return _ONE_CONFLICT
    # Runs of older versions do not say which source it was.
    return finding.code.sentence.format_map({"source": "a source", **facts, "directory": directory})


def cause(code: ReasonCode, directory: str) -> tuple[str, str]:
    """Say why users would be removed: a headline, and what it means with its cure."""
    headline, meaning = code.wording.cause
    return headline.format(directory=directory), meaning.format(directory=directory)


def _sides(facts: Mapping[str, str]) -> dict[str, str]:
    return {
        side: _side(facts[f"{side}_name"], facts[side], facts[f"{side}_by"] or "made by hand")
        for side in ("holder", "wanted")
    }


def _side(name: str, address: str, by: str) -> str:
    return f"{name} ({address}, {by})" if name else f"{address} ({by})"
