"""Home, adding a domain, and the choice of light or dark."""

import os

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access, installation
from mailroll.accounts.models import Operator, Role
from mailroll.connections import new_domains
from mailroll.console import parameters, scope
from mailroll.console.explanation import ShownFaults
from mailroll.console.home.forms import AddDomain, Search, ThemeForm, WantedDomain
from mailroll.console.home.page import compose
from mailroll.console.shell import THEMES
from mailroll.directory.models import Domain, Organization
from mailroll.insight import domain_totals
from mailroll.insight.doctor import disk
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Condition, Diagnosis

_YEAR = 365 * 24 * 60 * 60


@scope.signed_in
@scope.asking_once
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    operator, now = scope.operator(request), scope.now(request)
    # What cannot be read, such as a zero byte, is nothing that is looked for.
    search = Search(request.GET)
    chip = search.cleaned_data.get("show", "")
    page = compose(domain_totals.seen_by(operator), now, query=search.text, chip=chip, number=search.number)
    may_add = scope.administers(request)
    if page.totals.domains:
        context = {"page": page, "may_add": may_add, "now": now, "disk": _disk(operator)}
        return render(request, "console/home/home.html", context)
    empty_context = {"has_role": access.anywhere(operator, Role.VIEWER), "anything": Organization.objects.exists()}
    return render(request, "console/home/empty.html", {"may_add": may_add, **empty_context})


def _disk(operator: Operator) -> Diagnosis | None:
    """Say to whoever can see to it that the disk has no room: nothing else can, as no run and no alert is written."""
    diagnosis = disk.examine(Circumstances(installation.settings(), os.environ))
    return diagnosis if diagnosis.condition is Condition.FAILS and access.administers_all(operator) else None


@scope.signed_in
@scope.asking_once
@require_http_methods(["GET", "POST"])
def domain_add(request: HttpRequest) -> HttpResponseBase:
    """One field; and the organization, for those who keep several and come from the page of none of them."""
    if not scope.administers(request):
        raise PermissionDenied
    organizations = access.reach(scope.operator(request), Role.ADMINISTRATOR).order_by("name", "id")
    wanted_domain = WantedDomain(request.GET)
    if not wanted_domain.is_valid():
        raise Http404
    place = None
    if wanted_domain.cleaned_data["organization"]:
        place = get_object_or_404(organizations, id=wanted_domain.cleaned_data["organization"])
    submission = request.POST if request.method == "POST" else None
    form = AddDomain(
        submission, organizations=organizations, place=place, initial={"name": wanted_domain.cleaned_data["name"]}
    )
    if form.is_valid():
        with ShownFaults(form, "name"):
            domain = new_domains.add_domain(
                form.organization, form.cleaned_data["name"], scope.operator(request), scope.acting(request)
            )
            onwards = "prove that it is yours" if domain.proved_at is None else "add a source"
            messages.success(request, f"{domain.name} was added. Next, {onwards}.")
            return redirect("console:domain", domain=domain.path)
    status = 422 if form.errors else 200
    context = {"form": form, "place": place, "vouches": _vouches(scope.operator(request), place)}
    return render(request, "console/home/domain_add.html", context, status=status)


def _vouches(operator: Operator, place: Organization | None) -> bool:
    """Whether what is added here is proved at once, whichever organization is chosen."""
    return access.stands_on_top(operator, place) if place else access.stands_on_top_of_all(operator)


@scope.on_domain(access.may_view)
@require_GET
def domain(request: HttpRequest, domain: Domain) -> HttpResponseBase:  # noqa: ARG001 - a view
    """Lead to the tab that people come for."""
    return redirect("console:user-sync", domain.path)


@scope.public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie: it belongs to the screen in front of the person, not to the person."""
    fields = parameters.read(ThemeForm(request.POST))
    theme_name, back = fields.get("theme", ""), fields.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # Not `redirect`, which takes a word for the name of a page.
    response = HttpResponseRedirect(back if safe and back.startswith("/") else "/")
    if theme_name in THEMES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME, theme_name, max_age=_YEAR, samesite="Lax", httponly=True, secure=settings.SECURE
        )
    else:
        response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
    return response
