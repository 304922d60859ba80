"""A filter as a value: rules in groups, each group asking for all or for any of its members."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Join(StrEnum):
    """What a group asks of its members."""

    ALL = "all"
    ANY = "any"


class RuleOperator(StrEnum):
    """What a rule asks of a value. Words that operators see and write."""

    IS = "is"
    IS_NOT = "is not"
    CONTAINS = "contains"
    CONTAINS_NOT = "does not contain"
    STARTS = "starts with"
    ENDS = "ends with"
    MATCHES = "matches"
    MATCHES_NOT = "does not match"
    GREATER = "greater than"
    LESS = "less than"
    ONE_OF = "is one of"
    IS_SET = "is set"
    IS_NOT_SET = "is not set"


RuleValue = str | bool | int | float | datetime | tuple[str | int | float | datetime, ...] | None
"""What a rule compares with: None for `is set` and `is not set`, a tuple for `is one of`, times aware and in UTC."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One question about one field, by the field's own name."""

    field: str
    operator: RuleOperator
    value: RuleValue = None


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules and groups, of which all or any are to hold. An empty group selects everyone."""

    join: Join = Join.ALL
    members: tuple["Rule | RuleGroup", ...] = ()


def rules(group: RuleGroup, path: str = "") -> Iterator[tuple[str, Rule]]:
    """Yield every rule with its path, such as `all[0].any[2]`, in the order written."""
    for index, member in enumerate(group.members):
        member_path = f"{path}.{group.join}[{index}]".lstrip(".")
        if isinstance(member, Rule):
            yield member_path, member
        else:
            yield from rules(member, member_path)
