"""Says where a request came from, for whatever is noted while it is answered.

The address is the one that the server found: behind a proxy that is trusted, the one that the proxy names.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from mailroll.audit import origin


def known_origin(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def respond(request: HttpRequest) -> HttpResponseBase:
        came = origin.Origin.read(request.META.get("REMOTE_ADDR") or "", request.headers.get("User-Agent", ""))
        with origin.within(came):
            return get_response(request)

    return respond
