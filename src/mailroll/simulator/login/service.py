"""The sign-in service: which path is answered by what, and what the request log says of it."""

from http import HTTPMethod, HTTPStatus
from urllib.parse import urlencode

from mailroll.simulator.login import discovery
from mailroll.simulator.login.aadsts import LoginError
from mailroll.simulator.login.answers import refusal
from mailroll.simulator.login.store import Store
from mailroll.simulator.login.tokens import token
from mailroll.simulator.login.wire import LoginRequest, LoginResponse, Trace
from mailroll.simulator.requests import KEPT_HEADERS, Seen
from mailroll.simulator.world import World


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

    def _route(self, request: LoginRequest, trace: Trace) -> LoginResponse:
        name, _, rest = request.path.lstrip("/").partition("/")
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
