"""A filter in words, as pages, reports and the command line say it."""

from datetime import datetime
from typing import Final

from mailroll.reconcile.filters.model import Group, Rule, rules

SHOWN: Final = 60
"""Characters of a value that are shown."""


def sentence(rule: Rule) -> str:
    """Return a rule as people read it: `department is “Sales”`."""
    words = f"{rule.field} {rule.operator}"
    if rule.value is None:
        return words
    if not isinstance(rule.value, tuple):
        return f"{words} {_value(rule.value)}"
    first, last = rule.value[:-1], _value(rule.value[-1])
    if len(rule.value) > 5:  # noqa: PLR2004 - a sentence stays one
        first, last = rule.value[:4], f"{len(rule.value) - 4} more"
        return f"{words} {', '.join(map(_value, first))} and {last}"
    return f"{words} {', '.join(map(_value, first))} or {last}" if first else f"{words} {last}"


def summary(group: Group) -> str:
    """Return a filter in a few words: its only rule, or how many there are."""
    named = [rule for _, rule in rules(group)]
    if not named:
        return "everyone"
    return sentence(named[0]) if len(named) == 1 else f"{len(named)} rules"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= SHOWN else f"“{value[: SHOWN - 1]}…”"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC".replace(" 00:00:00 UTC", "")
    return str(value)
