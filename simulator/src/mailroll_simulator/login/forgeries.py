"""Forged id tokens and forged callbacks, for a client that has to see through them."""

import hashlib
import hmac
import json
from collections.abc import Mapping

from mailroll_simulator.faults.switchboard import Active
from mailroll_simulator.faults.tokens import CALLBACK_FORGERIES, ID_TOKEN_FORGERIES
from mailroll_simulator.values import Json, base64url, guid
from mailroll_simulator.world import World

_HOUR = 3600


def other_tenant_id(world: World, tenant_id: str, wanted: str | None) -> str:
    """Give the wanted tenant's id, else that of another tenant of the simulator, else a made-up one."""
    if wanted is not None:
        return wanted.lower()
    return next((other for other in world.tenants if other != tenant_id), None) or guid(world.chance)


def forged_id_token(world: World, claims: Mapping[str, Json], active: Active) -> str:
    """Give an id token that is wrong in one way, the rest of it right."""
    kind, forged = active["kind"], dict(claims)
    if kind not in ID_TOKEN_FORGERIES:
        raise ValueError(f"no forgery of an id token is called {kind}")
    now = int(world.clock.timestamp())
    changes: dict[str, dict[str, Json]] = {
        "nonce": {"nonce": guid(world.chance)},
        "audience": {"aud": guid(world.chance)},
        "issuer": {"iss": f"https://login.attacker.example/{claims['tid']}/v2.0"},
        # The issuer stays: it names another tenant than tid does.
        "tenant": {"tid": other_tenant_id(world, str(claims["tid"]), active["tenant_id"])},
        "expired": {"iat": now - 2 * _HOUR, "nbf": now - 2 * _HOUR, "exp": now - _HOUR},
        "future": {"iat": now + _HOUR, "nbf": now + _HOUR, "exp": now + 2 * _HOUR},
    }
    if kind in changes:
        forged |= changes[kind]
    elif kind.startswith("no_"):
        forged.pop(kind.removeprefix("no_"), None)
    else:
        return _wrongly_signed(world, forged, kind)
    return world.tokens.sign(forged)


def _wrongly_signed(world: World, claims: Mapping[str, Json], kind: str) -> str:
    keys = world.tokens.keys
    known = {"typ": "JWT", "kid": keys.current.kid}
    if kind == "none":
        return f"{_part(known | {'alg': 'none'})}.{_part(claims)}."
    if kind == "hs256":  # the public key taken for a shared secret
        signed = f"{_part(known | {'alg': 'HS256'})}.{_part(claims)}"
        digest = hmac.new(keys.current.public_pem(), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64url(digest)}"
    stranger = world.tokens.sign(claims, keys.stranger())
    if kind == "unknown_kid":
        return stranger
    header, payload, _ = world.tokens.sign(claims).split(".")
    return f"{header}.{payload}.{stranger.rpartition('.')[2]}"


def _part(value: Mapping[str, Json]) -> str:
    return base64url(json.dumps(dict(value)).encode())


def forged_callback(world: World, parameters: Mapping[str, str], active: Active, tenant_id: str) -> dict[str, str]:
    """Give the parameters of an admin consent callback with one of them forged."""
    kind, forged = active["kind"], dict(parameters)
    if kind not in CALLBACK_FORGERIES:
        raise ValueError(f"no forgery of a callback is called {kind}")
    match kind:
        case "tenant":
            forged["tenant"] = other_tenant_id(world, tenant_id, active["tenant_id"])
        case "no_tenant":
            forged.pop("tenant", None)
        case "no_state":
            forged.pop("state", None)
        case "other_state":
            forged["state"] = guid(world.chance)
        case _:  # an error, and all that a success has beside it
            forged |= {"error": "access_denied", "error_description": "AADSTS65004: The request was denied."}
    return forged
