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
from mailroll.sync.schedules import resumption


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
    operator = scope.operator(request)
    # Upwards from the one: not down to everything that who asks may see.
    row = Connection.objects.select_related("organization").filter(id=connection).first()
    if row is None or not access.may_view(operator, row.organization):
        raise Http404
    look = connection_view.view_connection(row, operator, scope.now(request))
    may_run = access.may_run(operator, row.organization)
    may_connect = access.may_connect(operator, row.organization)
    form = ConnectionPage(request.POST)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["hybrid"]:
        if not may_connect:
            raise PermissionDenied
        connections.set_hybrid(row, scope.acting(request), on=form.cleaned_data["hybrid"] == "yes")
        return redirect("console:connection", connection)
    if request.method == "POST" and may_run and look.users:
        with ToldFaults(request):
            resumption.check(row, look.users[0].domain, scope.acting(request), access.domains(operator))
        return redirect("console:connection", connection)
    context = {
        "seen": look,
        "verified": connection_view.verified(row, None, operator),
        "notices": notices.notices_of(row),
        "may_run": may_run,
        "may_connect": may_connect,
    }
    return render(request, "console/connect/connection.html", context)
