"""Access tokens and id tokens as Entra writes them, and how Graph reads the former."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import jwt

from mailroll_simulator.clock import Clock
from mailroll_simulator.errors import bad_token
from mailroll_simulator.keys import KeyRing, SigningKey
from mailroll_simulator.objects import User
from mailroll_simulator.registrations import App, ServicePrincipal
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json, base64url, guid

GRAPH = "https://graph.microsoft.com"
GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
_APP_MARKER = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"
_USER_MARKER = "b79fbf4d-3ef9-4689-8143-76b194e85509"
_GUEST_MARKER = "10dae51f-b6af-4016-8d66-8c2a99b929b3"
# Access tokens live 60 to 90 minutes, at random; id tokens an hour.
_SHORTEST, _LONGEST, _ID_TOKEN_LIFE = 3600, 5400, 3600
_REMEMBERED = 2000
_REVOCATIONS = "simulated_revocations"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A valid access token as Graph sees it."""

    tenant_id: str
    client_id: str
    principal_id: str
    roles: frozenset[str]
    claims_answered: bool  # it was asked for with the claims of a challenge


class Tokens:
    """Mints and reads tokens with the keys, clock and chance of one simulator."""

    def __init__(self, keys: KeyRing, clock: Clock, chance: Random) -> None:
        self.keys = keys
        self.clock = clock
        self.chance = chance
        self._revocations = 0  # each token carries how many there were when it was made
        self._refused_up_to = 0
        self._read: dict[str, dict[str, Any]] = {}
        self._read_with = keys.published

    def app_token(
        self,
        tenant: Tenant,
        app: App,
        principal: ServicePrincipal | None,
        *,
        roles: tuple[str, ...],
        by_certificate: bool,
        audience: str = GRAPH,
        lifetime: int | None = None,
        claims: str | None = None,
    ) -> tuple[str, int]:
        """Give an app-only access token for Graph and its lifetime in seconds."""
        now = int(self.clock.timestamp())
        life = lifetime or self.chance.randint(_SHORTEST, _LONGEST)
        principal_id = principal.id if principal else guid(self.chance)
        payload: dict[str, Json] = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + life,
            "aio": base64url(self.chance.randbytes(24)),
            "app_displayname": app.display_name,
            "appid": app.client_id,
            "appidacr": "2" if by_certificate else "1",
            "idp": f"https://sts.windows.net/{tenant.id}/",
            "idtyp": "app",
            "oid": principal_id,
            "rh": f"1.{base64url(self.chance.randbytes(20))}.",
            "sub": principal_id,
            "tenant_region_scope": tenant.region,
            "tid": tenant.id,
            "uti": base64url(self.chance.randbytes(16)),
            "ver": "1.0",
            "wids": [_APP_MARKER],
        }
        if roles:
            payload["roles"] = list(roles)
        if claims:
            payload["xms_cc"] = ["cp1"]
            payload["simulated_claims"] = claims
        return self.sign(payload | {_REVOCATIONS: self._revocations}), life

    def revoke(self) -> None:
        """Refuse all access tokens given so far. Times in tokens are whole seconds: they could not tell which."""
        self._revocations += 1
        self._refused_up_to = self._revocations

    def forgive(self) -> None:
        """Take tokens that were revoked again."""
        self._refused_up_to = 0

    def user_token(self, tenant: Tenant, app: App, user: User, scopes: tuple[str, ...]) -> tuple[str, int]:
        """Give a delegated access token: good for nothing in this Graph, whose routes are for apps."""
        now, life = int(self.clock.timestamp()), self.chance.randint(_SHORTEST, _LONGEST)
        payload: dict[str, Json] = {
            "aud": GRAPH,
            "iss": f"https://sts.windows.net/{tenant.id}/",
            "iat": now,
            "nbf": now,
            "exp": now + life,
            "appid": app.client_id,
            "idtyp": "user",
            "oid": user.id,
            "scp": " ".join(scopes),
            "sub": _pairwise(app.client_id, user.id),
            "tid": tenant.id,
            "upn": user.upn,
            "uti": base64url(self.chance.randbytes(16)),
            "ver": "1.0",
        }
        return self.sign(payload), life

    def id_claims(
        self, tenant: Tenant, app: App, user: User, *, issuer: str, nonce: str | None, scopes: frozenset[str]
    ) -> dict[str, Json]:
        """Give the claims of an id token: `profile` brings oid and names, the registration brings wids."""
        now = int(self.clock.timestamp())
        claims: dict[str, Json] = {
            "aud": app.client_id,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + _ID_TOKEN_LIFE,
            "rh": f"1.{base64url(self.chance.randbytes(20))}.",
            "sub": _pairwise(app.client_id, user.id),
            "tid": tenant.id,
            "uti": base64url(self.chance.randbytes(16)),
            "ver": "2.0",
        }
        if nonce is not None:
            claims["nonce"] = nonce
        if "profile" in scopes:
            claims |= {"oid": user.id, "name": user.text("displayName"), "preferred_username": user.upn}
        if "email" in scopes and user.mail:
            claims["email"] = user.mail
        if app.role_claims:
            marker = _GUEST_MARKER if user.text("userType") == "Guest" else _USER_MARKER
            claims["wids"] = [*(role.value for role in user.roles), marker]
        if user.home_tenant is not None:
            claims["idp"] = f"https://sts.windows.net/{user.home_tenant}/"
        return claims

    def sign(self, payload: Mapping[str, Json], key: SigningKey | None = None) -> str:
        signer = key or self.keys.current
        return jwt.encode(dict(payload), signer.private, "RS256", headers={"kid": signer.kid, "x5t": signer.kid})

    def bearer(self, authorization: str | None) -> Bearer:
        """Read the Authorization header as Graph does; a 401 GraphError where it does not hold."""
        if authorization is None:
            raise bad_token("Access token is empty.")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise bad_token("Access token is empty.")
        if self._read_with is not self.keys.published:  # rotated since: what was signed before is looked at anew
            self._read_with = self.keys.published
            self._read.clear()
        claims = self._read.get(token) or self._verified(token)
        now = self.clock.timestamp()
        revoked = claims.get(_REVOCATIONS, 0) < self._refused_up_to
        if revoked or not float(claims["nbf"]) <= now < float(claims["exp"]):
            raise bad_token("Lifetime validation failed, the token is expired.")
        if claims["aud"] not in {GRAPH, GRAPH_APP_ID}:
            raise bad_token("Access token validation failure. Invalid audience.")
        return Bearer(
            claims["tid"],
            claims["appid"],
            claims["oid"],
            frozenset(claims.get("roles", ())),
            "simulated_claims" in claims,
        )

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = next(key for key in self.keys.published if key.kid == kid)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.private.public_key(),
                ["RS256"],
                options={
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "require": ["aud", "exp", "iat", "nbf", "tid", "appid", "oid"],
                },
            )
        except (jwt.InvalidTokenError, StopIteration) as error:
            raise bad_token("CompactToken parsing failed with error code: 80049217.") from error
        if len(self._read) >= _REMEMBERED:
            self._read.clear()
        self._read[token] = claims
        return claims


def _pairwise(client_id: str, user_id: str) -> str:
    return base64url(hashlib.sha256(f"{client_id}:{user_id}".encode()).digest())
