"""What is connected: every tenant that the organizations of an operator read, and how each stands."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import access
from mailroll.connections import connections
from mailroll.connections.models import Connection
from mailroll.console import scope
from mailroll.console.connect import connection_view
from mailroll.console.connect.connection_table import compose
from mailroll.console.connect.forms import ConnectionPage, SearchConnections
from mailroll.console.explanation import ToldFaults
from mailroll.insight import notices
from mailroll.sync import resumption


@scope.signed_in
@scope.asking_once
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    form = SearchConnections(request.GET)
    table = compose(scope.operator(request), form, scope.now(request))
    return render(request, "console/connect/connections.html", {"table": table})


@scope.signed_in
@scope.asking_once
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, connection: UUID) -> HttpResponse:
    """Show one connection; a POST has it checked, in the name of one of its domains, or says that it is hybrid."""
    who = scope.operator(request)
    # Upwards from the one: not down to everything that who asks may see.
    found = Connection.objects.select_related("organization").filter(id=connection).first()
    if found is None or not access.may_view(who, found.organization):
        raise Http404
    look = connection_view.view_connection(found, who, scope.now(request))
    may_run = access.may_run(who, found.organization)
    may_connect = access.may_connect(who, found.organization)
    form = ConnectionPage(request.POST)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["hybrid"]:
        if not may_connect:
            raise PermissionDenied
        connections.set_hybrid(found, scope.acting(request), on=form.cleaned_data["hybrid"] == "yes")
        return redirect("console:connection", connection)
    if request.method == "POST" and may_run and look.users:
        with ToldFaults(request):
            resumption.check(found, look.users[0].domain, scope.acting(request), access.domains(who))
        return redirect("console:connection", connection)
    context = {
        "seen": look,
        "verified": connection_view.verified(found, None, who),
        "notices": notices.notices_of(found),
        "may_run": may_run,
        "may_connect": may_connect,
    }
    return render(request, "console/connect/connection.html", context)
