"""Ends a session that was not used, is old, or was ended elsewhere: the next click asks to sign in."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from mailroll.accounts import visits
from mailroll.accounts.models import Operator


def living_session(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        who = request.user
        if isinstance(who, Operator) and not visits.is_alive(request, who):
            logout(request)
            messages.info(request, "Your session has ended. Sign in again.")
        return get_response(request)

    return respond
