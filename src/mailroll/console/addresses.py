"""Addresses of pages by their names, as Django's `reverse` gives them; a list has hundreds of a few patterns."""

from functools import cache
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.urls import get_script_prefix, reverse
from django.utils.http import RFC3986_SUBDELIMS

_SAFE: Final = f"{RFC3986_SUBDELIMS}/~:@"
"""What Django leaves as it is in an address."""
_KINDS: Final = frozenset({str, UUID})


def address(name: str, *values: object) -> str:
    """Return the address of a page. Raises NoReverseMatch where no page is called so, or takes no such values."""
    kinds = tuple(map(type, values))
    # A part of an address has no slash, and is never empty: Django says so of what is none.
    if not _KINDS.issuperset(kinds) or any(not value or "/" in value for value in values if isinstance(value, str)):
        return reverse(name, args=values)
    pattern = _pattern(get_script_prefix(), name, kinds)
    return pattern.format(*(quote(str(value), safe=_SAFE) for value in values))


@cache
def _pattern(prefix: str, name: str, kinds: tuple[type, ...]) -> str:  # noqa: ARG001 - Django puts the prefix before it
    """Look for the pattern of a page once, with a place for each value."""
    stand_ins = [UUID(int=place) if kind is UUID else f"value-{place}" for place, kind in enumerate(kinds)]
    pattern = reverse(name, args=stand_ins)
    for stand_in in stand_ins:
        pattern = pattern.replace(str(stand_in), "{}", 1)
    return pattern
