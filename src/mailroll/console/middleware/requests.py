"""What every request goes through: refused where it makes no sense, known by where it came from, shown in its zone."""

import re
from collections.abc import Callable, Iterable
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from mailroll import events
from mailroll.accounts import installation
from mailroll.accounts.models import Operator
from mailroll.audit import origin
from mailroll.console.errors import unopened, unreadable
from mailroll.reconcile.text import is_storable
from mailroll.sealing import SealingError

MISDIRECTED: Final = 421
_PATH_MAX: Final = 1024
_NAME_MAX: Final = 100
_VALUE_MAX: Final = 8192
"""Of one parameter in an address: an authorization code of Microsoft's has some 2,000 signs."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_ZONES: Final = frozenset(available_timezones())

_log = events.logger(__name__)

Respond = Callable[[HttpRequest], HttpResponse]


def known_host(get_response: Respond) -> Respond:
    """Answer under a host name that is not ours with a page that names the right address."""

    def respond(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            # Without the request: its context would ask for the host again.
            page = render_to_string("console/errors/host.html", {"url": installation.settings().console_url})
            return HttpResponse(page, status=MISDIRECTED)
        return get_response(request)

    return respond


def sane(get_response: Respond) -> Respond:
    """Refuse what is no value in any field: what neither UTF-8 nor PostgreSQL can hold, and what is absurdly long."""

    def respond(request: HttpRequest) -> HttpResponse:
        return get_response(request) if _is_sane(request) else unreadable(request)

    return respond


def _is_sane(request: HttpRequest) -> bool:
    # What a form holds is bounded by the size of its body; each page says how long its own fields may be.
    return (
        _is_word(request.path, _PATH_MAX)
        and all(_is_word(name, _NAME_MAX) for name in (*request.GET, *request.POST, *request.FILES))
        and all(len(value) <= _VALUE_MAX and is_storable(value) for value in _values(request.GET))
        and all(is_storable(value) for value in _values(request.POST))
        and all(is_storable(file.name or "") for _, files in request.FILES.lists() for file in files)
    )


def _is_word(text: str, most: int) -> bool:
    return len(text) <= most and is_storable(text) and _CONTROL.search(text) is None


def _values(query: QueryDict) -> Iterable[str]:
    return (str(value) for _, values in query.lists() for value in values)


def known_origin(get_response: Respond) -> Respond:
    """Say where a request came from, for whatever is noted while it is answered.

    The address is the one that the server found: behind a proxy that is trusted, the one that the proxy names.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        request_origin = origin.Origin.read(
            request.META.get("REMOTE_ADDR") or "", request.headers.get("User-Agent", "")
        )
        with origin.within(request_origin):
            return get_response(request)

    return respond


def local_time(get_response: Respond) -> Respond:
    """Show times in the zone of the person who reads them."""

    def respond(request: HttpRequest) -> HttpResponse:
        user = request.user
        # What a person chose goes before what their browser says.
        operator_zone = user.time_zone if isinstance(user, Operator) else ""
        # Set by a script of ours from the browser's own zone; without script times are in UTC.
        name = operator_zone or request.COOKIES.get(settings.ZONE_COOKIE_NAME, "")
        with timezone.override(ZoneInfo(name if name in _ZONES else "UTC")):
            return get_response(request)

    return respond


class UnopenedSecrets:
    """Answers where a view could not open a stored secret, since its key was lost: at the sign-in above all."""

    def __init__(self, get_response: Respond) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    @staticmethod
    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SealingError):
            return None
        match = request.resolver_match
        # What it says may name files, which are for whoever runs the Console; the secret is in none of it.
        _log.error("secret_unopened", code=exception.code, problem=str(exception), route=match.route if match else "")
        return unopened(request, exception.code)
