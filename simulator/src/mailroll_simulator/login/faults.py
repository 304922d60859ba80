"""Faults at the token endpoint that strike before anything else is looked at."""

from http import HTTPStatus

from mailroll_simulator.faults.answers import retry_after
from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.answers import refusal
from mailroll_simulator.login.wire import LoginResponse, Trace
from mailroll_simulator.values import Json
from mailroll_simulator.world import World

_HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Proxy sign-in needed</body></html>"


def token_fault(world: World, trace: Trace, tenant_id: str | None) -> LoginResponse | None:
    """Give the answer of the first fault that strikes; None where none does."""
    faults = world.faults
    if active := faults.take("throttle_token", tenant=tenant_id):
        response = refusal(LoginError(90055), trace)
        response.status = HTTPStatus.TOO_MANY_REQUESTS
        response.headers |= retry_after(active["retry_after"])
    elif active := faults.take("token_server_error", tenant=tenant_id):
        response = refusal(LoginError(90033), trace)
        response.status = int(active["status"])
    elif active := faults.take("token_html_page", tenant=tenant_id):
        response = LoginResponse(HTTPStatus.OK, _HTML, {"Content-Type": "text/html; charset=utf-8"})
    elif active := faults.take("token_error", tenant=tenant_id):
        extra: dict[str, Json] = {name: active[name] for name in ("claims", "suberror") if active[name] is not None}
        response = refusal(LoginError(int(active["code"]), extra=extra), trace)
    else:
        return None
    response.fault = active.name
    return response
