"""The Gateway tab, and what is changed on it: how gateways are served, pauses of removals, tokens."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access, tokens
from mailroll.accounts.tokens import TokenPurpose
from mailroll.console import scope
from mailroll.console.explanation import ShownFaults
from mailroll.console.gateway import check as checking
from mailroll.console.gateway.forms import LevelForm, PauseForm, ServingForm, TokenForm
from mailroll.console.gateway.levels import levels
from mailroll.console.gateway.page import show
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
        with ShownFaults(form, "reason"):
            edit.pause_removals(form.chosen.of, form.cleaned_data["reason"], scope.acting(request))
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


@scope.on_domain(access.may_issue)
@require_POST
def make_token(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """The text stands on this one page: no message, no session and no address of a page ever holds it."""
    form = TokenForm(request.POST)
    if form.is_valid():
        fields, operator = form.cleaned_data, scope.operator(request)
        with ShownFaults(form):
            token, text = tokens.create_by(
                fields["name"],
                [domain.organization],
                [TokenPurpose.GATEWAY],
                by=operator,
                now=scope.acting(request).now(),
                expires_at=fields["expires"],
            )
            return render(request, "console/gateway/token.html", {"domain": domain, "token": token, "text": text})
    return show(request, domain, token_form=form)


@scope.on_domain(access.may_issue)
@require_POST
def revoke_token(request: HttpRequest, domain: Domain, token: UUID) -> HttpResponseBase:
    operator = scope.operator(request)
    row = get_object_or_404(tokens.reaching(domain.organization, by=operator), id=token)
    tokens.revoke_by(row.id, by=operator, now=scope.acting(request).now())
    messages.success(request, f"The token “{row.name}” no longer works.")
    return redirect("console:gateway", domain.name)
