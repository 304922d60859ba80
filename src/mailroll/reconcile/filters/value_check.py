"""The values that people write into rules, checked by the type of the attribute."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from mailroll.reconcile.filters.attributes import Attribute, AttributeType
from mailroll.reconcile.filters.expressions import BadExpressionError, searcher
from mailroll.reconcile.filters.model import RuleOperator, RuleValue
from mailroll.reconcile.text import composed, folded, is_showable, tidy

LONGEST: Final = 1_000
LONGEST_LIST: Final = 500
LARGEST: Final = 2**53
"""Beyond it two numbers can look the same to JSON."""

_BOOLEANS: Final = {"true": True, "yes": True, "false": False, "no": False}
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,16}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_EXPRESSIONS: Final = frozenset({RuleOperator.MATCHES, RuleOperator.MATCHES_NOT})
_WHOLE: Final = frozenset({RuleOperator.IS, RuleOperator.IS_NOT, RuleOperator.ONE_OF})
"""Operators that compare with a whole value, so that only one of the choices makes sense."""

Single = str | bool | int | float | datetime


class BadValueError(ValueError):
    """A value that a rule cannot use: a code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check(value: object, operator: RuleOperator, attribute: Attribute) -> RuleValue:
    """Return the value as rules hold it; raises `BadValueError`."""
    if operator in {RuleOperator.IS_SET, RuleOperator.IS_NOT_SET}:
        if value not in {None, ""} if isinstance(value, str | None) else True:
            raise BadValueError("value_not_wanted", f"“{operator}” takes no value. Remove the value.")
        return None
    if operator is not RuleOperator.ONE_OF:
        return _single(value, operator, attribute)
    if not isinstance(value, list | tuple) or not value:
        raise BadValueError("list_missing", "“is one of” needs a list with at least one value.")
    if len(value) > LONGEST_LIST:
        raise BadValueError(
            "list_too_long", f"The list has {len(value):,} values; at most {LONGEST_LIST} are possible. Use a group."
        )
    return tuple(dict.fromkeys(_single(element, operator, attribute) for element in value))


def _single(value: object, operator: RuleOperator, attribute: Attribute) -> Single:
    if value is None or value == "":
        raise BadValueError("value_missing", "Enter a value, or use “is set” or “is not set”.")
    return _READERS[attribute.type](value, operator, attribute)


def _text(value: object, operator: RuleOperator, attribute: Attribute) -> str:
    if not isinstance(value, str):
        raise BadValueError("value_type", f"{attribute.name} is text: enter a text.")
    if len(value) > LONGEST:
        raise BadValueError(
            "value_too_long", f"This has {len(value):,} characters; at most {LONGEST:,} are possible. Shorten it."
        )
    # In a part of a text, a blank at its edge is the edge of a word, and meant.
    value = tidy(value) if operator in _WHOLE or attribute.type is AttributeType.MEMBERSHIP else composed(value)
    if not is_showable(value):
        raise BadValueError("value_characters", "This holds a character that no directory can hold. Remove it.")
    if operator in _EXPRESSIONS:
        try:
            searcher(value)
        except BadExpressionError as bad:
            raise BadValueError(
                "expression_invalid", f"This is not a regular expression that can be used: {bad}."
            ) from bad
    elif not folded(value):
        raise BadValueError("value_missing", "Enter a value, or use “is set” or “is not set”.")
    if operator in _WHOLE and attribute.choices:
        return _choice(value, attribute)
    return value


def _choice(value: str, attribute: Attribute) -> str:
    for choice in attribute.choices:
        if folded(choice) == folded(value):
            return choice
    raise BadValueError("value_choice", f"{attribute.name} is one of {', '.join(attribute.choices)}. Choose one.")


def _membership(value: object, operator: RuleOperator, attribute: Attribute) -> str:
    if isinstance(value, str) and not folded(value):
        raise BadValueError("value_missing", "Enter the name, the address or the id of a group.")
    return _text(value, operator, attribute)


def _boolean(value: object, _: RuleOperator, attribute: Attribute) -> bool:
    if isinstance(value, str):
        value = _BOOLEANS.get(value.strip().lower())
    if not isinstance(value, bool):
        raise BadValueError("value_type", f"{attribute.name} is true or false: enter true or false.")
    return value


def _number(value: object, _: RuleOperator, attribute: Attribute) -> int | float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = int(value) if value.strip().lstrip("+-").isdigit() else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValueError("value_type", f"{attribute.name} is a number: enter a number such as 12 or 0.5.")
    if not math.isfinite(value) if isinstance(value, float) else False:
        raise BadValueError("value_type", f"{attribute.name} is a number: enter a number such as 12 or 0.5.")
    if abs(value) > LARGEST:
        raise BadValueError("value_too_large", f"The largest number possible is {LARGEST:,}. Enter a smaller one.")
    return value


def _time(value: object, _: RuleOperator, attribute: Attribute) -> datetime:
    problem = BadValueError(
        "value_type", f"{attribute.name} is a time: enter a date such as 2026-01-31, or 2026-01-31T08:00:00Z."
    )
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise problem from None
    if not isinstance(value, datetime):
        raise problem
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise problem from None


_READERS: Final[Mapping[AttributeType, Callable[[object, RuleOperator, Attribute], Single]]] = {
    AttributeType.TEXT: _text,
    AttributeType.TEXTS: _text,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.NUMBER: _number,
    AttributeType.TIME: _time,
    AttributeType.MEMBERSHIP: _membership,
}
