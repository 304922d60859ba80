"""Client credentials with a secret."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus
from urllib.request import Request

import jwt
import pytest

from simulator.tests.entrance import FIRM, GRAPH_SCOPE, OTHER, ROLES, Answer, Entrance, basic, told


def claims(answer: Answer) -> dict[str, object]:
    assert answer.status == 200, answer.text
    return dict(jwt.decode(answer.json["access_token"], options={"verify_signature": False}))


def test_a_secret_gets_a_token_with_the_roles_consented_to(entrance: Entrance) -> None:
    found = claims(entrance.token())
    assert found["roles"] == list(ROLES)
    assert (found["tid"], found["appid"], found["aud"]) == (FIRM, entrance.app.client_id, "https://graph.microsoft.com")
    assert (found["appidacr"], found["idtyp"], found["ver"]) == ("1", "app", "1.0")


def test_a_token_answer_is_never_stored_and_brings_no_refresh_token(entrance: Entrance) -> None:
    answer = entrance.token()
    assert "no-store" in answer.headers["Cache-Control"]
    assert set(answer.json) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert 3600 <= answer.json["expires_in"] <= 5400


def test_the_tenant_may_be_named_by_a_verified_domain(entrance: Entrance) -> None:
    assert claims(entrance.token("firm.example"))["tid"] == FIRM


def test_the_scope_may_name_the_simulated_graph(entrance: Entrance) -> None:
    assert claims(entrance.token(scope=f"{entrance.sim.graph_url}/.default"))["aud"] == "https://graph.microsoft.com"


def test_http_basic_carries_the_secret_as_well(entrance: Entrance) -> None:
    credential = basic(quote_plus(entrance.app.client_id), quote_plus(entrance.secret))
    fields = {"grant_type": "client_credentials", "scope": GRAPH_SCOPE}
    assert claims(entrance.client.post(entrance.token_url(), fields, headers=credential))["tid"] == FIRM


def test_two_credentials_at_once_are_refused(entrance: Entrance) -> None:
    assert entrance.refused(client_assertion="x") == (400, "invalid_request", 9002313)


def test_a_parameter_given_twice_is_refused(entrance: Entrance) -> None:
    body = b"grant_type=client_credentials&grant_type=client_credentials"
    answer = entrance.client.send(Request(entrance.token_url(), body, method="POST"))  # noqa: S310 - the simulator
    assert told(answer) == (400, "invalid_request", 9002313)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": None}, (401, "invalid_client", 7000218)),
        ({"scope": None}, (400, "invalid_request", 900144)),
        ({"client_id": None}, (400, "invalid_request", 900144)),
        ({"grant_type": None}, (400, "invalid_request", 900144)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"scope": "https://graph.microsoft.com/User.Read.All"}, (400, "invalid_scope", 1002012)),
        ({"scope": f"{GRAPH_SCOPE} https://graph.microsoft.com/User.Read"}, (400, "invalid_scope", 70011)),
        ({"scope": "https://outlook.office365.com/.default"}, (400, "invalid_resource", 500011)),
        ({"client_id": "11111111-2222-4333-8444-555555555555"}, (400, "unauthorized_client", 700016)),
        ({"claims": "not JSON"}, (400, "invalid_request", 9002313)),
    ],
)
def test_a_wrong_request_is_refused_in_entras_words(
    entrance: Entrance, fields: dict[str, Any], expected: tuple[int, str, int]
) -> None:
    assert entrance.refused(**fields) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("common", (400, "invalid_request", 9001023)),
        ("consumers", (400, "invalid_request", 9001023)),
        ("organizations", (400, "invalid_request", 50059)),
        ("nobody.example", (400, "invalid_request", 90002)),
        (OTHER, (400, "unauthorized_client", 700016)),
    ],
)
def test_a_token_needs_a_tenant_that_consented(entrance: Entrance, name: str, expected: tuple[int, str, int]) -> None:
    assert entrance.refused(name) == expected


def test_a_secret_expires_by_the_simulators_clock(entrance: Entrance) -> None:
    secret = entrance.app.add_secret(expires=entrance.sim.clock.now() + timedelta(hours=1))
    assert entrance.token(client_secret=secret).status == 200
    entrance.sim.clock.advance(3601)
    assert entrance.refused(client_secret=secret) == (401, "invalid_client", 7000222)


def test_a_refusal_has_its_number_ids_and_line_breaks(entrance: Entrance) -> None:
    wanted = "0f0f0f0f-1111-4222-8333-444444444444"
    fields = {"grant_type": "client_credentials"}
    answer = entrance.client.post(entrance.token_url(), fields, headers={"client-request-id": wanted})
    body = answer.json
    assert set(body) == {
        *("error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri")
    }
    assert body["correlation_id"] == wanted
    assert body["error_uri"].endswith("?code=900144")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", body["timestamp"])
    lines = body["error_description"].split("\r\n")
    assert lines[0].startswith("AADSTS900144: ")
    assert lines[1:] == [
        f"Trace ID: {body['trace_id']}",
        f"Correlation ID: {wanted}",
        f"Timestamp: {body['timestamp']}",
    ]


def test_the_token_endpoint_only_takes_posts(entrance: Entrance) -> None:
    assert told(entrance.client.get(entrance.token_url())) == (400, "invalid_request", 900561)


def test_a_disabled_app_gets_no_token(entrance: Entrance) -> None:
    entrance.app.disabled = True
    assert entrance.refused() == (400, "unauthorized_client", 7000112)


def test_an_app_disabled_in_the_tenant_gets_no_token(entrance: Entrance) -> None:
    entrance.tenant().principals[entrance.app.client_id].enabled = False
    assert entrance.refused() == (400, "unauthorized_client", 7000112)


def test_an_app_deleted_from_the_tenant_is_unknown_there(entrance: Entrance) -> None:
    entrance.sim.withdraw(entrance.app, entrance.tenant())
    assert entrance.refused() == (400, "unauthorized_client", 700016)


def test_a_public_client_may_send_no_credential(entrance: Entrance) -> None:
    entrance.app.public_client = True
    assert entrance.refused() == (401, "invalid_client", 700025)


def test_consent_takes_its_time_to_spread(entrance: Entrance) -> None:
    entrance.sim.consent(entrance.app, entrance.tenant(OTHER), delay=60)
    assert entrance.refused(OTHER) == (400, "unauthorized_client", 700016)
    entrance.sim.clock.advance(31)
    assert "roles" not in claims(entrance.token(OTHER))
    entrance.sim.clock.advance(30)
    assert claims(entrance.token(OTHER))["roles"] == list(ROLES)


def test_the_log_of_requests_names_the_client_and_never_its_secret(entrance: Entrance) -> None:
    entrance.token()
    seen = entrance.sim.requests[-1]
    assert (seen.server, seen.client_id, seen.tenant_id, seen.status) == ("login", entrance.app.client_id, FIRM, 200)
    assert entrance.secret not in repr(seen)


def test_the_front_gives_no_tokens(entrance: Entrance) -> None:
    url = entrance.token_url().replace(entrance.sim.login_url, entrance.sim.front_url)
    assert entrance.client.post(url, {"grant_type": "client_credentials"}).status == 404
