"""Which organizations one settles, and one of them: name, help, second factor, people, customers, domains."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access, demands, support
from mailroll.accounts.models import Membership, Role
from mailroll.console import parameters, scope
from mailroll.console.settings import organization_table
from mailroll.console.settings.forms import OrganizationForm
from mailroll.customers import additions
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.insight import acts
from mailroll.reconcile.errors import MailrollError

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
    who = scope.operator(request)
    places = access.reach(who, Role.ADMINISTRATOR)
    few = list(places[:2])
    if not few and not access.anywhere(who, Role.VIEWER):
        raise Http404
    if not few:
        raise PermissionDenied
    if len(few) == 1:
        return redirect("console:organization", organization=few[0].id)
    table = organization_table.compose(places, organization_table.PlaceSearch(request.GET))
    return render(
        request, "console/settings/settings.html", {"table": table, "administers_all": access.administers_all(who)}
    )


@scope.on_organization(access.may_settle)
@require_http_methods(["GET", "POST"])
def organization(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    kept = {name: getattr(organization, name) for name in ("name", "help_url", "ticket_url")}
    form = OrganizationForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            support.settle(organization, scope.acting(request), **form.cleaned_data)
        except edit.Malformed as problem:
            for one in problem.problems:
                form.add_error(one.field, one.message)
        else:
            messages.success(request, "Saved.")
            return redirect("console:organization", organization=organization.id)
        organization.refresh_from_db()
    return _page(request, organization, form)


@scope.on_organization(access.may_settle)
@require_POST
def add_customer(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    try:
        made = additions.add_customer(
            organization, parameters.text(request.POST, "name"), scope.operator(request), scope.acting(request)
        )
    except MailrollError as problem:
        messages.error(request, str(problem))
        return redirect("console:organization", organization=organization.id)
    messages.success(request, f"{made.name} was added below {organization.name}.")
    return redirect("console:organization", organization=made.id)


def _page(request: HttpRequest, place: Organization, form: OrganizationForm) -> HttpResponse:
    shown, level = support.support_for(place), demands.demand_on(place).level
    customers = list(_with_domains(place.children.order_by("name", "id"))[: _CUSTOMERS + 1])
    domains = place.domains.order_by("name").select_related("census")
    page = Paginator(domains, _DOMAINS).get_page(parameters.page_number(request))
    context = {
        "place": place,
        "administers_all": place.parent_id is None and access.administers_all(scope.operator(request)),
        "may_erase": access.may_erase(scope.operator(request), place),
        "form": form,
        "support": shown,
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
