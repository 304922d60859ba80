"""Client credentials with an assertion that a certificate signed."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import hashes

from mailroll_simulator.values import base64url
from simulator.tests.entrance import FIRM, OTHER, Answer, Entrance, KeyPair, told

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REFUSED = (401, "invalid_client", 700027)


def assertion(
    entrance: Entrance,
    pair: KeyPair,
    *,
    algorithm: str = "PS256",
    header: Mapping[str, str] | None = None,
    **changes: Any,
) -> str:
    now = time.time()
    claims = {
        "aud": entrance.token_url(),
        "iss": entrance.app.client_id,
        "sub": entrance.app.client_id,
        "jti": str(uuid4()),
        "nbf": now,
        "iat": now,
        "exp": now + 600,
    } | changes
    thumbprints = {
        "PS256": {"x5t#S256": base64url(pair.thumbprint(hashes.SHA256()))},
        "RS256": {"x5t": base64url(pair.thumbprint(hashes.SHA1()))},  # noqa: S303 - the older form of Entra
    }
    told_apart = thumbprints[algorithm] if header is None else header
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, pair.key, algorithm, headers=dict(told_apart))


def ask(entrance: Entrance, signed: str, name: str = FIRM) -> Answer:
    return entrance.token(name, client_secret=None, client_assertion_type=TYPE, client_assertion=signed)


@pytest.fixture
def known(entrance: Entrance, key_pair: KeyPair) -> Entrance:
    entrance.app.add_certificate(key_pair.pem)
    return entrance


@pytest.mark.parametrize("algorithm", ["PS256", "RS256"])
def test_a_registered_certificate_gets_a_token(known: Entrance, key_pair: KeyPair, algorithm: str) -> None:
    answer = ask(known, assertion(known, key_pair, algorithm=algorithm))
    claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert claims["appidacr"] == "2"


def test_the_audience_may_be_the_issuer(known: Entrance, key_pair: KeyPair) -> None:
    issuer = f"{known.sim.login_url}/{FIRM}/v2.0"
    assert ask(known, assertion(known, key_pair, aud=issuer)).status == 200


def test_the_audience_may_name_the_domain_asked_at(known: Entrance, key_pair: KeyPair) -> None:
    signed = assertion(known, key_pair, aud=known.token_url("firm.example"))
    assert ask(known, signed, "firm.example").status == 200


def test_an_assertion_may_be_used_again_while_it_lives(known: Entrance, key_pair: KeyPair) -> None:
    signed = assertion(known, key_pair)
    assert [ask(known, signed).status, ask(known, signed).status] == [200, 200]


def test_another_tenants_endpoint_is_another_audience(known: Entrance, key_pair: KeyPair) -> None:
    assert told(ask(known, assertion(known, key_pair, aud=known.token_url(OTHER)))) == (401, "invalid_client", 700023)


def test_an_unregistered_certificate_is_refused(entrance: Entrance, key_pair: KeyPair) -> None:
    assert told(ask(entrance, assertion(entrance, key_pair))) == REFUSED


def test_a_signature_by_another_key_is_refused(known: Entrance, key_pair: KeyPair) -> None:
    stranger = KeyPair(key_pair.certificate, KeyPair.make().key)
    assert told(ask(known, assertion(known, stranger))) == REFUSED


def test_an_ended_certificate_is_refused(entrance: Entrance) -> None:
    ended = KeyPair.make(days=-1)
    entrance.app.add_certificate(ended.pem)
    assert told(ask(entrance, assertion(entrance, ended))) == REFUSED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sub": "someone-else"}, (401, "invalid_client", 50048)),
        ({"iss": "someone-else", "sub": "someone-else"}, REFUSED),
        ({"aud": "https://attacker.example/token"}, (401, "invalid_client", 700023)),
        ({"jti": None}, (401, "invalid_client", 50027)),
        ({"exp": None}, (401, "invalid_client", 50027)),
        ({"exp": 1_000_000_000.0, "nbf": 999_999_700.0}, (401, "invalid_client", 700024)),
        ({"exp": 9_000_000_600.0, "nbf": 9_000_000_000.0}, (401, "invalid_client", 700024)),
        ({"nbf": None, "iat": None}, (401, "invalid_client", 50027)),
    ],
)
def test_a_wrong_claim_is_refused(
    known: Entrance, key_pair: KeyPair, changes: dict[str, Any], expected: tuple[int, str, int]
) -> None:
    assert told(ask(known, assertion(known, key_pair, **changes))) == expected


def test_an_assertion_that_lives_longer_than_ten_minutes_is_refused(known: Entrance, key_pair: KeyPair) -> None:
    signed = assertion(known, key_pair, exp=time.time() + 700)
    assert told(ask(known, signed)) == (401, "invalid_client", 700024)


def test_the_thumbprint_has_to_go_with_the_signature(known: Entrance, key_pair: KeyPair) -> None:
    header = {"x5t": base64url(key_pair.thumbprint(hashes.SHA1()))}  # noqa: S303 - the older form of Entra
    assert told(ask(known, assertion(known, key_pair, header=header))) == (401, "invalid_client", 50027)


def test_what_is_no_assertion_is_refused(known: Entrance) -> None:
    assert told(ask(known, "no.assertion")) == (401, "invalid_client", 50027)


def test_the_type_of_the_assertion_has_to_be_named(known: Entrance, key_pair: KeyPair) -> None:
    answer = known.token(client_secret=None, client_assertion=assertion(known, key_pair))
    assert told(answer) == (400, "invalid_request", 900144)
