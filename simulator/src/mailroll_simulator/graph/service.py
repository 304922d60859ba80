"""The simulated Microsoft Graph: from a request and its token to an answer, faults and all."""

import json
from contextlib import ExitStack, suppress
from email.utils import format_datetime
from http import HTTPStatus
from random import Random

from mailroll_simulator.errors import GraphError, identity_not_found
from mailroll_simulator.faults.answers import Instead
from mailroll_simulator.faults.switchboard import Active, Stage
from mailroll_simulator.graph import options, routes
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.paging import page_number
from mailroll_simulator.graph.wire import GraphRequest, GraphResponse, Page
from mailroll_simulator.requests import KEPT_HEADERS, Seen
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tokens import Bearer
from mailroll_simulator.values import guid
from mailroll_simulator.world import World

_JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
_DIAGNOSTIC = json.dumps(
    {"ServerInfo": {"DataCenter": "Simulated", "Slice": "E", "Ring": "1", "ScaleUnit": "000", "RoleInstance": "SIM0"}}
)
_FEW = 20
_RETRIED_WITHIN = 600.0  # seconds

_Same = tuple[str, str, str, tuple[tuple[str, str], ...]]


class GraphService:
    """Answers requests below /v1.0."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = Random(world.chance.getrandbits(64))
        self._failed: dict[_Same, float] = {}  # requests whose last answer failed or was lost on its way, and when

    def answer(self, request: GraphRequest, authorization: str | None) -> GraphResponse:
        """Answer one request; every refusal is an answer too."""
        asked = GraphRequest(
            request.method,
            request.path,
            request.query,
            {name: value for name, value in request.headers.items() if not name.startswith("x-simulated-")},
            request.body,
            request.inner,
        )
        request_id = guid(self._chance)
        client_id = asked.headers.get("client-request-id", request_id)
        known: list[Call] = []
        self._forget_failures()
        try:
            response = self._answer(asked, authorization, known)
        except Instead as instead:
            response = instead.response
        except GraphError as error:
            response = self._refusal(error, request_id, client_id)
        call = known[0] if known else None
        if response.later is None:
            return self._closed(request, authorization, response, call, request_id, client_id)
        work = response.later

        def finish() -> GraphResponse:
            try:
                done = work()
            except GraphError as error:
                done = self._refusal(error, request_id, client_id)
            return self._closed(request, authorization, done, call, request_id, client_id)

        response.later = finish
        return response

    def _closed(  # noqa: PLR0917 - what a request and its answer are made of
        self,
        request: GraphRequest,
        authorization: str | None,
        response: GraphResponse,
        call: Call | None,
        request_id: str,
        client_id: str,
    ) -> GraphResponse:
        """Put on an answer what every one has, and note it."""
        if call is not None and call.struck:
            response.fault = ",".join(dict.fromkeys(call.struck))
        response.headers |= {
            "request-id": request_id,
            "client-request-id": client_id,
            "Date": format_datetime(self._world.clock.now(), usegmt=True),
            "Cache-Control": "no-cache",
            "OData-Version": "4.0",
            "Strict-Transport-Security": "max-age=31536000",
            "x-ms-ags-diagnostic": _DIAGNOSTIC,
        }
        if call is not None:
            self._remember_failure(call, response)
        self._log(request, authorization, response, call.bearer if call else None)
        return response

    def _answer(self, request: GraphRequest, authorization: str | None, known: list[Call]) -> GraphResponse:
        """Answer, or raise the refusal.

        1. Read the token and find its tenant.
        2. Let faults answer instead.
        3. Refuse an app that the tenant does not know.
        4. Count what it costs, and refuse what is too much.
        5. Answer from the directory, and let faults change pages and bytes.
        """
        bearer = self._world.tokens.bearer(authorization)
        tenant = self._world.tenants.get(bearer.tenant_id.lower())
        if tenant is None:
            raise identity_not_found()
        request.path = routes.plain(request.path)
        if bearer.claims_answered:
            request.headers = {**request.headers, "x-simulated-claims": "answered"}
        call = Call(
            world=self._world,
            tenant=tenant,
            bearer=bearer,
            request=request,
            page_number=page_number(request),
            retried=_same(tenant.id, bearer.client_id, request) in self._failed,
            chance=self._chance,
            again=lambda inner: self.answer(inner, authorization),
        )
        known.append(call)
        self._strike_instead(call)
        self._check_principal(tenant, bearer)
        route, call.arguments = routes.find(request.method, request.path)
        cost = _cost(route, request)
        told = self._world.limits.charge(
            bearer.client_id, tenant.id, len(tenant.users), cost, self._world.clock.timestamp()
        )
        with ExitStack() as under_way:
            if "mailboxSettings" in request.path.split("/"):
                now, mailboxes = self._world.clock.timestamp(), self._world.limits.mailboxes
                under_way.callback(mailboxes.enter(bearer.client_id, tenant.id, call.arguments["id"], now))
            with tenant.lock:
                found = route.handler(call)
                response = self._written(call, found) if isinstance(found, Page) else found
            under_way.push(response.under_way)
            if cost:
                response.headers |= told | {"x-ms-resource-unit": str(cost)}
            if not request.inner and response.status == HTTPStatus.OK:
                self._strike_bytes(call, response)
            response.under_way = under_way.pop_all()
        return response

    def _strike_instead(self, call: Call) -> None:
        for active in self._striking(call, Stage.ANSWER):
            try:
                call.strike(active, call.request)
            except GraphError as error:
                call.struck.append(active.name)
                error.scoped(call.scope)
                raise
            except Instead:
                call.struck.append(active.name)
                raise

    def _written(self, call: Call, page: Page) -> GraphResponse:
        for active in self._striking(call, Stage.PAGE):
            call.strike(active, page)
        return GraphResponse(HTTPStatus.OK, page.encode(), {"Content-Type": _JSON})

    def _strike_bytes(self, call: Call, response: GraphResponse) -> None:
        for active in self._striking(call, Stage.BODY):
            active.strike()
            call.struck.append(active.name)
            if active.fault.effect is not None:
                active.fault.effect(active, response)

    def _striking(self, call: Call, stage: Stage) -> list[Active]:
        return list(
            self._world.faults.striking(stage, path=call.request.path, page=call.page_number, tenant=call.tenant.id)
        )

    def _check_principal(self, tenant: Tenant, bearer: Bearer) -> None:
        principal = tenant.principals.get(bearer.client_id)
        if principal is None or not principal.enabled or principal.known_at > self._world.clock.timestamp():
            raise identity_not_found()

    def _refusal(self, error: GraphError, request_id: str, client_id: str) -> GraphResponse:
        date = self._world.clock.now().strftime("%Y-%m-%dT%H:%M:%S")
        response = GraphResponse.of(
            error.body(date=date, request_id=request_id, client_request_id=client_id), error.status
        )
        response.headers["Content-Type"] = "application/json"
        response.headers |= error.headers
        location = response.headers.get("Location", "")
        if location.startswith("/"):
            # A fault does not know where the service runs.
            response.headers["Location"] = f"{self._world.graph_url}/v1.0{location}"
        return response

    def _remember_failure(self, call: Call, response: GraphResponse) -> None:
        same = _same(call.tenant.id, call.bearer.client_id, call.request)
        travel = response.travel
        lost = travel is not None and (travel.reset or travel.cut_after is not None)
        if lost or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._failed[same] = self._world.clock.timestamp()
        else:
            self._failed.pop(same, None)

    def _forget_failures(self) -> None:
        """Forget those that nobody repeated: what comes much later is a request of its own."""
        since = self._world.clock.timestamp() - _RETRIED_WITHIN
        for same in [same for same, at in self._failed.items() if at < since]:
            del self._failed[same]

    def _log(
        self, request: GraphRequest, authorization: str | None, response: GraphResponse, bearer: Bearer | None
    ) -> None:
        self._world.requests.add(
            Seen(
                server="graph",
                method=request.method,
                path=request.path,
                query=options.spelt(request.query),
                status=response.status,
                authorized=authorization is not None,
                headers={name: value for name, value in request.headers.items() if name in KEPT_HEADERS},
                client_id=bearer.client_id if bearer else None,
                tenant_id=bearer.tenant_id if bearer else None,
                fault=response.fault,
                inner=request.inner,
            )
        )


def _same(tenant: str, client: str, request: GraphRequest) -> _Same:
    return tenant, client, request.path, request.query


def _cost(route: routes.Route, request: GraphRequest) -> int:
    """Resource units (throttling-limits): a base, less for `$select` and few objects, more for `$expand`.

    Nothing for what is not of identity and access: mailboxes, places, and a batch beside the requests in it.
    """
    selects = request.option("$select") is not None
    if not route.cost or (selects and route.cost_selected is not None):
        return route.cost_selected or 0
    cost = route.cost - selects + (request.option("$expand") is not None)
    few = request.option("$top")
    with suppress(ValueError):
        cost -= few is not None and int(few) < _FEW
    return max(1, cost)
