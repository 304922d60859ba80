"""The Gateway tab, and what is changed on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.gateway import check as checking
from mailroll.console.gateway.showing import show
from mailroll.directory import edit
from mailroll.directory.models import Domain, Serving
from mailroll.reconcile.errors import MailrollError


@scope.on_domain(access.may_view)
@require_GET
def tab(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    return show(request, domain)


@scope.on_domain(access.may_set_up)
@require_POST
def check(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    return show(request, domain, check=checking.check(domain, scope.acting(request)))


@scope.on_domain(access.may_connect)
@require_POST
def serving(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    try:
        wanted = edit.Way(
            Serving(request.POST.get("serving", "")),
            plus_tags="plus_tags" in request.POST,
            stale_hours=int(request.POST.get("stale_hours", "")),
        )
    except ValueError:
        return show(request, domain, fault="Choose how gateways are served, and give a whole number of hours.")
    try:
        edit.set_serving(domain, wanted, scope.acting(request))
    except MailrollError as problem:
        return show(request, domain, fault=f"{problem.message} {problem.help}")
    messages.success(request, "Saved. Gateways that ask Mailroll itself follow at once; files with their next export.")
    return redirect("console:gateway", domain.name)


@scope.on_domain(access.may_release)
@require_POST
def pause(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    try:
        edit.pause_removals(domain, request.POST.get("reason", ""), scope.acting(request))
    except MailrollError as problem:
        return show(request, domain, pause_fault=f"{problem.message} {problem.help}")
    messages.success(request, f"Removals of {domain.name} are paused. People are added as before.")
    return redirect("console:gateway", domain.name)


@scope.on_domain(access.may_release)
@require_POST
def resume(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    if edit.resume_removals(domain, scope.acting(request)):
        messages.success(request, f"Removals of {domain.name} go on with the next run.")
    return redirect("console:gateway", domain.name)
