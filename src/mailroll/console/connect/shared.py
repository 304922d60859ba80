"""A connection that is there already, used by one more source: the second domain of a tenant needs no new consent."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from mailroll.accounts import access
from mailroll.connections import share, sources
from mailroll.connections.models import Source
from mailroll.console import scope
from mailroll.console.connect.forms import ConnectionChoice
from mailroll.console.explanation import tell_error
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput, MailrollError


@scope.on_source(access.may_connect, unproved=True)
@scope.confirmed
@require_POST
def use(request: HttpRequest, source: Source) -> HttpResponse:
    return _used(request, source)


@scope.on_domain(access.may_connect, unproved=True)
@scope.confirmed
@require_POST
def add(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Add a source and have it use the connection, at one click."""
    try:
        connection = share.find(domain, _connection(request), scope.operator(request))
    except BadInput as unknown:
        tell_error(request, unknown)
        return redirect("console:source-add", domain.path)
    return _used(request, sources.choose(domain, connection.kind, scope.acting(request)))


def _used(request: HttpRequest, source: Source) -> HttpResponse:
    try:
        share.use(source, _connection(request), scope.operator(request), scope.acting(request))
    except MailrollError as error:
        tell_error(request, error)
    return redirect("console:source", source.domain.path, source.owner_id)


def _connection(request: HttpRequest) -> UUID:
    """Return what was chosen; what is no id is nobody's."""
    form = ConnectionChoice(request.POST)
    chosen = form.cleaned_data["connection"] if form.is_valid() else None
    return chosen if isinstance(chosen, UUID) else UUID(int=0)
