"""Home, and the choice of light or dark."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.shell import THEME_COOKIE, THEMES
from mailroll.directory.models import Domain

_YEAR = 365 * 24 * 60 * 60


@scope.signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    found = access.domains(scope.operator(request)).select_related("organization").order_by("name")
    return render(request, "console/home/home.html", {"domains": found})


@scope.on_domain(access.may_view)
@require_GET
def domain(request: HttpRequest, found: Domain) -> HttpResponseBase:
    """Lead to the first tab."""
    try:
        return redirect(reverse("console:user-sync", args=[found.name]))
    except NoReverseMatch:
        return render(request, "console/domain.html", {"domain": found})


@scope.public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie: it belongs to the screen in front of the person, not to the person."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
