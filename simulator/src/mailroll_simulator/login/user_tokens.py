"""Authorization codes and refresh tokens: what a person who signed in lets an app have."""

import hashlib
import hmac
import json
from dataclasses import dataclass

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.credentials import prove
from mailroll_simulator.login.directories import issuer
from mailroll_simulator.login.forgeries import forged_id_token
from mailroll_simulator.login.store import REFRESH_LIFE, Code, Refresh
from mailroll_simulator.login.wire import Ask, LoginResponse
from mailroll_simulator.objects import User
from mailroll_simulator.registrations import App
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json, base64url
from mailroll_simulator.world import World

OIDC_SCOPES = frozenset(("openid", "profile", "email", "offline_access"))


@dataclass(frozen=True, slots=True)
class Grant:
    """Who let an app have what."""

    user: User
    scopes: tuple[str, ...]
    nonce: str | None


def redeem_code(ask: Ask) -> LoginResponse:
    """Redeem a code: once, in time, by the client and tenant, to the address and with the proof it was made for."""
    app = _registered(ask.world, ask.client_id)
    value, redirect_uri = ask.fields.require("code"), ask.fields.require("redirect_uri")
    code = ask.store.codes.get(value)
    at = ask.world.tenants.get(code.tenant_id.lower()) if code else None
    prove(ask, app, ask.tenant or at)
    if code is None or at is None or code.client_id != app.client_id:
        raise LoginError(70000, "Provided grant is invalid or malformed.")
    if ask.tenant is not None and ask.tenant is not at:
        raise LoginError(700005)
    if code.used:
        raise LoginError(54005)
    if ask.world.clock.timestamp() >= code.expires:
        raise LoginError(70008)
    if code.redirect_uri != redirect_uri:
        raise LoginError(500112)
    code.used = True
    if not _matches(code, ask.fields.get("code_verifier")):
        raise LoginError(501481)
    _consented(app, at)
    _asked_before(ask, code.scopes)
    return _user_tokens(ask, app, at, Grant(_user(at, code.user_id), code.scopes, code.nonce))


def refresh(ask: Ask) -> LoginResponse:
    """Give fresh tokens for a refresh token, and the next one; the old one goes on for a while, as Entra has it."""
    app = _registered(ask.world, ask.client_id)
    held = ask.store.refreshes.get(ask.fields.require("refresh_token"))
    at = ask.world.tenants.get(held.tenant_id.lower()) if held else None
    prove(ask, app, ask.tenant or at)
    if held is None or at is None or held.client_id != app.client_id:
        raise LoginError(70000, "Provided grant is invalid or malformed.")
    if ask.tenant is not None and ask.tenant is not at:
        raise LoginError(50020)
    if ask.world.clock.timestamp() >= held.expires:
        raise LoginError(700082)
    _consented(app, at)
    user = _user(at, held.user_id)
    if user.password != held.password:
        raise LoginError(50173)
    _asked_before(ask, held.scopes)
    return _user_tokens(ask, app, at, Grant(user, held.scopes, None))


def _asked_before(ask: Ask, scopes: tuple[str, ...]) -> None:
    asked = (ask.fields.get("scope") or "").split()
    if any(scope not in scopes and scope not in OIDC_SCOPES for scope in asked):
        raise LoginError(65001)


def _registered(world: World, client_id: str) -> App:
    app = world.apps.get(client_id.lower())
    if app is None:
        raise LoginError(700016, f"Application with identifier '{client_id}' was not found in the directory.")
    return app


def _consented(app: App, tenant: Tenant) -> None:
    principal = tenant.principals.get(app.client_id)
    if principal is None:
        raise LoginError(
            65001,
            f"The user or administrator has not consented to use the application with ID '{app.client_id}' named "
            f"'{app.display_name}'. Send an interactive authorization request for this user and resource.",
        )
    if app.disabled or not principal.enabled:
        raise LoginError(7000112, f"Application '{app.client_id}'({app.display_name}) is disabled.")


def _user(tenant: Tenant, identifier: str) -> User:
    user = tenant.users.get(identifier)
    if user is None:
        raise LoginError(50034)
    if user.properties.get("accountEnabled") is False:
        raise LoginError(50057)
    return user


def _matches(code: Code, verifier: str | None) -> bool:
    if code.challenge is None or verifier is None:
        return code.challenge is None and verifier is None
    digest = hashlib.sha256(verifier.encode()).digest()
    proof = base64url(digest) if code.method == "S256" else verifier
    return hmac.compare_digest(proof.encode(), code.challenge.encode())


def _user_tokens(ask: Ask, app: App, tenant: Tenant, grant: Grant) -> LoginResponse:
    world, scopes, user = ask.world, grant.scopes, grant.user
    shown = tuple(scope for scope in scopes if scope != "offline_access")
    access, life = world.tokens.user_token(tenant, app, user, shown)
    body: dict[str, Json] = {
        "token_type": "Bearer",
        "scope": " ".join(shown),
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": access,
    }
    if "offline_access" in scopes:
        expires = world.clock.timestamp() + REFRESH_LIFE
        body["refresh_token"] = ask.store.add_refresh(
            Refresh(app.client_id, tenant.id, user.id, scopes, user.password, expires)
        )
    fault = None
    if "openid" in scopes:
        claims = world.tokens.id_claims(
            tenant, app, user, issuer=issuer(world, tenant.id), nonce=grant.nonce, scopes=frozenset(scopes)
        )
        active = world.faults.take("forged_id_token", tenant=tenant.id)
        body["id_token"] = forged_id_token(world, claims, active) if active else world.tokens.sign(claims)
        fault = active.name if active else None
    if ask.fields.get("client_info") == "1":
        body["client_info"] = base64url(json.dumps({"uid": user.id, "utid": tenant.id}).encode())
    response = LoginResponse.of(body)
    response.fault = fault
    return response
