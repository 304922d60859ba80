"""The token endpoint: which grant is asked for, and how a refusal is told."""

from http import HTTPMethod

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.answers import NO_STORE, refusal
from mailroll_simulator.login.app_tokens import client_credentials
from mailroll_simulator.login.credentials import client_id_of
from mailroll_simulator.login.directories import CONSUMERS, tenant_of
from mailroll_simulator.login.faults import token_fault
from mailroll_simulator.login.store import Store
from mailroll_simulator.login.user_tokens import redeem_code, refresh
from mailroll_simulator.login.wire import Ask, LoginRequest, LoginResponse, Trace
from mailroll_simulator.world import World

_GRANTS = {"client_credentials": client_credentials, "authorization_code": redeem_code, "refresh_token": refresh}


def token(world: World, store: Store, request: LoginRequest, name: str, trace: Trace) -> LoginResponse:
    """Answer a token request; a refusal is answered too, never raised."""
    tenant_id = None
    try:
        tenant = None if name.lower() in CONSUMERS else tenant_of(world, name)
        tenant_id = tenant.id if tenant else None
        response = token_fault(world, trace, tenant_id)
        if response is None:
            ask = _asked(Ask(world, store, request, request.form, name, tenant))
            response = _answer(ask, trace)
            response.client_id = ask.client_id
    except LoginError as error:
        response = refusal(error, trace)
    response.tenant_id = tenant_id
    response.headers |= NO_STORE
    return response


def _asked(ask: Ask) -> Ask:
    method = ask.request.method
    if method != HTTPMethod.POST:
        raise LoginError(900561, f"The endpoint only accepts POST requests. Received a {method} request.")
    grant_type = ask.fields.require("grant_type")
    if grant_type not in _GRANTS:
        raise LoginError(70003, f"The app requested an unsupported grant type '{grant_type}'.")
    ask.client_id = client_id_of(ask.request, ask.fields)
    return ask


def _answer(ask: Ask, trace: Trace) -> LoginResponse:
    try:
        return _GRANTS[ask.fields.require("grant_type")](ask)
    except LoginError as error:
        return refusal(error, trace)
