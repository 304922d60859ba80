"""How a client proves that it is who it says: by a secret, or by an assertion that its certificate signed."""

import hmac
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.directories import issuer
from mailroll_simulator.login.wire import Ask, Fields, LoginRequest
from mailroll_simulator.registrations import App, Certificate
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import from_base64url
from mailroll_simulator.world import World

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Which thumbprint goes with which signature.
_THUMBPRINTS = {"PS256": ("x5t#S256", "sha256"), "RS256": ("x5t", "sha1")}
_LONGEST = 600 + 1  # seconds an assertion may live; MSAL's times have fractions
_SKEW = 300


def client_id_of(request: LoginRequest, fields: Fields) -> str:
    """Give the client id, which HTTP Basic may carry in place of the body."""
    basic = request.basic()
    return fields.get("client_id") or (basic[0] if basic else fields.require("client_id"))


def prove(ask: Ask, app: App, tenant: Tenant | None) -> bool:
    """Check the client's credential and say whether it was a certificate; refuse if it does not hold.

    1. exactly one credential, none for a public client
    2. a secret: one of the registration's, not expired
    3. an assertion: see `_assertion`
    """
    fields = ask.fields
    secret, assertion, basic = fields.get("client_secret"), fields.get("client_assertion"), ask.request.basic()
    given = [item for item in (secret, assertion, basic) if item is not None]
    if app.public_client:
        if given:
            raise LoginError(700025)
        return False
    if not given:
        raise LoginError(7000218)
    if len(given) > 1:
        raise LoginError(9002313, "Invalid request. More than one client credential is given.")
    if assertion is not None:
        if fields.require("client_assertion_type") != ASSERTION_TYPE:
            raise LoginError(9002313, "Invalid request. The client_assertion_type is not supported.")
        _assertion(ask.world, assertion, app, _audiences(ask, tenant))
        return True
    if basic is not None:
        if basic[0].lower() != app.client_id:
            raise LoginError(9002313, "Invalid request. Two different client ids are given.")
        secret = basic[1]
    _secret(ask.world, secret or "", app, tenant)
    return False


def _secret(world: World, value: str, app: App, tenant: Tenant | None) -> None:
    found = next((item for item in app.secrets if hmac.compare_digest(item.value.encode(), value.encode())), None)
    if found is None:
        raise LoginError(
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{app.client_id}'.",
        )
    expired = found.expires is not None and found.expires <= world.clock.now()
    inactive = None if expired else world.faults.take("inactive_secret", tenant=tenant.id if tenant else None)
    if expired or inactive is not None:
        refused = LoginError(7000222, f"The provided client secret keys for app '{app.client_id}' are expired.")
        refused.fault = inactive.name if inactive else None
        raise refused


def _audiences(ask: Ask, tenant: Tenant | None) -> frozenset[str]:
    world = ask.world
    found = {world.login_url + ask.request.path}
    if tenant is not None:
        found |= {f"{world.login_url}/{tenant.id}/oauth2/v2.0/token", issuer(world, tenant.id)}
    return frozenset(found)


def _assertion(world: World, assertion: str, app: App, audiences: frozenset[str]) -> None:
    """Check a client assertion.

    1. PS256 with x5t#S256, or RS256 with x5t, of a registered certificate that has not ended
    2. its signature
    3. issuer and subject are the client, the audience is this endpoint, and it has an id
    4. it lives ten minutes at most, and now
    """
    certificate, algorithm = _certificate(assertion, app)
    if certificate.expires <= world.clock.now():
        raise LoginError(700027, "Client assertion contains an invalid signature. [Reason - The key used is expired.]")
    claims = _claims(assertion, certificate, algorithm)
    if claims.get("iss") != claims.get("sub"):
        raise LoginError(50048)
    if claims.get("iss") != app.client_id:
        raise LoginError(700027, "Client assertion was issued by another application.")
    if claims.get("aud") not in audiences:
        raise LoginError(700023)
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise LoginError(50027, "The client assertion has no 'jti' claim.")
    start, end = claims.get("nbf", claims.get("iat")), claims.get("exp")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        raise LoginError(50027, "The client assertion has no valid time range.")
    now = world.clock.timestamp()
    if not start - _SKEW <= now < end + _SKEW or end - start > _LONGEST:
        raise LoginError(700024)


def _certificate(assertion: str, app: App) -> tuple[Certificate, str]:
    try:
        header = jwt.get_unverified_header(assertion)
        algorithm = str(header["alg"])
        name, kind = _THUMBPRINTS[algorithm]
        thumbprint = from_base64url(header[name])
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
        raise LoginError(50027) from error
    found = next((item for item in app.certificates if getattr(item, kind) == thumbprint), None)
    if found is None:
        raise LoginError(
            700027,
            f"The certificate with identifier used to sign the client assertion is not registered on application. "
            f"[Reason - The key was not found., Thumbprint of key used by client: '{thumbprint.hex().upper()}']",
        )
    return found, algorithm


def _claims(assertion: str, certificate: Certificate, algorithm: str) -> dict[str, Any]:
    key = certificate.public_key
    if not isinstance(key, RSAPublicKey):
        raise LoginError(50012)
    try:
        signed = jwt.PyJWS().decode(assertion, key, [algorithm])
        claims = json.loads(signed)
    except jwt.InvalidSignatureError as error:
        raise LoginError(700027, "Client assertion failed signature validation.") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise LoginError(50027) from error
    if not isinstance(claims, dict):
        raise LoginError(50027)
    return claims
