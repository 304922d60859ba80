"""Organizations: which one settles, one of them with its Activity, and how it is taken out, erased or removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access, demands, support, trail
from mailroll.accounts.models import Membership, Role
from mailroll.audit import clock
from mailroll.connections import removal
from mailroll.console import parameters, scope, stream
from mailroll.console.explanation import ShownFaults, ToldFaults
from mailroll.console.settings import organization_table
from mailroll.console.settings.forms import ErasureForm, OlderForm, OrganizationForm
from mailroll.customers import additions, archive, erasure
from mailroll.directory import tree
from mailroll.directory.models import Domain, Organization
from mailroll.insight import acts
from mailroll.insight.doctor.diagnosis import spell

_CUSTOMERS = 10
"""Customers that the page of their provider names; the list of organizations has them all."""
_DOMAINS = 50
"""Domains on one page of their organization."""
_LINES = 3
"""Lines of its Activity that the page of an organization shows."""


@scope.signed_in
@scope.asking_once
@require_GET
def settings(request: HttpRequest) -> HttpResponseBase:
    """List the organizations that one administers; whoever administers one is taken there."""
    operator = scope.operator(request)
    places = access.reach(operator, Role.ADMINISTRATOR)
    few = list(places[:2])
    if not few and not access.anywhere(operator, Role.VIEWER):
        raise Http404
    if not few:
        raise PermissionDenied
    if len(few) == 1:
        return redirect("console:organization", organization=few[0].id)
    table = organization_table.compose(places, organization_table.PlaceSearch(request.GET))
    return render(
        request, "console/settings/settings.html", {"table": table, "administers_all": access.administers_all(operator)}
    )


@scope.on_organization(access.may_settle)
@require_http_methods(["GET", "POST"])
def organization(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    stored_fields = {name: getattr(organization, name) for name in ("name", "help_url", "ticket_url")}
    form = OrganizationForm(request.POST if request.method == "POST" else None, initial=stored_fields)
    if form.is_valid():
        with ShownFaults(form):
            support.settle(organization, scope.acting(request), **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("console:organization", organization=organization.id)
        organization.refresh_from_db()
    return _page(request, organization, form)


@scope.on_organization(access.may_settle)
@require_POST
def add_customer(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    with ToldFaults(request):
        customer = additions.add_customer(
            organization, parameters.text(request.POST, "name"), scope.operator(request), scope.acting(request)
        )
        messages.success(request, f"{customer.name} was added below {organization.name}.")
        return redirect("console:organization", organization=customer.id)
    return redirect("console:organization", organization=organization.id)


@scope.on_organization(access.may_audit)
@require_GET
def activity(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Show what could do harm there, whoever did it."""
    before = parameters.read(OlderForm(request.GET)).get("before")
    page = acts.page(organization, scope.operator(request), before)
    context = {"place": organization, "shown": page, "later": before is not None}
    return render(request, "console/settings/activity.html", context)


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    """Give everything of an organization as a file, after asking."""
    if request.method == "POST":
        archive.note_export(organization, scope.acting(request))
        audience = trail.Audience(scope.operator(request))
        name = f"{slugify(organization.name) or 'organization'}-{timezone.now():%Y%m%d-%H%M}.zip"
        return stream.as_archive(request, archive.pieces(organization, audience, clock.now()), name)
    below = tree.below(organization)
    context = {
        "place": organization,
        "below": below.count() - 1,
        "domains": Domain.objects.filter(organization__in=below.values("id")).count(),
    }
    return render(request, "console/settings/organization_export.html", context)


@scope.on_organization(access.may_erase)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    """Erase an organization with all that is kept of it, for its provider, after asking."""
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        fields = form.cleaned_data
        with ShownFaults(form, "name"):
            counts = erasure.erase(
                organization, fields["name"], scope.acting(request), although_served=fields["although_served"]
            )
            users, runs = spell(counts.users, "user", "users"), spell(counts.runs, "run", "runs")
            messages.success(request, f"{organization.name} was erased, with {users} and {runs}.")
            return redirect("console:settings")
    context = {
        "place": organization,
        "below": tree.below(organization).count() - 1,
        "served": erasure.served(organization).order_by("name"),
        "form": form,
    }
    return render(request, "console/settings/organization_erase.html", context, status=422 if form.errors else 200)


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    """Remove an empty organization, after asking."""
    if request.method == "POST":
        with ToldFaults(request):
            removal.remove_organization(organization, scope.acting(request))
            messages.success(request, f"{organization.name} was removed.")
            return redirect("console:settings")
        return redirect("console:organization", organization=organization.id)
    empty = not organization.domains.exists() and not organization.children.exists()
    context = {"place": organization, "empty": empty, "connections": organization.connections.count()}
    return render(request, "console/settings/organization_remove.html", context)


def _page(request: HttpRequest, place: Organization, form: OrganizationForm) -> HttpResponse:
    support_contact, level = support.support_for(place), demands.demand_on(place).level
    customers = list(_with_domains(place.children.order_by("name", "id"))[: _CUSTOMERS + 1])
    domains = place.domains.order_by("name").select_related("census")
    page = Paginator(domains, _DOMAINS).get_page(parameters.page_number(request))
    context = {
        "place": place,
        "administers_all": place.parent_id is None and access.administers_all(scope.operator(request)),
        "may_erase": access.may_erase(scope.operator(request), place),
        "form": form,
        "support": support_contact,
        "demand": level,
        "demanded_of": demands.words(level),
        "activity": acts.page(place, scope.operator(request), size=_LINES).lines,
        "people": Membership.objects.filter(organization=place).count(),
        "customers": customers[:_CUSTOMERS],
        "customer_count": place.children.count() if len(customers) > _CUSTOMERS else len(customers),
        "page": page,
    }
    return render(request, "console/settings/organization.html", context, status=422 if form.errors else 200)


def _with_domains(places: "QuerySet[Organization]") -> "QuerySet[Organization]":
    """Count the domains of each that is shown, and of no other."""
    domains = Domain.objects.filter(organization=OuterRef("id")).order_by().values("organization")
    return places.annotate(domain_count=Coalesce(Subquery(domains.annotate(number=Count("id")).values("number")), 0))
