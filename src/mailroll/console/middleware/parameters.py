"""Refuses what is no value in any field: what neither UTF-8 nor PostgreSQL can hold, and what is absurdly long."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse, QueryDict

from mailroll.console import parameters
from mailroll.console.errors import unreadable
from mailroll.reconcile.text import is_storable


def sane(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        return get_response(request) if _is_sane(request) else unreadable(request)

    return respond


def _is_sane(request: HttpRequest) -> bool:
    # What a form holds is bounded by the size of its body; each page says how long its own fields may be.
    return (
        parameters.is_path(request.path)
        and all(parameters.is_name(name) for name in (*request.GET, *request.POST, *request.FILES))
        and all(parameters.is_value(value) for value in _values(request.GET))
        and all(is_storable(value) for value in _values(request.POST))
        and all(is_storable(file.name or "") for _, files in request.FILES.lists() for file in files)
    )


def _values(query: QueryDict) -> Iterable[str]:
    return (str(value) for _, values in query.lists() for value in values)
