"""Regular expressions that people write: RE2, so that no expression takes more than time and memory allow."""

from collections.abc import Callable
from typing import Final

import re2

MEMORY: Final = 1 << 20
"""What one expression may take, in bytes; a larger one is refused when it is written."""


class BadExpressionError(ValueError):
    """Not an expression, in RE2's own words."""


def searcher(expression: str) -> Callable[[str], bool]:
    """Return the test whether a text has the expression anywhere in it, in letters of either case.

    A text with halves of characters is searched with a question mark for each: it may come from outside, and no text
    stops a run.
    """
    options = re2.Options()
    options.max_mem = MEMORY
    options.never_capture = True
    options.log_errors = False
    options.case_sensitive = False
    try:
        compiled = re2.compile(expression, options)
    except re2.error as error:
        # The binding hands the reason over as bytes.
        reason = error.args[0]
        raise BadExpressionError(reason.decode(errors="replace") if isinstance(reason, bytes) else reason) from error

    # As bytes: the binding would count the characters of each hit.
    return lambda text: compiled.search(text.encode(errors="replace")) is not None
