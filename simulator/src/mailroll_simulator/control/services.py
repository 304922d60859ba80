"""Levers on faults, time, apps, tokens and the log of requests."""

from datetime import UTC, datetime, timedelta

from mailroll_simulator.control.routes import Call, NotThere, Route
from mailroll_simulator.faults.switchboard import Active
from mailroll_simulator.login.consents import grant, withdraw
from mailroll_simulator.registrations import App, ServicePrincipal, register
from mailroll_simulator.values import Json, instant
from mailroll_simulator.world import World

_SWITCHES = ("seed", "times", "at_page", "path", "tenant", "options")
_SOME = 1000  # requests shown where no limit is given


def _active(active: Active) -> dict[str, Json]:
    return {
        "name": active.name,
        "path": active.path,
        "tenant": active.tenant,
        "at_page": active.at_page,
        "times": active.times,
        "struck": active.struck,
        "options": active.options,
    }


def _faults(call: Call) -> Json:
    board = call.world.faults
    return {
        "faults": [
            {"name": name, "text": text, "options": board.options(name)} for name, text in board.names().items()
        ],
        "active": [_active(active) for active in board.active()],
    }


def _switch_on(call: Call) -> Json:
    body = dict(call.only(*_SWITCHES))
    name = call.path["name"]
    if name not in call.world.faults.names():
        raise NotThere(f"no fault {name}")
    options = body.pop("options", None) or {}
    return _active(call.world.faults.on(name, **body, **options))


def _switch_off(call: Call) -> Json:
    call.world.faults.off(call.path["name"])
    return None


def _all_off(call: Call) -> Json:
    call.world.faults.clear()
    return None


def _limits(call: Call) -> Json:
    return {"on": call.world.limits.on}


def _set_limits(call: Call) -> Json:
    on = call.only("on").get("on")
    if not isinstance(on, bool):
        raise TypeError("on is true or false")
    call.world.limits.on = on
    return _limits(call)


def _time(call: Call) -> Json:
    return {"now": call.world.clock.now().isoformat()}


def _advance(call: Call) -> Json:
    call.only("seconds")
    call.world.clock.advance(float(call.need("seconds")))
    return _time(call)


def _stop(call: Call) -> Json:
    at = call.only("at").get("at")
    moment = datetime.fromisoformat(at) if at is not None else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError("at lacks its time zone")
    call.world.clock.stop(moment.astimezone(UTC) if moment else None)
    return _time(call)


def _resume(call: Call) -> Json:
    call.world.clock.resume()
    return _time(call)


def _requests(call: Call) -> Json:
    server, start = call.query.get("server"), call.query.get("path", "")
    found = [
        seen
        for seen in call.world.requests
        if (server is None or seen.server == server) and seen.path.startswith(start)
    ]
    return {"count": len(found), "requests": [seen.as_json() for seen in found[-int(call.query.get("limit", _SOME)) :]]}


def _forget(call: Call) -> Json:
    call.world.requests.clear()
    return None


def _app(world: World, app: App) -> dict[str, Json]:
    consented = [tenant.id for tenant in world.tenants.values() if app.client_id in tenant.principals]
    return {
        "client_id": app.client_id,
        "display_name": app.display_name,
        "permissions": app.permissions,
        "redirect_uris": app.redirect_uris,
        "home_tenant": app.home_tenant,
        "public_client": app.public_client,
        "role_claims": app.role_claims,
        "disabled": app.disabled,
        "secrets": len(app.secrets),
        "certificates": len(app.certificates),
        "known_in": consented,
    }


def _apps(call: Call) -> Json:
    return {"apps": [_app(call.world, app) for app in call.world.apps.values()]}


def _register(call: Call) -> Json:
    body = call.only("display_name", "permissions", "redirect_uris")
    app = register(
        call.world.chance,
        display_name=str(call.need("display_name")),
        permissions=tuple(body.get("permissions", ())),
        redirect_uris=tuple(body.get("redirect_uris", ())),
    )
    call.world.apps[app.client_id] = app
    return _app(call.world, app)


def _change_app(call: Call) -> Json:
    body = call.only("permissions", "redirect_uris", "home_tenant", "public_client", "role_claims", "disabled")
    for name, value in body.items():
        setattr(call.app, name, tuple(value) if isinstance(value, list) else value)
    return _app(call.world, call.app)


def _add_secret(call: Call) -> Json:
    seconds = call.only("expires_in").get("expires_in")
    expires = None if seconds is None else call.world.clock.now() + timedelta(seconds=float(seconds))
    return {"secret": call.app.add_secret(expires=expires), "expires": instant(expires) if expires else None}


def _drop_secrets(call: Call) -> Json:
    call.app.secrets.clear()
    return None


def _add_certificate(call: Call) -> Json:
    call.only("pem")
    call.app.add_certificate(call.need("pem"))
    return _app(call.world, call.app)


def _drop_certificates(call: Call) -> Json:
    call.app.certificates.clear()
    return None


def _principal(principal: ServicePrincipal) -> dict[str, Json]:
    return {
        "id": principal.id,
        "client_id": principal.client_id,
        "roles": principal.roles,
        "enabled": principal.enabled,
        "known_at": principal.known_at,
        "ready_at": principal.ready_at,
    }


def _consent(call: Call) -> Json:
    delay = float(call.only("delay").get("delay", 0.0))
    return _principal(grant(call.world, call.app, call.tenant, delay=delay))


def _change_principal(call: Call) -> Json:
    """Take roles away, or disable the app in the tenant."""
    body = call.only("roles", "enabled")
    principal = call.tenant.principals.get(call.app.client_id)
    if principal is None:
        raise NotThere(f"{call.app.client_id} is not known in {call.tenant.id}")
    if "roles" in body:
        principal.roles = tuple(body["roles"])
    if "enabled" in body:
        principal.enabled = bool(body["enabled"])
    return _principal(principal)


def _withdraw(call: Call) -> Json:
    withdraw(call.app, call.tenant)
    return None


def _consent_delay(call: Call) -> Json:
    call.only("seconds")
    call.login.consent_delay = float(call.need("seconds"))
    return {"seconds": call.login.consent_delay}


def _revoke(call: Call) -> Json:
    call.world.tokens.revoke()
    return None


def _rotate(call: Call) -> Json:
    keep = bool(call.only("keep_old").get("keep_old", True))
    return {"kid": call.world.tokens.keys.rotate(keep_old=keep).kid}


SERVICES = (
    Route("GET", "/faults", "all faults with their options, and those that are on", _faults),
    Route("PUT", "/faults/{name}", "switch one on: {seed, times, at_page, path, tenant, options: {}}", _switch_on),
    Route("DELETE", "/faults/{name}", "switch one off", _switch_off),
    Route("DELETE", "/faults", "switch all off", _all_off),
    Route("GET", "/limits", "whether Microsoft's limits hold", _limits),
    Route("PUT", "/limits", "let them hold, or not: {on}", _set_limits),
    Route("GET", "/clock", "the simulator's time", _time),
    Route("POST", "/clock/advance", "move the time on: {seconds}", _advance),
    Route("POST", "/clock/stop", "stop the time, now or {at}", _stop),
    Route("POST", "/clock/resume", "follow the real time", _resume),
    Route("GET", "/requests", "requests seen: ?server=login|graph|front &path=START &limit=N", _requests),
    Route("DELETE", "/requests", "forget them", _forget),
    Route("GET", "/apps", "app registrations", _apps),
    Route("POST", "/apps", "register: {display_name, permissions, redirect_uris}", _register),
    Route(
        "PATCH",
        "/apps/{app}",
        "change: {permissions, redirect_uris, home_tenant, public_client, role_claims, disabled}",
        _change_app,
    ),
    Route("POST", "/apps/{app}/secrets", "add a secret: {expires_in} seconds, or for ever", _add_secret),
    Route("DELETE", "/apps/{app}/secrets", "delete all its secrets", _drop_secrets),
    Route("POST", "/apps/{app}/certificates", "add a certificate: {pem}", _add_certificate),
    Route("DELETE", "/apps/{app}/certificates", "delete all its certificates", _drop_certificates),
    Route("PUT", "/tenants/{tenant}/apps/{app}", "consent as an administrator: {delay} seconds", _consent),
    Route("PATCH", "/tenants/{tenant}/apps/{app}", "change what was granted: {roles, enabled}", _change_principal),
    Route("DELETE", "/tenants/{tenant}/apps/{app}", "delete the app from the tenant", _withdraw),
    Route("PUT", "/consent-delay", "how long consent on the page takes to spread: {seconds}", _consent_delay),
    Route("POST", "/tokens/revoke", "refuse all access tokens given so far", _revoke),
    Route("POST", "/keys/rotate", "sign with a new key: {keep_old} says whether the old one stays published", _rotate),
)
