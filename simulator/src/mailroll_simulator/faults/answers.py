"""Faults in a whole answer: refusals, throttling, broken bodies and broken connections."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from mailroll_simulator import errors
from mailroll_simulator.errors import THROTTLE_SCOPE, GraphError
from mailroll_simulator.faults.switchboard import Active, Fault, Stage
from mailroll_simulator.graph import options
from mailroll_simulator.graph.wire import GraphRequest, GraphResponse, Travel
from mailroll_simulator.values import Json, base64url

_HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Proxy sign-in needed</body></html>"
_CODES = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "InternalServerError",
    HTTPStatus.BAD_GATEWAY: "UnknownError",
    HTTPStatus.SERVICE_UNAVAILABLE: "ServiceUnavailable",
    HTTPStatus.GATEWAY_TIMEOUT: "GatewayTimeout",
}


class Instead(Exception):
    """An answer to give instead of the right one."""

    def __init__(self, response: GraphResponse) -> None:
        super().__init__(response.status)
        self.response = response


def retry_after(value: Json) -> dict[str, str]:
    """Give the Retry-After header: a number, any text, None for none, or date:SECONDS for an HTTP date."""
    if value is None:
        return {}
    text = str(value)
    if text.startswith("date:"):
        at = datetime.now(UTC) + timedelta(seconds=float(text.removeprefix("date:")))
        text = format_datetime(at, usegmt=True)
    return {"Retry-After": text}


def too_many_requests(wait: Json) -> GraphError:
    headers = retry_after(wait) | {
        THROTTLE_SCOPE: "",  # said once it is known who asked
        "x-ms-throttle-information": "ResourceUnitLimitExceeded",
    }
    inner: dict[str, Json] = {"code": "429", "message": "Please retry after", "status": "429"}
    return GraphError(
        HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequests", "Too many requests.", headers=headers, inner=inner
    )


def _throttle(active: Active, _: GraphRequest) -> None:
    active.strike()
    raise too_many_requests(active["retry_after"])


def _server_error(active: Active, _: GraphRequest) -> None:
    active.strike()
    status = HTTPStatus(int(active["status"]))
    headers = retry_after(active["retry_after"])
    match active["body"]:
        case "html":
            raise Instead(GraphResponse(status, _HTML, {"Content-Type": "text/html"} | headers))
        case "empty":
            raise Instead(GraphResponse(status, b"", headers))
        case _:
            code = _CODES.get(status, "generalException")
            raise GraphError(status, code, "The server could not answer.", headers=headers)


def _unauthorized(active: Active, _: GraphRequest) -> None:
    active.strike()
    raise errors.bad_token("Access token has expired or is not yet valid.")


def _challenge(active: Active, request: GraphRequest) -> None:
    # Met once a token was asked for with these claims: the service marks such tokens.
    if request.headers.get("x-simulated-claims") == "answered":
        return
    active.strike()
    claims = base64url(b'{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}')
    challenge = (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
        f'error="insufficient_claims", claims="{claims}"'
    )
    raise GraphError(
        HTTPStatus.UNAUTHORIZED,
        "InvalidAuthenticationToken",
        "Continuous access evaluation resulted in challenge with result: InteractionRequired.",
        headers={"WWW-Authenticate": challenge},
    )


def _forbidden(active: Active, _: GraphRequest) -> None:
    active.strike()
    raise GraphError(HTTPStatus.FORBIDDEN, active["code"], "Insufficient privileges to complete the operation.")


# Each means that the listing has to begin again. Expiry can come seconds after the first page, in large tenants and
# again and again (msgraph-sdk-java#368, msgraph-sdk-dotnet#2254, cartography#2853).
_LOST_TOKENS: dict[str, Callable[[], GraphError]] = {
    "expired": errors.expired_page_token,
    "not_found": errors.page_token_not_found,
    "not_valid": errors.page_token_not_valid,
}


def _expired_page(active: Active, request: GraphRequest) -> None:
    if request.option("$skiptoken") is not None and options.top(request) > int(active["above"]):
        active.strike()
        lost = _LOST_TOKENS[active["reason"]]()
        raise lost


def _gone(active: Active, request: GraphRequest) -> None:
    if request.option("$deltatoken"):
        active.strike()
        # The server fills in its own address: a fault does not know where it runs.
        gone = errors.resync(active["location"] or f"{request.path}?$deltatoken=")
        gone.code = active["code"]
        raise gone


def _redirect(active: Active, _: GraphRequest) -> None:
    active.strike()
    raise Instead(GraphResponse(int(active["status"]), b"", {"Location": active["to"]}))


def _cut_json(active: Active, response: GraphResponse) -> None:
    response.body = response.body[: int(len(response.body) * float(active["share"]))]


def _bom(_: Active, response: GraphResponse) -> None:
    response.body = b"\xef\xbb\xbf" + response.body


def _html(_: Active, response: GraphResponse) -> None:
    response.body = _HTML
    response.headers["Content-Type"] = "text/html; charset=utf-8"


def _error_in_200(active: Active, response: GraphResponse) -> None:
    response.body = GraphResponse.of({"error": {"code": active["code"], "message": "Not really."}}).body


def _nan(_: Active, response: GraphResponse) -> None:
    response.body = response.body[:-1] + b',"extra":NaN}'


def _duplicate(_: Active, response: GraphResponse) -> None:
    response.body = response.body[:-1] + b',"value":[]}'


def _not_list(_: Active, response: GraphResponse) -> None:
    response.body = b'{"value":{"id":"1"}}'


def _deep(active: Active, response: GraphResponse) -> None:
    depth = int(active["depth"])
    response.body = b'{"value":' + b"[" * depth + b"]" * depth + b"}"


def _nothing(_: Active, response: GraphResponse) -> None:
    response.body = b""


def _other_type(active: Active, response: GraphResponse) -> None:
    response.headers["Content-Type"] = active["content_type"]


def _slow(active: Active, response: GraphResponse) -> None:
    response.travel = Travel(wait=float(active["wait"]), rate=active["rate"])


def _cut(active: Active, response: GraphResponse) -> None:
    response.travel = Travel(cut_after=float(active["share"]))


def _reset(_: Active, response: GraphResponse) -> None:
    response.travel = Travel(reset=True)


def _answer(
    name: str, text: str, effect: Callable[[Active, GraphRequest], None], path: str = "*", **options: Json
) -> Fault:
    return Fault(name, text, Stage.ANSWER, effect, path, options)


def _body(name: str, text: str, effect: Callable[[Active, GraphResponse], None], **options: Json) -> Fault:
    return Fault(name, text, Stage.BODY, effect, "/users", options)


ANSWER_FAULTS = (
    _answer("throttle", "429, with retry_after= a number, text, date:SECONDS or null.", _throttle, retry_after=1),
    _answer(
        "server_error",
        "A 5xx (status=), with body= json, html or empty.",
        _server_error,
        status=503,
        retry_after=None,
        body="json",
    ),
    Fault("unauthorized_once", "One 401, as if the token had just expired.", Stage.ANSWER, _unauthorized, "*", times=1),
    _answer("unauthorized_always", "401 whatever the token.", _unauthorized),
    _answer("claims_challenge", "401 with a claims challenge, until a token answers it.", _challenge),
    _answer("forbidden", "403, as when a permission was taken away.", _forbidden, code="Authorization_RequestDenied"),
    _answer(
        "mailbox_forbidden",
        "403 on mailbox settings, as an Exchange access policy answers.",
        _forbidden,
        "/users/*/mailboxSettings*",
        code="ErrorAccessDenied",
    ),
    _answer(
        "expired_page_token",
        f"400 on a later page: reason= {', '.join(_LOST_TOKENS)}; only where pages hold more than above=.",
        _expired_page,
        reason="expired",
        above=0,
    ),
    _answer(
        "delta_gone",
        "410 on a stored delta token, with the way to a full round.",
        _gone,
        "/*/delta",
        code="resyncRequired",
        location=None,
    ),
    _answer(
        "redirect",
        "A redirect (status=) to another host (to=).",
        _redirect,
        status=302,
        to="https://graph.attacker.example/v1.0/users",
    ),
    _body("malformed_json", "JSON cut off in the middle, with a right length.", _cut_json, share=0.5),
    _body("bom", "A byte order mark before the JSON.", _bom),
    _body("html_page", "200 with an HTML page, as of a proxy.", _html),
    _body("error_in_200", "200 with an error body.", _error_in_200, code="UnknownError"),
    _body("nan", "JSON with NaN in it.", _nan),
    _body("duplicate_keys", "JSON with `value` twice.", _duplicate),
    _body("value_not_list", "`value` is an object.", _not_list),
    _body("deep_nesting", "JSON nested very deep.", _deep, depth=100_000),
    _body("empty_body", "200 with nothing.", _nothing),
    _body("wrong_content_type", "JSON sent as another type.", _other_type, content_type="text/plain"),
    _body("slow_page", "wait= seconds before the answer, or rate= bytes in a second.", _slow, wait=0.0, rate=None),
    _body("page_cut_short", "The connection closes after a share of the body.", _cut, share=0.5),
    _body("connection_reset", "The connection closes before any answer.", _reset),
)
