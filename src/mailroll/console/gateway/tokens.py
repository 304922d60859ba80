"""Tokens of gateways: made, shown this once, and revoked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from mailroll.accounts import access, tokens
from mailroll.accounts.tokens import TokenPurpose
from mailroll.console import scope
from mailroll.console.gateway.forms import TokenForm
from mailroll.console.gateway.response import show
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import MailrollError


@scope.on_domain(access.may_issue)
@require_POST
def make(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """The text stands on this one page: no message, no session and no address of a page ever holds it."""
    form = TokenForm(request.POST)
    if form.is_valid():
        given, who = form.cleaned_data, scope.operator(request)
        try:
            made, text = tokens.create_by(
                given["name"],
                [domain.organization],
                [TokenPurpose.GATEWAY],
                by=who,
                now=scope.acting(request).now(),
                expires_at=given["expires"],
            )
        except MailrollError as problem:
            form.add_error(None, str(problem))
        else:
            return render(request, "console/gateway/token.html", {"domain": domain, "token": made, "text": text})
    return show(request, domain, token_form=form)


@scope.on_domain(access.may_issue)
@require_POST
def revoke(request: HttpRequest, domain: Domain, token: UUID) -> HttpResponseBase:
    who = scope.operator(request)
    held = get_object_or_404(tokens.reaching(domain.organization, by=who), id=token)
    tokens.revoke_by(held.id, by=who, now=scope.acting(request).now())
    messages.success(request, f"The token “{held.name}” no longer works.")
    return redirect("console:gateway", domain.name)
