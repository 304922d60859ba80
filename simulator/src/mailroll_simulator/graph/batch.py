"""POST /$batch: up to twenty requests in one, answered each on its own and in any order."""

import base64
from collections.abc import Mapping
from contextlib import ExitStack
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

import msgspec

from mailroll_simulator.errors import GraphError, bad_request
from mailroll_simulator.faults.answers import too_many_requests
from mailroll_simulator.faults.switchboard import Stage
from mailroll_simulator.graph import options
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.json_bodies import json_object
from mailroll_simulator.graph.wire import GraphRequest, GraphResponse

_MOST = 20
_METHODS = frozenset(("GET", "POST", "PATCH", "PUT", "DELETE"))
_SHOWN_HEADERS = frozenset(("cache-control", "content-type", "location", "retry-after", "x-ms-resource-unit"))


class Inner(msgspec.Struct, rename={"depends_on": "dependsOn"}):
    """One request inside. Clients send members that nobody knows, and `dependsOn` as null: neither is refused."""

    id: str
    method: str
    url: str
    headers: dict[str, str] | None = None
    body: msgspec.Raw = msgspec.Raw(b"null")
    depends_on: tuple[str, ...] | None = None

    @property
    def after(self) -> tuple[str, ...]:
        """The ids that it waits for, as all ids are compared."""
        return tuple(name.lower() for name in self.depends_on or ())


class Answered(msgspec.Struct):
    """Its response."""

    id: str
    status: int
    headers: dict[str, str]
    body: msgspec.Raw


def batch(call: Call) -> GraphResponse:
    """Answer a batch.

    1. Refuse one that is malformed as a whole.
    2. Answer each request once those it depends on are answered; 424 where one of them failed.
    3. Let faults strike single responses.
    4. Shuffle.
    """
    options.check(call.request, options.NONE)
    if call.request.inner:
        raise bad_request("A batch request cannot be part of a batch.")
    waiting = _requests(call)
    done: dict[str, Answered] = {}
    asked: set[str] = set()
    with ExitStack() as under_way:
        while waiting:
            _round(call, waiting, done, asked, under_way)
        responses = [one for one in done.values() if not _lost(call)]
        call.chance.shuffle(responses)
        return GraphResponse(
            HTTPStatus.OK,
            msgspec.json.encode({"responses": responses}),
            {"Content-Type": "application/json"},
            under_way=under_way.pop_all(),
        )


def _round(call: Call, waiting: list[Inner], done: dict[str, Answered], asked: set[str], under_way: ExitStack) -> None:
    """Answer all requests of which nothing is missing that they depend on."""
    ready = [one for one in waiting if all(name in done for name in one.after)]
    if not ready:
        raise bad_request("The dependsOn properties of the batch form a circle.")
    for one in ready:
        failed = any(done[name].status >= HTTPStatus.BAD_REQUEST for name in one.after)
        answer = _failed(call, one) if failed else _answer(call, one)
        under_way.push(answer.under_way)
        address = one.url.partition("?")[0].lower()
        if address in asked:
            # Of one mailbox a batch holds one place, however often it asks.
            answer.under_way.close()
        asked.add(address)
        done[one.id.lower()] = _shown(one.id, answer)
        waiting.remove(one)


def _requests(call: Call) -> list[Inner]:
    try:
        found = msgspec.convert(json_object(call.request).get("requests"), list[object])
        inner = msgspec.json.decode(msgspec.json.encode(found), type=list[Inner])
    except msgspec.ValidationError as error:
        raise bad_request(f"Invalid batch payload format: {error}") from error
    if not 1 <= len(inner) <= _MOST:
        raise bad_request(f"A batch holds 1 to {_MOST} requests, not {len(inner)}.")
    ids = [one.id.lower() for one in inner]
    if len(set(ids)) < len(ids) or "" in ids:
        raise bad_request("Each request of a batch needs an id of its own.")
    for one in inner:
        if any(name not in ids for name in one.after):
            raise bad_request(f"The request '{one.id}' depends on one that is not in the batch.")
        if one.method not in _METHODS:
            raise bad_request(f"The request '{one.id}' has no valid method.")
    return inner


def _answer(call: Call, one: Inner) -> GraphResponse:
    refused = _refusal(call)
    if refused is not None:
        return refused
    address, _, query = one.url.partition("?")
    request = GraphRequest(
        one.method,
        unquote(address) if address.startswith("/") else f"/{unquote(address)}",
        tuple(parse_qsl(query, keep_blank_values=True)),
        {name.lower(): value for name, value in (one.headers or {}).items()},
        b"" if bytes(one.body) == b"null" else bytes(one.body),
        inner=True,
    )
    return call.again(request)


def _refusal(call: Call) -> GraphResponse | None:
    """Give the answer of a fault that strikes one response inside."""
    for active in call.world.faults.striking(Stage.BATCH, path=call.request.path, tenant=call.tenant.id):
        if active.name == "batch_missing_response" or active.chance.random() >= float(active["share"]):
            continue
        active.strike()
        call.struck.append(active.name)
        if active.name == "batch_inner_throttle":
            return _error(call, too_many_requests(active["retry_after"]).scoped(call.scope))
        status = HTTPStatus(int(active["status"]))
        return _error(call, GraphError(status, "UnknownError", "The server could not answer."))
    return None


def _lost(call: Call) -> bool:
    for active in call.world.faults.striking(Stage.BATCH, path=call.request.path, tenant=call.tenant.id):
        if active.name == "batch_missing_response" and active.chance.random() < float(active["share"]):
            active.strike()
            call.struck.append(active.name)
            return True
    return False


def _failed(call: Call, one: Inner) -> GraphResponse:
    return _error(
        call,
        GraphError(
            HTTPStatus.FAILED_DEPENDENCY, "failedDependency", f"A request that '{one.id}' depends on has failed."
        ),
    )


def _error(call: Call, error: GraphError) -> GraphResponse:
    identifier = call.request.headers.get("client-request-id", "")
    date = call.world.clock.now().strftime("%Y-%m-%dT%H:%M:%S")
    body = error.body(date=date, request_id=identifier, client_request_id=identifier)
    response = GraphResponse.of(body, error.status)
    response.headers |= error.headers
    return response


def _shown(identifier: str, response: GraphResponse) -> Answered:
    headers = {name: value for name, value in response.headers.items() if name.lower() in _SHOWN_HEADERS}
    return Answered(identifier, response.status, headers, _body(headers, response.body))


def _body(headers: Mapping[str, str], body: bytes) -> msgspec.Raw:
    """Give JSON as it is, and anything else as a string of base64."""
    if not body:
        return msgspec.Raw(b"null")
    if "json" in headers.get("Content-Type", ""):
        return msgspec.Raw(body)
    return msgspec.Raw(msgspec.json.encode(base64.b64encode(body).decode("ascii")))
