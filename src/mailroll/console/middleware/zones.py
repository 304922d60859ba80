"""Shows times in the zone of the person who reads them."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mailroll.accounts.models import Operator

_KNOWN = frozenset(available_timezones())


def local_time(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        who = request.user
        # What a person chose goes before what their browser says.
        chosen = who.time_zone if isinstance(who, Operator) else ""
        # Set by a script of ours from the browser's own zone; without script times are in UTC.
        name = chosen or request.COOKIES.get(settings.ZONE_COOKIE_NAME, "")
        zone = ZoneInfo(name if name in _KNOWN else "UTC")
        with timezone.override(zone):
            return get_response(request)

    return respond
