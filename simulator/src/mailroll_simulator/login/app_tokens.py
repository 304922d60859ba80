"""Client credentials: a token for an app by itself, with the roles that a tenant consented to."""

import json

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.credentials import prove
from mailroll_simulator.login.directories import ORGANIZATIONS
from mailroll_simulator.login.forgeries import other_tenant_id
from mailroll_simulator.login.wire import Ask, Fields, LoginResponse
from mailroll_simulator.registrations import App, ServicePrincipal
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tokens import GRAPH
from mailroll_simulator.world import World

_DEFAULT = "/.default"


def client_credentials(ask: Ask) -> LoginResponse:
    """Give an app token, or one that a fault made wrong.

    1. a concrete tenant, and all that Graph offers as scope
    2. an app that the tenant knows by now
    3. its credential
    4. the roles it holds, once consent has spread
    """
    world, tenant = ask.world, ask.tenant
    if tenant is None:
        if ask.name.lower() != ORGANIZATIONS:
            raise LoginError(9001023)
        raise LoginError(
            50059, "No tenant-identifying information found in either the request or implied by any credentials."
        )
    _graph_default(world, ask.fields.require("scope"))
    app, principal = _known(world, ask.client_id, tenant)
    by_certificate = prove(ask, app, tenant)
    roles = principal.roles if world.clock.timestamp() >= principal.ready_at else ()
    roleless, short, astray, other = (
        world.faults.take(name, tenant=tenant.id)
        for name in ("roleless_token", "short_lived_token", "token_wrong_audience", "token_for_other_tenant")
    )
    holder = _stand_in(world, tenant, other["tenant_id"]) if other else tenant
    access, life = world.tokens.app_token(
        holder,
        app,
        holder.principals.get(app.client_id, principal),
        roles=() if roleless else roles,
        by_certificate=by_certificate,
        audience=str(astray["audience"]) if astray else GRAPH,
        lifetime=int(short["seconds"]) if short else None,
        claims=_challenge(ask.fields),
    )
    response = LoginResponse.of(
        {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": access}
    )
    response.fault = next((active.name for active in (roleless, short, astray, other) if active), None)
    return response


def _graph_default(world: World, scope: str) -> None:
    if scope in {f"{GRAPH}{_DEFAULT}", f"{world.graph_url}{_DEFAULT}"}:
        return
    if scope.endswith(_DEFAULT) and " " not in scope:
        resource = scope.removesuffix(_DEFAULT)
        raise LoginError(500011, f"The resource principal named {resource} was not found in the tenant.")
    if " " in scope.strip() and _DEFAULT in scope:
        raise LoginError(70011, f"The provided value for the input parameter 'scope' is not valid. Scope: {scope}")
    raise LoginError(
        1002012,
        f"The provided value for scope {scope} is not valid. Client credential flows must have "
        "a scope value with /.default suffixed to the resource identifier (application ID URI).",
    )


def _known(world: World, client_id: str, tenant: Tenant) -> tuple[App, ServicePrincipal]:
    """Give the app and its service principal, where the tenant knows it by now."""
    app = world.apps.get(client_id.lower())
    principal = tenant.principals.get(client_id.lower())
    if app is None or principal is None or world.clock.timestamp() < principal.known_at:
        raise LoginError(
            700016,
            f"Application with identifier '{client_id}' was not found in the directory '{tenant.display_name}'. This "
            "can happen if the application has not been installed by the administrator of the tenant or consented to "
            "by any user in the tenant.",
        )
    if app.disabled or not principal.enabled:
        raise LoginError(7000112, f"Application '{app.client_id}'({app.display_name}) is disabled.")
    return app, principal


def _stand_in(world: World, tenant: Tenant, wanted: str | None) -> Tenant:
    """Give another tenant, made up where there is no such one."""
    identifier = other_tenant_id(world, tenant.id, wanted)
    return world.tenants.get(identifier) or Tenant("Another tenant", "another.example", identifier, world.chance)


def _challenge(fields: Fields) -> str | None:
    """Give the claims that a challenge asked for; a client's mere capabilities are no answer to one."""
    text = fields.get("claims")
    if text is None:
        return None
    try:
        asked = json.loads(text)["access_token"]
        answers = {name for name in asked if name != "xms_cc"}
    except (ValueError, KeyError, TypeError) as error:
        raise LoginError(9002313, "Invalid request. The parameter 'claims' is malformed.") from error
    return text if answers else None
