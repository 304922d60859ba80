"""The parts of the way in that django-allauth leaves to us."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_reset
from allauth.mfa.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mailroll.accounts import installation, mail, second_factor, visits
from mailroll.accounts.models import Operator
from mailroll.console import scope
from mailroll.settings import Switch

_SECRET = "mfa.totp.secret"  # noqa: S105 - where django-allauth keeps it in the session until it is confirmed

OPEN_WITHOUT = ("/account/", "/static/", "/theme/")
"""Where an operator who has yet to set up a second factor may go."""


@scope.public
def reset(request: HttpRequest) -> HttpResponseBase:
    """Ask for a new password by mail; where no mail can be sent, say so instead."""
    if installation.settings().password_sign_in is Switch.OFF:
        return redirect("account_login")
    if not mail.is_set_up():
        return render(request, "account/password_reset.html", {"no_mail": True})
    return password_reset(request)


@scope.public
def no_sign_up(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's shape
    """Stand where the library of the sign-in looks for a sign-up: people are invited."""
    raise Http404


@scope.signed_in
@reauthentication_required(app="allauth.mfa")
@require_GET
def totp_picture(request: HttpRequest) -> HttpResponse:
    """Draw the secret that waits to be confirmed, for a phone's camera; the policy for content forbids data: URIs."""
    secret = request.session.get(_SECRET)
    if not secret:
        raise Http404
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(scope.operator(request), secret))
    return HttpResponse(drawn, content_type="image/svg+xml")


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lead operators who owe a second factor to where it is set up, before anything else."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if isinstance(user, Operator) and not request.path.startswith(OPEN_WITHOUT):
            duty = visits.duty(request, user)
            if duty.demanded and not second_factor.present(user):
                return redirect("mfa_index")
            scope.hold(request, duty.roles)
        return get_response(request)

    return respond
