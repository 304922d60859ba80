"""What keeps an operator's own account safe: how they sign in, and where they are signed in."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mailroll.accounts import identities, installation, second_factor, visits
from mailroll.audit import clock
from mailroll.console import scope

# Chrome says that it is Safari, Edge and Opera that they are Chrome: the first of these that is found is the browser.
# https://developer.mozilla.org/en-US/docs/Web/HTTP/Browser_detection_using_the_user_agent
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
# An iPhone says "like Mac OS X", Android that it is Linux.
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_METHODS = {"password": "password", "webauthn": "passkey", "totp": "code", "recovery_codes": "recovery code"}
"""In the order in which they are asked for, by the library's names."""


class Security(IndexView):
    """The page: the library's list of second factors, and every session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        operator, own = scope.operator(self.request), installation.settings()
        current = visits.current_id(self.request)
        return {
            **super().get_context_data(**kwargs),
            "identity": identities.identity_of(operator),
            "demanded": second_factor.demanded(operator),
            "idle": own.session_idle // timedelta(minutes=1),
            "life": own.session_life // timedelta(hours=1),
            "visits": [
                (open_visit, device(open_visit.visit.agent), methods(open_visit.visit.methods))
                for open_visit in visits.listed(operator, current, clock.now())
            ],
        }


@scope.signed_in
@require_POST
def end(request: HttpRequest, visit: UUID) -> HttpResponse:
    operator = scope.operator(request)
    count = visits.end(operator, visit, scope.acting(request))
    messages.success(request, "The session ended." if count else "That session had ended already.")
    return redirect("mfa_index")


@scope.signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    count = visits.end_others(scope.operator(request), visits.current_id(request), scope.acting(request))
    messages.success(request, f"{count} session{'' if count == 1 else 's'} ended.")
    return redirect("mfa_index")


def device(agent: str) -> str:
    """Say what a browser says of itself, in the words people know; “Unknown browser” where it says nothing known."""
    browser = next((name for token, name in _BROWSERS if token in agent), "")
    system = next((name for token, name in _SYSTEMS if re.search(rf"\b{token}", agent)), "")
    if not browser:
        return "Unknown browser"
    return f"{browser} on {system}" if system else browser


def methods(kinds: list[str]) -> str:
    """Say by what somebody signed in: “password and code”."""
    return " and ".join(words for kind, words in _METHODS.items() if kind in kinds)
