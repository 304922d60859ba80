"""What browsers send, read: what is no value at all is told here alone, and so are numbers, times and forms."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.utils.dateparse import parse_datetime

from mailroll.reconcile.text import is_storable

PATH_MAX: Final = 1024
NAME_MAX: Final = 100
VALUE_MAX: Final = 8192
"""Of one parameter in an address: an authorization code of Microsoft's has some 2,000 signs."""
_DIGITS: Final = 12
NUMBER_MAX: Final = 10**_DIGITS - 1
"""Every column takes it."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def is_path(text: str) -> bool:
    return len(text) <= PATH_MAX and is_storable(text) and _CONTROL.search(text) is None


def is_name(text: str) -> bool:
    return len(text) <= NAME_MAX and is_storable(text) and _CONTROL.search(text) is None


def is_value(text: str) -> bool:
    return len(text) <= VALUE_MAX and is_storable(text)


def number(text: str) -> int | None:
    """Return a whole number that every column takes, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def moment(text: str) -> datetime | None:
    """Return a time with its zone that can be counted with in every zone, or None."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and _FIRST <= found <= _LAST else None


def read(form: forms.Form) -> dict[str, Any]:
    """What was sent of a form that shows no faults of its own; what cannot be read is left out."""
    form.is_valid()
    return form.cleaned_data
