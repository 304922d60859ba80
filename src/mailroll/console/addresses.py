"""Addresses of pages by their names, as Django's `reverse` gives them; a list has hundreds of a few patterns."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.http import RFC3986_SUBDELIMS

_SAFE: Final = f"{RFC3986_SUBDELIMS}/~:@"
"""What Django leaves as it is in an address."""
_STAND_INS: Final[Mapping[type, Callable[[int], object]]] = {
    str: "value-{}".format,
    UUID: lambda place: UUID(int=place),
    int: lambda place: 10**11 + place,
}
"""What stands for a value of each kind while the pattern is looked for: no pattern has the like."""


def address(name: str, *values: object) -> str:
    """Return the address of a page. Raises NoReverseMatch where no page is called so, or takes no such values."""
    kinds = tuple(map(type, values))
    # A part of an address has no slash and no sign, and is never empty: Django says so of what is none.
    is_plain = _STAND_INS.keys() >= {*kinds} and not any(_is_odd(value) for value in values)
    pattern = _pattern(name, kinds) if is_plain else None
    if pattern is None:
        return reverse(name, args=values)
    return pattern.format(*(quote(str(value), safe=_SAFE) for value in values))


def _is_odd(value: object) -> bool:
    return (isinstance(value, str) and (not value or "/" in value)) or (isinstance(value, int) and value < 0)


@cache
def _pattern(name: str, kinds: tuple[type, ...]) -> str | None:
    """Look for the pattern of a page once, with a place for each value; None where not every such value fits."""
    stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]
    try:
        pattern = reverse(name, args=stand_ins)
    except NoReverseMatch:  # as of an id that is given as text
        return None
    for stand_in in stand_ins:
        pattern = pattern.replace(str(stand_in), "{}", 1)
    return pattern
