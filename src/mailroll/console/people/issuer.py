"""The ways to the issuer and back: to sign in, to connect an account of it, to confirm that it is still you."""

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from mailroll import events
from mailroll.accounts import identities, installation
from mailroll.accounts.issuer import IssuerClient, away
from mailroll.console import scope
from mailroll.console.explanation import ToldFaults, tell_error
from mailroll.console.people import invitation
from mailroll.reconcile.errors import Broken

_log = events.logger(__name__)


@scope.public
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Lead to the issuer. A link, not a form: the policy for content forbids forms that end at another host."""
    _require_issuer()
    settings = installation.settings()
    if request.build_absolute_uri("/") != f"{settings.console_url}/":
        # The issuer sends people back to one address only, and what was begun is kept by host name.
        return redirect(settings.console_url + reverse("issuer_enter"))
    if request.user.is_authenticated:
        return redirect("console:home")
    return _away(request, AuthProcess.LOGIN)


@scope.public
@require_GET
def take_up(request: HttpRequest, start: str) -> HttpResponse:
    """Take up an invitation with an account of the issuer.

    `start` stands on the page of the invitation alone: no other site can have somebody's account at the issuer attached
    to an address that it chose.
    """
    _require_issuer()
    token = invitation.begun(request, start)
    if not token or request.user.is_authenticated:
        return redirect("console:invitation")
    return _away(request, AuthProcess.LOGIN, back=reverse("console:invitation"), data={"invitation": token})


@scope.signed_in
@require_GET
def connect(request: HttpRequest) -> HttpResponse:
    _require_issuer()
    return _connect(request)


@reauthentication_required(app="allauth.mfa")
def _connect(request: HttpRequest) -> HttpResponse:
    return _away(request, AuthProcess.CONNECT)


@scope.signed_in
@require_POST
@reauthentication_required(app="allauth.mfa")
def disconnect(request: HttpRequest) -> HttpResponse:
    with ToldFaults(request):
        identities.disconnect(scope.operator(request))
        messages.success(request, "Disconnected.")
    return redirect("console:profile")


@scope.signed_in
@require_GET
def confirm(request: HttpRequest) -> HttpResponse:
    """Have the issuer ask once more; the answer says when it did."""
    _require_issuer()
    return _away(request, AuthProcess.REDIRECT, {"max_age": "0"})


@scope.public
@require_GET
def callback(request: HttpRequest) -> HttpResponseBase:
    _require_issuer()
    view = OAuth2CallbackView.adapter_view(IssuerClient(request, identities.PROVIDER))
    try:
        answered: HttpResponseBase = view(request)
    except Broken as broken:
        return _lead_back(request, broken)
    return answered


def _away(
    request: HttpRequest,
    process: str,
    ask: dict[str, str] | None = None,
    *,
    back: str | None = None,
    data: dict[str, str] | None = None,
) -> HttpResponse:
    """Lead to the issuer. `data` waits in the session for the answer, and goes nowhere."""
    try:
        provider = get_adapter().get_provider(request, identities.PROVIDER)
        led: HttpResponse = provider.redirect(
            request, process, back or get_next_redirect_url(request), data=data, auth_params=dict(ask or {})
        )
    except (RequestException, ProviderException) as problem:
        _log.warning("issuer_away", exception=type(problem).__name__)
        return _lead_back(request, away())
    except Broken as broken:
        return _lead_back(request, broken)
    return led


def _lead_back(request: HttpRequest, problem: Broken) -> HttpResponse:
    """Lead back to a page of ours, which says what is wrong and what it is called."""
    tell_error(request, problem, f"{problem} ({problem.code})")
    return redirect("console:profile" if request.user.is_authenticated else "account_login")


def _require_issuer() -> None:
    if installation.settings().issuer is None:
        raise Http404
