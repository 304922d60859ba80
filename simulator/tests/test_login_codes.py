"""Authorization codes and refresh tokens."""

import hashlib
from typing import Any

import jwt
import pytest
from jwt import PyJWK

from mailroll_simulator import Role
from mailroll_simulator.values import base64url
from simulator.tests.entrance import ADMIN, CLERK, FIRM, OTHER, PLUMBER, Answer, Entrance, told

VERIFIER = "v" * 43
CHALLENGE = base64url(hashlib.sha256(VERIFIER.encode()).digest())
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def id_claims(entrance: Entrance, answer: Answer) -> dict[str, Any]:
    """Validate an id token as a client does, and give its claims."""
    (key,) = entrance.client.get(f"{entrance.sim.login_url}/{FIRM}/discovery/v2.0/keys").json["keys"]
    claims: dict[str, Any] = jwt.decode(
        answer.json["id_token"],
        PyJWK(key, "RS256"),
        ["RS256"],
        audience=entrance.app.client_id,
        issuer=key["issuer"].replace("{tenantid}", FIRM),
    )
    return claims


def test_a_code_gets_all_three_tokens(entrance: Entrance) -> None:
    body = entrance.redeem(entrance.code()).json
    assert set(body) == {
        *("token_type", "scope", "expires_in", "ext_expires_in", "access_token", "refresh_token", "id_token")
    }
    assert body["scope"] == "openid profile"


def test_an_id_token_tells_tenant_person_and_roles(entrance: Entrance) -> None:
    claims = id_claims(entrance, entrance.redeem(entrance.code("organizations"), "organizations"))
    admin = entrance.tenant().user(ADMIN)
    assert (claims["tid"], claims["oid"], claims["nonce"]) == (FIRM, admin.id, "nonce-1")
    assert (claims["preferred_username"], claims["ver"]) == (ADMIN, "2.0")
    assert Role.GLOBAL_ADMINISTRATOR in claims["wids"]


def test_an_id_token_has_no_oid_without_the_profile_scope(entrance: Entrance) -> None:
    claims = id_claims(entrance, entrance.redeem(entrance.code(scope="openid")))
    assert claims.keys().isdisjoint({"oid", "name", "preferred_username"})


def test_there_is_no_id_token_without_openid_and_no_refresh_token_unasked(entrance: Entrance) -> None:
    body = entrance.redeem(entrance.code(scope="User.Read")).json
    assert body.keys().isdisjoint({"id_token", "refresh_token"})


def test_a_guest_is_told_by_idp(entrance: Entrance) -> None:
    guest = "gus_elsewhere.example#EXT#@firm.onmicrosoft.com"
    claims = id_claims(entrance, entrance.redeem(entrance.code(account=guest)))
    assert claims["idp"] != f"https://sts.windows.net/{FIRM}/"


def test_the_proof_of_a_code_is_the_verifier(entrance: Entrance) -> None:
    assert entrance.redeem(entrance.code(**PKCE), code_verifier=VERIFIER).status == 200


def test_a_plain_challenge_is_its_own_verifier(entrance: Entrance) -> None:
    assert entrance.redeem(entrance.code(code_challenge=VERIFIER), code_verifier=VERIFIER).status == 200


@pytest.mark.parametrize("verifier", [None, "w" * 43])
def test_a_code_without_its_proof_is_refused_and_gone(entrance: Entrance, verifier: str | None) -> None:
    code = entrance.code(**PKCE)
    assert told(entrance.redeem(code, code_verifier=verifier)) == (400, "invalid_grant", 501481)
    assert told(entrance.redeem(code, code_verifier=VERIFIER)) == (400, "invalid_grant", 54005)


def test_a_proof_nobody_asked_for_is_refused(entrance: Entrance) -> None:
    assert told(entrance.redeem(entrance.code(), code_verifier=VERIFIER)) == (400, "invalid_grant", 501481)


def test_a_code_is_good_once(entrance: Entrance) -> None:
    code = entrance.code()
    assert entrance.redeem(code).status == 200
    assert told(entrance.redeem(code)) == (400, "invalid_grant", 54005)


def test_a_code_is_good_for_ten_minutes(entrance: Entrance) -> None:
    code = entrance.code()
    entrance.sim.clock.advance(601)
    assert told(entrance.redeem(code)) == (400, "invalid_grant", 70008)


def test_a_code_is_for_the_tenant_it_was_made_in(entrance: Entrance) -> None:
    assert told(entrance.redeem(entrance.code(), OTHER)) == (400, "invalid_grant", 700005)


def test_a_code_is_for_the_address_it_was_sent_to(entrance: Entrance) -> None:
    answer = entrance.redeem(entrance.code(), redirect_uri="https://console.example/other")
    assert told(answer) == (400, "invalid_grant", 500112)


def test_a_code_is_for_the_app_it_was_given_to(entrance: Entrance) -> None:
    app = entrance.sim.register_app(display_name="Another")
    answer = entrance.redeem(entrance.code(), client_id=app.client_id, client_secret=app.add_secret())
    assert told(answer) == (400, "invalid_grant", 70000)


def test_a_code_is_worth_nothing_without_the_secret(entrance: Entrance) -> None:
    code = entrance.code()
    assert told(entrance.redeem(code, client_secret="wrong")) == (401, "invalid_client", 7000215)
    assert told(entrance.redeem(code, client_secret=None)) == (401, "invalid_client", 7000218)


def test_a_made_up_code_is_refused(entrance: Entrance) -> None:
    assert told(entrance.redeem("made-up")) == (400, "invalid_grant", 70000)


def test_signing_in_makes_the_app_known_in_the_tenant_without_any_role(entrance: Entrance) -> None:
    entrance.code(OTHER, account=PLUMBER)
    token = entrance.token(OTHER).json["access_token"]
    assert "roles" not in jwt.decode(token, options={"verify_signature": False})


def test_signing_in_takes_no_roles_away(entrance: Entrance) -> None:
    entrance.code()
    assert entrance.tenant().principals[entrance.app.client_id].roles == entrance.app.permissions


def refreshed(entrance: Entrance, token: str, name: str = FIRM, **fields: str | None) -> Answer:
    return entrance.token(name, **({"grant_type": "refresh_token", "scope": None, "refresh_token": token} | fields))


@pytest.fixture
def held(entrance: Entrance) -> str:
    return str(entrance.redeem(entrance.code(account=CLERK)).json["refresh_token"])


def test_a_refresh_token_gets_fresh_tokens_and_the_next_one(entrance: Entrance, held: str) -> None:
    body = refreshed(entrance, held).json
    assert body["refresh_token"] != held
    assert refreshed(entrance, body["refresh_token"]).status == 200
    assert refreshed(entrance, held).status == 200  # not revoked at once


def test_a_refresh_token_ends_after_ninety_days(entrance: Entrance, held: str) -> None:
    entrance.sim.clock.advance(90 * 86_400)
    assert told(refreshed(entrance, held)) == (400, "invalid_grant", 700082)


def test_a_changed_password_ends_a_refresh_token(entrance: Entrance, held: str) -> None:
    entrance.tenant().user(CLERK).password = "Another-1"
    assert told(refreshed(entrance, held)) == (400, "invalid_grant", 50173)


def test_a_blocked_or_deleted_person_refreshes_nothing(entrance: Entrance, held: str) -> None:
    entrance.tenant().change_user(CLERK, accountEnabled=False)
    assert told(refreshed(entrance, held)) == (400, "invalid_grant", 50057)
    entrance.tenant().delete_user(CLERK)
    assert told(refreshed(entrance, held)) == (400, "invalid_grant", 50034)


def test_consent_withdrawn_ends_a_refresh_token(entrance: Entrance, held: str) -> None:
    entrance.sim.withdraw(entrance.app, entrance.tenant())
    assert told(refreshed(entrance, held)) == (400, "invalid_grant", 65001)


def test_a_refresh_token_is_no_way_to_more_scopes(entrance: Entrance, held: str) -> None:
    assert told(refreshed(entrance, held, scope="Mail.Read")) == (400, "invalid_grant", 65001)


def test_a_refresh_token_is_for_its_tenant(entrance: Entrance, held: str) -> None:
    assert told(refreshed(entrance, held, OTHER)) == (400, "invalid_grant", 50020)


def test_a_made_up_refresh_token_is_refused(entrance: Entrance) -> None:
    assert told(refreshed(entrance, "made-up")) == (400, "invalid_grant", 70000)
