"""How the installation itself is: the checks of `mailroll doctor`, for who administers all of it."""

import os
from collections import Counter
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailroll.accounts import access
from mailroll.accounts import installation as own
from mailroll.alerts.channels import storage
from mailroll.audit import clock
from mailroll.console import scope
from mailroll.insight.doctor import examination
from mailroll.insight.doctor.circumstances import AdminRequest, Circumstances
from mailroll.insight.doctor.diagnosis import Condition

MARKS: Final = {
    Condition.GOOD: ("ok", "Good"),
    Condition.WARNS: ("attention", "Warns"),
    Condition.FAILS: ("failed", "Fails"),
    Condition.UNASKED: ("info", "Could not ask"),
}
_COUNTED: Final = {
    Condition.FAILS: ("fails", "fail"),
    Condition.WARNS: ("warns", "warn"),
    Condition.UNASKED: ("could not ask", "could not ask"),
    Condition.GOOD: ("is good", "are good"),
}
_NAMED: Final = 20
"""Addresses of X-Forwarded-For that are looked at."""


@scope.signed_in
@require_GET
def installation(request: HttpRequest) -> HttpResponse:
    if not access.administers_all(scope.operator(request)):
        raise PermissionDenied
    circumstances = Circumstances(own.settings(), os.environ, brought=brought(request), sealed=storage.sealed_rows())
    examined = examination.examine(circumstances)
    numbers = Counter(check.diagnosis.condition for check in examined)
    counted = [
        f"{numbers[condition]} {words[numbers[condition] > 1]}"
        for condition, words in _COUNTED.items()
        if numbers[condition]
    ]
    context = {
        "at": clock.now(),
        "summary": ", ".join(counted),
        "rows": [(check, *MARKS[check.diagnosis.condition]) for check in examined],
    }
    return render(request, "console/settings/installation.html", context)


def brought(request: HttpRequest) -> AdminRequest:
    """Keep of a request what tells how people reach the Console."""
    forwarded_addresses = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return AdminRequest(
        host=request.get_host(),
        secure=request.is_secure(),
        peer=request.META.get("REMOTE_ADDR") or "",
        named=tuple(part for part in forwarded_addresses if part)[-_NAMED:],
        as_https=request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https",
    )
