"""What an id token is worth: signed by Microsoft for this sign-in, and by whom of which tenant it speaks.

Claims and keys: Microsoft Entra "ID token claims reference" and "Secure applications by validating claims".
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt

from mailroll.connectors.consent import SignedInPerson
from mailroll.connectors.microsoft365.http.patience import Timer
from mailroll.connectors.microsoft365.settings import GUID, PERSONAL_ACCOUNTS
from mailroll.reconcile.errors import NotVerified

LEEWAY: Final = 300.0
"""Seconds that two clocks may differ."""
KEYS_KEPT: Final = 86_400.0
KEYS_APART: Final = 60.0
"""Seconds between two fetches of the keys: an unknown key makes nobody ask more often."""

GLOBAL_ADMINISTRATOR: Final = "62e90394-69f5-4237-9190-012177145e10"
PRIVILEGED_ROLE_ADMINISTRATOR: Final = "e8611ab8-c189-46e8-94e1-60213ab1f814"
ADMINISTRATORS: Final[Mapping[str, str]] = {
    GLOBAL_ADMINISTRATOR: "Global Administrator",
    PRIVILEGED_ROLE_ADMINISTRATOR: "Privileged Role Administrator",
}
"""Only they may consent to application permissions of Graph; by the id of the role's template."""

_PLACEHOLDER: Final = "{tenantid}"
_SHOWN_MAX: Final = 320

Fetch = Callable[[], Awaitable[Sequence[Mapping[str, Any]]]]


def role_of(templates: frozenset[str] | None) -> str | None:
    """Return the name of the role that may consent; empty where there is none, None where nobody knows."""
    if templates is None:
        return None
    return next((label for template, label in ADMINISTRATORS.items() if template in templates), "")


@dataclass(frozen=True, slots=True)
class _Key:
    key: jwt.PyJWK
    issuer: str


class SigningKeys:
    """The published keys of one sign-in host. They change without notice, so an unknown one is looked for anew."""

    def __init__(self, clock: Timer) -> None:
        self._clock = clock
        self._keys: Mapping[str, _Key] = {}
        self._fetched: float | None = None

    async def find(self, kid: str, fetch: Fetch) -> _Key:
        age = None if self._fetched is None else self._clock.monotonic() - self._fetched
        if age is None or age > KEYS_KEPT or (kid not in self._keys and age >= KEYS_APART):
            self._keys = dict(_usable(await fetch()))
            self._fetched = self._clock.monotonic()
        if kid not in self._keys:
            raise flawed("id_token_key", "It is signed with a key that Microsoft does not publish.")
        return self._keys[kid]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token has to agree with. `nonce` is the one sent with the browser, `login` the sign-in host."""

    client: str
    login: str
    nonce: str


async def person(token: str, expected: Expected, keys: SigningKeys, fetch: Fetch, clock: Timer) -> SignedInPerson:
    """Validate an id token, and tell of whom it speaks; raises `NotVerified`.

    1. signed with RS256 by a published key, for this client
    2. tenant and issuer agree with each other, with the sign-in host and with the key
    3. within its time, and made for this very sign-in
    4. a member of the tenant, not a guest and not a personal account
    """
    kid = _kid(token)
    key = await keys.find(kid, fetch)
    claims = _signed(token, key.key, expected.client)
    tenant, identity = (_guid(claims, name) for name in ("tid", "oid"))
    issuer = f"{expected.login}/{tenant}/v2.0"
    if claims.get("iss") != issuer:
        raise flawed("id_token_issuer", "Its issuer is not the sign-in service of the tenant it names.")
    if key.issuer.replace(_PLACEHOLDER, tenant) != issuer:
        raise flawed("id_token_issuer", "It is signed with a key that is not for this tenant.")
    _check_time(claims, clock.time())
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise flawed("id_token_nonce", "It was made for another sign-in.")
    if tenant == PERSONAL_ACCOUNTS:
        raise NotVerified(
            "personal_account",
            "This is a personal Microsoft account, and those belong to no organization.",
            "Sign in with an administrator of the organization's Microsoft 365.",
        )
    account = claims.get("preferred_username")
    account_name = account[:_SHOWN_MAX] if isinstance(account, str) and account.isprintable() else ""
    _refuse_guest(claims, tenant, issuer, account_name)
    return SignedInPerson(tenant, identity, account_name, role_of(_roles(claims)))


def flawed(code: str, flaw: str) -> NotVerified:
    return NotVerified(
        code,
        f"The proof of sign-in does not hold. {flaw}",
        "Start again. If it happens again, somebody between this Console and Microsoft may be changing answers.",
    )


def _usable(published: Sequence[Mapping[str, Any]]) -> Sequence[tuple[str, _Key]]:
    """A key that cannot be read is left out: one new kind of key shall not lock everybody out."""
    keys = []
    for jwk in published:
        kid, issuer = jwk.get("kid"), jwk.get("issuer")
        if not isinstance(kid, str) or not isinstance(issuer, str) or jwk.get("kty") != "RSA":
            continue
        try:
            keys.append((kid, _Key(jwt.PyJWK(dict(jwk), algorithm="RS256"), issuer)))
        except (jwt.PyJWTError, ValueError):
            continue
    return keys


def _kid(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token.encode("ascii"))
    except (jwt.PyJWTError, UnicodeEncodeError) as fault:
        raise flawed("id_token_malformed", "It is no token at all.") from fault
    if header.get("alg") != "RS256":
        raise flawed("id_token_algorithm", "It is not signed in the way that Microsoft signs.")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise flawed("id_token_key", "It does not say with which key it is signed.")
    return kid


def _signed(token: str, key: jwt.PyJWK, client: str) -> Mapping[str, Any]:
    """Check signature and audience. Times are checked here, by our clock."""
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=client,
            options={
                "require": ["exp", "nbf", "iat", "aud", "iss"],
                "strict_aud": True,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except jwt.InvalidAudienceError as fault:
        raise flawed("id_token_audience", "It was made for another application.") from fault
    except jwt.MissingRequiredClaimError as fault:
        raise flawed("id_token_incomplete", "Something is missing in it.") from fault
    except jwt.PyJWTError as fault:
        raise flawed("id_token_signature", "Its signature is wrong.") from fault
    return claims


def _guid(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not GUID.fullmatch(value.lower()):
        raise flawed(
            "id_token_incomplete", f"It does not say {'which tenant' if name == 'tid' else 'who'} it is about."
        )
    return value.lower()


def _check_time(claims: Mapping[str, Any], now: float) -> None:
    times = {name: claims[name] for name in ("exp", "nbf", "iat")}
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in times.values()):
        raise flawed("id_token_incomplete", "Its times are none.")
    if times["exp"] + LEEWAY <= now:
        raise flawed("id_token_expired", "It is too old.")
    if max(times["nbf"], times["iat"]) - LEEWAY > now:
        raise flawed("id_token_early", "It is from the future, or the clock of this machine is wrong.")


def _refuse_guest(claims: Mapping[str, Any], tenant: str, issuer: str, account_name: str) -> None:
    """`idp` names the home of somebody who is not at home in this tenant."""
    home = claims.get("idp")
    if home is not None and home not in (issuer, f"https://sts.windows.net/{tenant}/"):
        raise NotVerified(
            "guest_account",
            f"{account_name or 'This account'} is a guest in that tenant, and a guest may not decide for it.",
            "Sign in with an administrator who belongs to the tenant itself.",
        )


def _roles(claims: Mapping[str, Any]) -> frozenset[str] | None:
    wids = claims.get("wids")
    if not isinstance(wids, list):
        return None
    return frozenset(wid.lower() for wid in wids if isinstance(wid, str))
