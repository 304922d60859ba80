"""Signing in by an OpenID Connect issuer: what of its answer is believed, and what follows from it.

django-allauth speaks the protocol: state, PKCE, the code for a token over TLS from the issuer itself, which is why
the signature of that token needs no second check (OpenID Connect Core 1.0, 3.1.3.7 point 6). It checks issuer,
audience and times of the token. What is decided here is who that is.
"""

from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from mailroll import events
from mailroll.accounts import identities, installation, invitations, refusals, step_up
from mailroll.accounts.identities import PROVIDER, Identity
from mailroll.accounts.models import Operator
from mailroll.audit import clock
from mailroll.reconcile.errors import Broken, MailrollError, Refused
from mailroll.settings.issuer import Issuer

_log = events.logger(__name__)

PATIENCE = 10
"""Seconds that the issuer has for one answer."""

FRESH = 5 * 60
"""Seconds since somebody typed a password at the issuer within which it counts as typed just now."""

_CONFIRMED = "issuer_confirmed_at"
"""The session's key for it: a session belongs to one operator, and dies with it."""

_ENTRA = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"})


class IssuerAdapter(DefaultSocialAccountAdapter):
    """Which issuers there are: at most the one of the settings, none of the database's."""

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002 - the hook's shape
        provider: str | None = None,  # noqa: ARG002
        client_id: str | None = None,  # noqa: ARG002
    ) -> list[SocialApp]:
        issuer = installation.settings().issuer
        return [_app(issuer)] if issuer else []

    def get_provider(
        self,
        request: HttpRequest,
        provider: str,  # noqa: ARG002 - the hook's shape
        client_id: str | None = None,  # noqa: ARG002
    ) -> "IssuerProvider":
        return IssuerProvider(request, app=_app(_configured()))

    def get_requests_session(self) -> requests.Session:
        session = requests.Session()
        # Whoever can set a variable of the environment shall not choose who hears the client's secret.
        session.trust_env = False
        session.request = partial(session.request, timeout=PATIENCE, allow_redirects=False)  # type: ignore[method-assign]
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decide who that is and what follows; where it returns, the library signs `sociallogin.user` in."""
        process, invitation = sociallogin.state.get("process"), (sociallogin.state.get("data") or {}).get("invitation")
        try:
            if process == AuthProcess.CONNECT:
                self._connect(request, sociallogin)
            elif process == AuthProcess.REDIRECT:
                self._confirm(request, sociallogin)
            elif not sociallogin.is_existing:
                operator = _new(sociallogin.identity, invitation)
                sociallogin.user, sociallogin.account = operator, identities.identity_of(operator)
            elif not sociallogin.user.is_active:
                # Whoever is switched off is as unknown as anybody.
                raise identities.unknown(_configured())
        except Refused as refused:
            if process == AuthProcess.REDIRECT and isinstance(request.user, Operator):
                step_up.note_answer(request.user, "issuer", right=False)
            elif process != AuthProcess.CONNECT:
                email = sociallogin.user.email if sociallogin.is_existing else ""
                refusals.note_sign_in(request, refusals.FAILED, email, "issuer")
            _tell(request, refused)
            place = "console:invitation" if invitation else "account_login"
            _end("console:profile" if request.user.is_authenticated else place)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002 - the hook's shape
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> None:
        """Lead back to the sign-in. What the issuer answered may hold a code, so no text of it is logged."""
        _log.warning("issuer_sign_in_failed", error=error, exception=type(exception).__name__)
        name = _configured().name
        _tell(
            request,
            Broken("issuer_failed", f"Signing in with {name} did not work.", "Try again, or sign in another way."),
        )
        _end("account_login")

    def _connect(self, request: HttpRequest, login: SocialLogin) -> NoReturn:
        if not request.user.is_authenticated:
            _end("account_login")
        identities.connect(request.user, login.identity)
        messages.success(request, f"You can sign in with {_configured().name} now.")
        _end("console:profile")

    def _confirm(self, request: HttpRequest, login: SocialLogin) -> NoReturn:
        if not login.is_existing or login.user != request.user:
            raise Refused(
                "identity_of_another",
                "That was another account than yours.",
                f"Confirm with the account of {_configured().name} that you sign in with.",
            )
        if not is_fresh(login):
            raise Refused(
                "identity_not_asked",
                f"{_configured().name} did not say that it asked you just now.",
                "Confirm by your second factor or a passkey.",
            )
        request.session[_CONFIRMED] = clock.now().timestamp()
        step_up.note_answer(login.user, "issuer", right=True)
        # The library goes on with what was asked for before, which it knows by this parameter.
        query = request.GET.copy()
        query["next"] = login.get_redirect_url(request) or reverse("console:home")
        request.GET = query  # type: ignore[assignment]
        raise ImmediateHttpResponse(resume_request(request) or redirect("console:home"))


class IssuerClient(OpenIDConnectOAuth2Adapter):
    @property
    def openid_config(self) -> dict[str, Any]:
        """What the issuer says of itself, if it is the one that the settings name."""
        config: dict[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != _configured().url:
            raise ProviderException("another issuer")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002 - the hook's shape
        """The one address that is registered there, whatever host name the request came with."""
        return installation.settings().console_url + reverse("issuer_callback")

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise ProviderException("no id token")
        claims = self._decode_id_token(app, id_token)
        if not claims.get("sub"):
            raise ProviderException("no subject")
        if "email" not in claims and not is_entra(claims["iss"]):
            more = self._fetch_user_info(token.token)
            # OpenID Connect Core 1.0, 5.3.2: an answer about another subject must not be used.
            if more.get("sub") == claims["sub"]:
                claims = more | claims
        response = {"userinfo": {"sub": claims["sub"]}}
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, response)
        issuer_identity = identity(claims)
        login.account.uid = issuer_identity.key
        login.account.extra_data = issuer_identity.kept
        login.identity = issuer_identity
        login.authenticated_at = _seconds(claims.get("auth_time"))
        return login


class IssuerProvider(OpenIDConnectProvider):
    """The issuer, asked by the client above."""

    oauth2_adapter_class = IssuerClient


def identity(claims: dict[str, Any]) -> Identity:
    """Read who somebody is out of the claims of an id token that was checked.

    Entra: `oid` with the tenant, which its `iss` holds; `sub` there differs for every app registration. Its `email` is
    whatever a mailbox says and nobody verified, `preferred_username` is a name in a domain that the tenant proved,
    but for guests, who bear `#EXT#` (Microsoft: ID token claims reference). Elsewhere an address counts where
    `email_verified` is true (OpenID Connect Core 1.0, 5.1).
    """
    if is_entra(claims["iss"]):
        name = str(claims.get("preferred_username") or "")
        address = name if "@" in name and "#" not in name else None
        return Identity(claims["iss"], str(claims.get("oid") or claims["sub"]), address, str(claims.get("name") or ""))
    address = str(claims["email"]) if claims.get("email") and claims.get("email_verified") is True else None
    return Identity(claims["iss"], str(claims["sub"]), address, str(claims.get("name") or ""))


def is_entra(issuer: str) -> bool:
    return urlsplit(issuer).hostname in _ENTRA


def confirmed(request: HttpRequest) -> bool:
    """Tell whether who is signed in confirmed at the issuer, not long ago, that it is still them."""
    at = request.session.get(_CONFIRMED)
    return isinstance(at, float) and 0 <= clock.now().timestamp() - at <= FRESH


def is_fresh(login: SocialLogin) -> bool:
    """Tell whether the issuer says that the person was asked just now.

    `max_age=0` asks for it; only `auth_time` shows that it was done (OpenID Connect Core 1.0, 3.1.2.1).
    """
    return login.authenticated_at is not None and abs(clock.now().timestamp() - login.authenticated_at) <= FRESH


def _tell(request: HttpRequest, error: MailrollError) -> None:
    messages.error(request, str(error), extra_tags=f"{refusals.ABOUT}{error.code}")


def away() -> Broken:
    """What is said where the issuer does not answer, or not as the settings name it."""
    return Broken(
        "issuer_away",
        f"{_configured().name} does not answer as it should.",
        "Try again later, or sign in another way. If it stays, tell whoever runs this Console.",
    )


def _new(identity: Identity, invitation: str | None) -> Operator:
    """Make an operator of somebody who is none: whoever has an invitation, or whom the settings let in."""
    if invitation:
        return invitations.accept_by_issuer(invitation, identity, now=clock.now())
    return identities.welcome(identity, _configured())


def _app(issuer: Issuer) -> SocialApp:
    try:
        secret = issuer.secret_file.read_text().strip()
    except (OSError, UnicodeDecodeError) as problem:
        # Whoever signs in is told no path: it is in the log, for whoever runs the Console.
        _log.error("issuer_secret_unreadable", file=str(issuer.secret_file), problem=type(problem).__name__)
        raise Broken(
            "issuer_secret_unreadable",
            f"Signing in with {issuer.name} does not work: this Console cannot read its client secret there.",
            "Sign in another way, and tell whoever runs this Console; the file is named by MAILROLL_OIDC_SECRET_FILE.",
        ) from problem
    return SocialApp(
        provider="openid_connect",
        provider_id=PROVIDER,
        name=issuer.name,
        client_id=issuer.client_id,
        secret=secret,
        settings={"server_url": issuer.url, "oauth_pkce_enabled": True},
    )


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _configured() -> Issuer:
    issuer = installation.settings().issuer
    if issuer is None:
        raise SocialApp.DoesNotExist
    return issuer


def _end(place: str) -> NoReturn:
    raise ImmediateHttpResponse(redirect(place))
