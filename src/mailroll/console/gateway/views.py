"""The Gateway tab, and what is changed on it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.gateway import check as checking
from mailroll.console.gateway.forms import LevelForm, PauseForm, ServingForm
from mailroll.console.gateway.levels import levels
from mailroll.console.gateway.response import show
from mailroll.directory import edit, pauses
from mailroll.directory.models import Domain
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
    form = ServingForm(request.POST)
    if not form.is_valid():
        return show(request, domain, fault="Choose how gateways are served, and give a whole number of hours.")
    try:
        edit.set_serving(domain, form.way, scope.acting(request))
    except MailrollError as problem:
        return show(request, domain, fault=str(problem))
    messages.success(request, "Saved. Gateways that ask Mailroll itself follow at once; files with their next export.")
    return redirect("console:gateway", domain.name)


@scope.on_domain(access.may_release)
@require_POST
def pause(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = PauseForm(levels(scope.operator(request), domain), request.POST)
    if form.is_valid():
        try:
            edit.pause_removals(form.chosen.of, form.cleaned_data["reason"], scope.acting(request))
        except MailrollError as problem:
            form.add_error("reason", str(problem))
        else:
            messages.success(request, f"Removals of {form.chosen.words} are paused. People are added as before.")
            return redirect("console:gateway", domain.name)
    return show(request, domain, pause_form=form)


@scope.on_domain(access.may_release)
@require_POST
def resume(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """End a pause: a level that the reader may not resume is as unknown as none."""
    form = LevelForm(levels(scope.operator(request), domain), request.POST)
    if not form.is_valid():
        raise Http404
    if edit.resume_removals(form.chosen.of, scope.acting(request)):
        wider = " A wider pause still stops them here." if pauses.over(domain) else ""
        messages.success(request, f"Removals of {form.chosen.words} are resumed with the next runs.{wider}")
    return redirect("console:gateway", domain.name)
