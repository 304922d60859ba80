"""Pages for what went wrong. 403 and 404 are one page, so that nothing shows what exists."""

import secrets

import structlog
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

_log = structlog.get_logger()


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    status = 403 if isinstance(exception, PermissionDenied) else 404
    return render(request, "console/errors/not_here.html", status=status)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - called by name
    return render(request, "console/errors/unreadable.html", status=400)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - called by name
    """Answer a form that did not come from a page of ours, or from one that is too old."""
    return render(request, "console/errors/forged.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer with a number that leads to the line in the log; the page asks nothing of the database."""
    number = secrets.token_hex(4)
    match = request.resolver_match
    # The address itself may open something, so it is not written down.
    _log.error("console_broken", number=number, route="" if match is None else match.route)
    return HttpResponse(render_to_string("console/errors/broken.html", {"number": number}), status=500)
