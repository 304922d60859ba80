"""What somebody who was invited sees: the link, and how to take the role up."""

import hmac
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import installation, invitations, operators
from mailroll.accounts.models import Invitation, Operator
from mailroll.audit import clock
from mailroll.console import scope
from mailroll.console.people.forms import WelcomeForm
from mailroll.reconcile.errors import MailrollError, Refused
from mailroll.settings import Switch

_TOKEN = "invitation"  # noqa: S105 - the session's key for it
_START = "invitation_start"
"""And for what the page has in its link to the issuer, which no other page can know."""
_PAGE = "console/people/welcome.html"


@scope.public
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the token in the session and go on without it: an address may be seen by others.

    Of a link that is none nothing is kept.
    """
    try:
        invitations.find(token, clock.now())
    except Refused as ended:
        return render(request, _PAGE, {"ended": ended}, status=410)
    if request.session.get(_TOKEN) != token:
        # A page that is open shows another invitation: its link must not take this one up.
        request.session.pop(_START, None)
    request.session[_TOKEN] = token
    return redirect("console:invitation")


@scope.public
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Who is not signed in sees the same page whether or not the address has an account."""
    token, user = str(request.session.get(_TOKEN, "")), request.user
    try:
        offer = invitations.find(token, clock.now())
    except Refused as ended:
        if isinstance(user, Operator) and invitations.accepted_by(token, user):
            request.session.pop(_TOKEN, None)
            return redirect("console:home")
        return render(request, _PAGE, {"ended": ended}, status=410)
    if isinstance(user, Operator):
        return _of_operator(request, offer, token, user)
    return _of_newcomer(request, offer, token)


def _of_operator(request: HttpRequest, offer: Invitation, token: str, operator: Operator) -> HttpResponse:
    if request.method == "POST":
        try:
            invitations.accept(token, operator, now=clock.now())
        except Refused as refused:
            return render(request, _PAGE, {"offer": offer, "refused": refused, "who": operator}, status=409)
        request.session.pop(_TOKEN, None)
        messages.success(request, f"You are {offer.role} of {offer.organization.name} now.")
        return redirect("console:home")
    return render(request, _PAGE, {"offer": offer, "who": operator})


def begun(request: HttpRequest, start: str) -> str:
    """Return the token of the invitation whose page led on by `start`; nothing where none of this browser did."""
    kept_start = str(request.session.get(_START, ""))
    if not kept_start or not hmac.compare_digest(kept_start.encode(), start.encode()):
        return ""
    return str(request.session.get(_TOKEN, ""))


def _of_newcomer(request: HttpRequest, offer: Invitation, token: str) -> HttpResponse:
    own = installation.settings()
    context: dict[str, Any] = {"offer": offer}
    if own.issuer is not None:
        context["start"] = request.session.setdefault(_START, secrets.token_urlsafe(16))
    if own.password_sign_in is Switch.OFF:
        return render(request, _PAGE, context)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept_as_new(token, form.cleaned_data["name"], form.cleaned_data["password"], now=clock.now())
        except MailrollError as problem:
            form.add_error("password" if problem.code == operators.WEAK else None, str(problem))
        else:
            messages.success(
                request, "Sign in now: with this password, or with the one you had before if you had an account here."
            )
            return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('console:invitation')})}")
    return render(request, _PAGE, context | {"form": form}, status=422 if form.errors else 200)
