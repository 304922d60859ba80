"""Sessions: none of strangers without end, and none that was not used, is old, or was ended elsewhere."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Final

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from mailroll.accounts import throttle, visits
from mailroll.accounts.models import Operator


class Beginnings:
    """How many sessions a network may begin before somebody signs in: `most` at once, and then one a second.

    In memory, as what is counted in the database would be a row too; each process counts for itself.
    """

    NETWORKS: Final = 10_000

    def __init__(self, most: int = 300, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._clock = most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, network: str) -> bool:
        now = self._clock()
        with self._lock:
            credit, at = self._left.pop(network, (float(self._most), now))
            credit = min(credit + now - at, self._most)
            self._left[network] = (credit - 1 if credit >= 1 else credit, now)
            if len(self._left) > self.NETWORKS:
                self._left.popitem(last=False)
        return credit >= 1


class BoundedSessions(SessionMiddleware):
    """Keeps no session that a stranger begins where their network has begun too many: each is a row for hours."""

    beginnings = Beginnings()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # Django stores no session then. Where the database is away, to ask for it would fail a second time.
            return response
        session = request.session
        # Whoever waits for the second step has typed the right password.
        is_known = SESSION_KEY in session or LOGIN_SESSION_KEY in session
        if session.session_key is None and session.modified and not is_known:
            session.modified = self.beginnings.take(throttle.network(request.META.get("REMOTE_ADDR") or ""))
        return super().process_response(request, response)


def living_session(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """End a session that was not used, is old, or was ended elsewhere: the next click asks to sign in."""

    def respond(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, Operator) and not visits.is_alive(request, user):
            logout(request)
            messages.info(request, "Your session has ended. Sign in again.")
        return get_response(request)

    return respond
