"""Pages for what went wrong. 403 and 404 are one page, so that nothing shows what exists.

They ask nothing of the session or the database: Django makes them in a thread whose connections nobody closes.
"""

import secrets
import sys
from collections.abc import Callable
from time import monotonic
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from mailroll import events
from mailroll.console.shell import chosen_theme
from mailroll.schema.outage import outage

_log = events.logger(__name__)


class OutageNotes:
    """Notes in the log that pages are not made because of the database: a line in a while, however many ask."""

    EVERY: Final = 60.0
    """Seconds between two lines."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next, self._pages = float("-inf"), 0

    def note(self, fault: BaseException) -> None:
        self._pages += 1
        now = self._clock()
        if now >= self._next:
            _log.error("console_without_database", pages=self._pages, exc_info=fault)
            self._next, self._pages = now + self.EVERY, 0


_outages: Final = OutageNotes()


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "not_here", 403 if isinstance(exception, PermissionDenied) else 404)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - called by name
    return _page(request, "unreadable", 400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - called by name
    """Answer a form that did not come from a page of ours, or from one that is too old."""
    return _page(request, "forged", 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer with a number that leads to the line in the log; where the database is away, that is what is said."""
    fault = sys.exception()
    if fault is not None and (away := outage(fault)) is not None:
        _outages.note(fault)
        return _page(request, "database", 503, code=away.code, message=away.message)
    number = secrets.token_hex(4)
    match = request.resolver_match
    # The address itself may open something, so it is not written down.
    _log.error("console_broken", number=number, route="" if match is None else match.route)
    return _page(request, "broken", 500, number=number)


def unopened(request: HttpRequest, code: str) -> HttpResponse:
    """Answer where a stored secret does not open. It stays so until somebody gives its key back, or takes it away."""
    return _page(request, "unopened", 503, code=code)


def _page(request: HttpRequest, name: str, status: int, **context: object) -> HttpResponse:
    page = render_to_string(f"console/errors/{name}.html", {"theme": chosen_theme(request), **context})
    return HttpResponse(page, status=status)
