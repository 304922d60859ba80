"""Shows text from outside so that it turns no word around that stands beside it: the one place, for every page."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mailroll.reconcile.text import HARMFUL, shown

# What a field holds goes back to us as it is; a browser sets it apart from everything else.
_PARTS = re.compile(r"<(?:input|option|button)\b[^>]*>|<textarea\b.*?</textarea>|" + HARMFUL, re.DOTALL)


def harmless(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            page = response.content.decode(response.charset or "utf-8")
            safe = page if shown(page) == page else _PARTS.sub(_part, page)
            if safe != page:
                response.content = safe
        return response

    return respond


def _part(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("<") else shown(match[0])
