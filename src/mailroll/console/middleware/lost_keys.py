"""A stored secret that does not open, since its key was lost, gets a page that says so: at the sign-in above all."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mailroll import events
from mailroll.console.errors import unopened
from mailroll.sealing import SealingError

_log = events.logger(__name__)


class UnopenedSecrets:
    """Answers what a view could not open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
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
