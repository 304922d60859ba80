"""What is known of a property of an object: its value, or that it is not known."""

from datetime import datetime
from enum import Enum
from typing import Final, Literal


class _Unset(Enum):
    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Final = _Unset.UNSET
"""Not known. Different from None and from empty: what is not known changes nothing."""
Unset = Literal[_Unset.UNSET]

Value = str | bool | int | float | datetime | tuple[str, ...] | frozenset[str] | None
