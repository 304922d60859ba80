"""What a filter may name: attributes with their types, and the operators each type has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mailroll.reconcile.filters.model import RuleOperator


class AttributeType(StrEnum):
    """The type of an attribute, which decides the operators a filter may use on it."""

    TEXT = "text"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TIME = "time"
    TEXTS = "texts"
    MEMBERSHIP = "membership"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of an object that a filter may name, with the other spellings people use for it.

    `choices`: the only values there are, where they are few and known. `called`: of a list that has each thing under
    several spellings, the one to call each by.
    """

    name: str
    type: AttributeType
    help: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    called: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None


_SET: Final = (RuleOperator.IS_SET, RuleOperator.IS_NOT_SET)
_EQUAL: Final = (RuleOperator.IS, RuleOperator.IS_NOT)
_ORDER: Final = (RuleOperator.GREATER, RuleOperator.LESS)
_WORDS: Final = tuple(rule_operator for rule_operator in RuleOperator if rule_operator not in _ORDER)
_SIZES: Final = (*_EQUAL, *_ORDER, RuleOperator.ONE_OF, *_SET)

OPERATORS: Final[Mapping[AttributeType, tuple[RuleOperator, ...]]] = {
    AttributeType.TEXT: _WORDS,
    AttributeType.TEXTS: _WORDS,
    AttributeType.BOOLEAN: (*_EQUAL, *_SET),
    AttributeType.NUMBER: _SIZES,
    AttributeType.TIME: _SIZES,
    AttributeType.MEMBERSHIP: (*_EQUAL, RuleOperator.ONE_OF),
}
"""In the order in which they are offered."""


def by_spelling(attributes: Iterable[Attribute]) -> Mapping[str, Attribute]:
    """Return the attributes under every spelling that is accepted, in lower case; a name goes before an alias."""
    spellings: dict[str, Attribute] = {}
    all_attributes = tuple(attributes)
    for attribute in all_attributes:
        spellings.setdefault(attribute.name.casefold(), attribute)
    for attribute in all_attributes:
        for alias in attribute.aliases:
            spellings.setdefault(alias.casefold(), attribute)
    return spellings
