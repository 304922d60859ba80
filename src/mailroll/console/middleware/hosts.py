"""A host name that is not ours gets a page that names the right address."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from mailroll.accounts import installation

MISDIRECTED = 421


def known_host(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            # Without the request: its context would ask for the host again.
            page = render_to_string("console/errors/host.html", {"url": installation.settings().console_url})
            return HttpResponse(page, status=MISDIRECTED)
        return get_response(request)

    return respond
