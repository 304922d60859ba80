"""The sign-in service: which path is answered by what, and what the request log says of it."""

from http import HTTPMethod, HTTPStatus
from urllib.parse import urlencode

from mailroll_simulator.login import discovery
from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.accounts import SESSION_COOKIE, no_session_cookie
from mailroll_simulator.login.adminconsent import AdminConsent
from mailroll_simulator.login.answers import refusal
from mailroll_simulator.login.authorize import authorize
from mailroll_simulator.login.html import STYLE_PATH, refusal_page, signed_out_page, style
from mailroll_simulator.login.store import Store
from mailroll_simulator.login.tokens import token
from mailroll_simulator.login.wire import LoginRequest, LoginResponse, Trace
from mailroll_simulator.requests import KEPT_HEADERS, Seen
from mailroll_simulator.world import World


class LoginService:
    """Answers requests to the simulated Entra ID; `consent_delay` is how long consent on the page takes to spread."""

    def __init__(self, world: World, *, consent_delay: float) -> None:
        self.world = world
        self.store = Store(world.chance)
        self.consent_delay = consent_delay

    def answer(self, request: LoginRequest) -> LoginResponse:
        trace = Trace.of(request, self.world.chance, self.world.clock.now())
        try:
            response = self._route(request, trace)
        except LoginError as error:
            response = refusal(error, trace)
        response.headers |= {"x-ms-request-id": trace.trace_id, "client-request-id": trace.correlation_id}
        self._note(request, response)
        return response

    def _page(self, request: LoginRequest, name: str, rest: str, trace: Trace) -> LoginResponse | None:
        """Give a page for a browser; None where the path is none of theirs."""
        world, store = self.world, self.store
        try:
            match rest:
                case "oauth2/v2.0/authorize":
                    return authorize(world, store, request, name, trace)
                case "v2.0/adminconsent":
                    return AdminConsent(world, store, delay=self.consent_delay).answer(request, name, trace)
                case "adminconsent":
                    consent = AdminConsent(world, store, delay=self.consent_delay, older=True)
                    return consent.answer(request, name, trace)
                case "oauth2/v2.0/logout":
                    return self._sign_out(request)
        except LoginError as error:
            return refusal_page(error, trace)
        return style() if request.path == STYLE_PATH else None

    def _sign_out(self, request: LoginRequest) -> LoginResponse:
        self.store.sessions.pop(request.cookie(SESSION_COOKIE) or "", None)
        back = request.asked.get("post_logout_redirect_uri")
        known = back is not None and any(app.accepts(back) for app in self.world.apps.values())
        response = LoginResponse.to(back) if back is not None and known else signed_out_page()
        response.headers["Set-Cookie"] = no_session_cookie()
        return response

    def _route(self, request: LoginRequest, trace: Trace) -> LoginResponse:
        name, _, rest = request.path.lstrip("/").partition("/")
        if request.method in {HTTPMethod.GET, HTTPMethod.POST}:
            page = self._page(request, name, rest, trace)
            if page is not None:
                return page
        if not request.front:
            if rest == "oauth2/v2.0/token":
                return token(self.world, self.store, request, name, trace)
            if request.method == HTTPMethod.GET:
                if rest == "v2.0/.well-known/openid-configuration":
                    return discovery.configuration(self.world, name)
                if rest == "discovery/v2.0/keys":
                    return discovery.keys(self.world, name)
                if rest == "discovery/instance" and name == "common":
                    return discovery.instance(self.world, request)
        return LoginResponse(HTTPStatus.NOT_FOUND, b"Not found", {"Content-Type": "text/plain; charset=utf-8"})

    def _note(self, request: LoginRequest, response: LoginResponse) -> None:
        self.world.requests.add(
            Seen(
                server="front" if request.front else "login",
                method=request.method,
                path=request.path,
                query=urlencode(request.query),
                status=response.status,
                authorized="authorization" in request.headers,
                headers={name: value for name, value in request.headers.items() if name in KEPT_HEADERS},
                client_id=response.client_id,
                tenant_id=response.tenant_id,
                fault=response.fault,
            )
        )
