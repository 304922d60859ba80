"""Forged id tokens: each is wrong in its one way, and right in all others."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest

from mailroll_simulator.faults.tokens import ID_TOKEN_FORGERIES
from simulator.tests.entrance import FIRM, OTHER, Entrance

CLAIMS = {"aud", "iss", "iat", "nbf", "exp", "nonce", "oid", "tid", "sub", "ver", "wids", "preferred_username", "name"}


def id_token(entrance: Entrance) -> str:
    found: str = entrance.redeem(entrance.code()).json["id_token"]
    return found


def unchecked(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def checked(entrance: Entrance, token: str) -> dict[str, Any]:
    """Validate as a careful client does, but for time and audience."""
    keys = {key.kid: key.private.public_key() for key in entrance.sim.world.tokens.keys.published}
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        ["RS256"],
        options={"verify_exp": False, "verify_aud": False, "verify_nbf": False, "verify_iat": False},
    )
    return claims


def test_a_true_one_has_all_claims_and_a_good_signature(entrance: Entrance) -> None:
    assert checked(entrance, id_token(entrance)).keys() >= CLAIMS


@pytest.mark.parametrize(
    ("kind", "claim"),
    [
        ("nonce", "nonce"),
        ("audience", "aud"),
        ("issuer", "iss"),
        ("tenant", "tid"),
        ("no_oid", "oid"),
        ("no_tid", "tid"),
        ("no_nonce", "nonce"),
    ],
)
def test_one_claim_is_another_or_missing(entrance: Entrance, kind: str, claim: str) -> None:
    true = checked(entrance, id_token(entrance))
    entrance.sim.faults.on("forged_id_token", kind=kind)
    forged = checked(entrance, id_token(entrance))
    steady = CLAIMS - {"iat", "nbf", "exp"}
    assert {name for name in steady if forged.get(name) != true.get(name)} == {claim}
    assert (claim in forged) is not kind.startswith("no_")


def test_a_forged_tenant_is_one_that_there_is(entrance: Entrance) -> None:
    entrance.sim.faults.on("forged_id_token", kind="tenant")
    forged = unchecked(id_token(entrance))
    assert forged["tid"] == OTHER
    assert FIRM in forged["iss"]


@pytest.mark.parametrize(("kind", "past"), [("expired", True), ("future", False)])
def test_its_time_is_over_or_has_not_come(entrance: Entrance, kind: str, past: bool) -> None:
    entrance.sim.faults.on("forged_id_token", kind=kind)
    claims, now = checked(entrance, id_token(entrance)), entrance.sim.clock.timestamp()
    assert claims["exp"] < now if past else claims["nbf"] > now


def test_it_has_no_signature(entrance: Entrance) -> None:
    entrance.sim.faults.on("forged_id_token", kind="none")
    token = id_token(entrance)
    assert jwt.get_unverified_header(token)["alg"] == "none"
    assert token.endswith(".")


def test_it_is_signed_by_the_public_key_as_a_secret(entrance: Entrance) -> None:
    entrance.sim.faults.on("forged_id_token", kind="hs256")
    signed, _, signature = id_token(entrance).rpartition(".")
    secret = entrance.sim.world.tokens.keys.current.public_pem()
    expected = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    assert signature == urlsafe_b64encode(expected).rstrip(b"=").decode()


def test_it_is_signed_by_a_key_that_nobody_published(entrance: Entrance) -> None:
    entrance.sim.faults.on("forged_id_token", kind="unknown_kid")
    known = {key.kid for key in entrance.sim.world.tokens.keys.published}
    assert jwt.get_unverified_header(id_token(entrance))["kid"] not in known


def test_its_signature_is_anothers(entrance: Entrance) -> None:
    entrance.sim.faults.on("forged_id_token", kind="signature")
    with pytest.raises(jwt.InvalidSignatureError):
        checked(entrance, id_token(entrance))


def test_every_forgery_is_met_here() -> None:
    met = "nonce no_nonce audience issuer tenant none hs256 unknown_kid signature expired future no_oid no_tid"
    assert set(met.split()) == set(ID_TOKEN_FORGERIES)
