"""Takes a domain or an empty organization away, after asking on a page of its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access
from mailroll.connections import removal, sources
from mailroll.console import parameters, scope
from mailroll.directory import queries
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import MailrollError
from mailroll.sync import removal as sync_removal
from mailroll.sync.models import Run


@scope.on_domain(access.may_connect, unproved=True)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def domain(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = parameters.NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            sync_removal.remove_domain(domain, parameters.text(request.POST, "name"), scope.acting(request))
        except MailrollError as refused:
            form.add_error("name", str(refused))
        else:
            rest = "sources" if domain.proved_at is None else "list, sources and runs"
            messages.success(request, f"{domain.name} was removed with its {rest}.")
            return redirect("console:home")
    context = {
        "domain": domain,
        "counts": queries.counts(domain),
        "sources": len(sources.ordered(domain)),
        "runs": Run.objects.filter(domain=domain).count(),
        "form": form,
        "may_settle": access.may_settle(scope.operator(request), domain.organization),
    }
    return render(request, "console/settings/domain_remove.html", context, status=422 if form.errors else 200)


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def organization(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    if request.method == "POST":
        try:
            removal.remove_organization(organization, scope.acting(request))
        except MailrollError as problem:
            messages.error(request, str(problem))
            return redirect("console:organization", organization=organization.id)
        messages.success(request, f"{organization.name} was removed.")
        return redirect("console:settings")
    empty = not organization.domains.exists() and not organization.children.exists()
    context = {"place": organization, "empty": empty, "connections": organization.connections.count()}
    return render(request, "console/settings/organization_remove.html", context)
