"""A filter in words, as pages, reports and the command line say it."""

from datetime import datetime
from typing import Final

from mailroll.reconcile.filters.model import Rule, RuleGroup, RuleOperator, rules

SHOWN: Final = 60
"""Characters of a value that are shown."""

_CONTRARY: Final = {
    RuleOperator.IS: "is not",
    RuleOperator.IS_NOT: "is",
    RuleOperator.CONTAINS: "does not contain",
    RuleOperator.CONTAINS_NOT: "contains",
    RuleOperator.STARTS: "does not start with",
    RuleOperator.ENDS: "does not end with",
    RuleOperator.MATCHES: "does not match",
    RuleOperator.MATCHES_NOT: "matches",
    RuleOperator.GREATER: "is not greater than",
    RuleOperator.LESS: "is not less than",
    RuleOperator.ONE_OF: "is none of",
    RuleOperator.IS_SET: "is not set",
    RuleOperator.IS_NOT_SET: "is set",
}


def sentence(rule: Rule) -> str:
    """Return a rule as people read it: `department is “Sales”`."""
    return _said(rule, rule.operator)


def contrary(rule: Rule) -> str:
    """Return what holds of somebody whom a rule says no of: `department is not “Sales”`."""
    return _said(rule, _CONTRARY[rule.operator])


def _said(rule: Rule, verb: str) -> str:
    words = f"{rule.field} {verb}"
    if rule.value is None:
        return words
    if not isinstance(rule.value, tuple):
        return f"{words} {value_words(rule.value)}"
    first, last = rule.value[:-1], value_words(rule.value[-1])
    if len(rule.value) > 5:  # noqa: PLR2004 - a sentence stays one
        first, last = rule.value[:4], f"{len(rule.value) - 4} more"
        return f"{words} {', '.join(map(value_words, first))} and {last}"
    return f"{words} {', '.join(map(value_words, first))} or {last}" if first else f"{words} {last}"


def summary(group: RuleGroup) -> str:
    """Return a filter in a few words: its only rule, or how many there are."""
    filter_rules = [rule for _, rule in rules(group)]
    if not filter_rules:
        return "everyone"
    return sentence(filter_rules[0]) if len(filter_rules) == 1 else f"{len(filter_rules)} rules"


def value_words(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= SHOWN else f"“{value[: SHOWN - 1]}…”"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC".replace(" 00:00:00 UTC", "")
    return str(value)
