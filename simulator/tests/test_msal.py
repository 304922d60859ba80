"""MSAL, Microsoft's own client, signs in to the simulator as it does to Entra ID."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msal
import pytest
import requests
from requests.adapters import HTTPAdapter

from simulator.tests.entrance import ADMIN, BACK, FIRM, OTHER, PASSWORD, Entrance, Form, KeyPair

SCOPES = ["https://graph.microsoft.com/.default"]
MICROSOFT = "https://login.microsoftonline.com"


class _Here(HTTPAdapter):
    """Takes what is meant for Microsoft's host to the simulator."""

    def __init__(self, login_url: str) -> None:
        super().__init__()
        self._login_url = login_url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = str(request.url).replace(MICROSOFT, self._login_url, 1)
        return super().send(request, *args, **kwargs)


@pytest.fixture
def http(entrance: Entrance) -> Iterator[requests.Session]:
    """An HTTP client that trusts the simulator's authority and reaches nothing else under Microsoft's name."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(entrance.sim.ca_file)
        session.mount(MICROSOFT, _Here(entrance.sim.login_url))
        yield session


def client(entrance: Entrance, http: requests.Session, *, credential: Any = None, **options: Any) -> Any:
    return msal.ConfidentialClientApplication(
        entrance.app.client_id,
        client_credential=credential or entrance.secret,
        http_client=http,
        **({"authority": f"{entrance.sim.login_url}/{FIRM}"} | options),
    )


@pytest.mark.parametrize("instance_discovery", [None, False])
def test_a_secret_gets_a_token_with_instance_discovery_and_without(
    entrance: Entrance,
    http: requests.Session,
    instance_discovery: bool | None,
) -> None:
    app = client(entrance, http, instance_discovery=instance_discovery)
    token = app.acquire_token_for_client(SCOPES)
    assert token["token_type"] == "Bearer"
    assert entrance.sim.world.tokens.bearer(f"Bearer {token['access_token']}").tenant_id == FIRM
    asked = [seen.path for seen in entrance.sim.requests if seen.path == "/common/discovery/instance"]
    assert len(asked) == (instance_discovery is None)


def test_microsofts_own_host_name_needs_no_setting_at_all(entrance: Entrance, http: requests.Session) -> None:
    token = client(entrance, http, authority=f"{MICROSOFT}/{FIRM}").acquire_token_for_client(SCOPES)
    assert "access_token" in token, token


def test_a_domain_names_the_tenant_too(entrance: Entrance, http: requests.Session) -> None:
    app = client(entrance, http, authority=f"{entrance.sim.login_url}/firm.example")
    assert "access_token" in app.acquire_token_for_client(SCOPES)


def test_a_token_is_kept_and_used_again(entrance: Entrance, http: requests.Session) -> None:
    app = client(entrance, http)
    first, second = (app.acquire_token_for_client(SCOPES) for _ in range(2))
    assert first["access_token"] == second["access_token"]
    assert second["token_source"] == "cache"


def test_a_certificate_gets_a_token(entrance: Entrance, http: requests.Session, key_pair: KeyPair) -> None:
    entrance.app.add_certificate(key_pair.pem)
    app = client(entrance, http, credential={"private_key": key_pair.key_pem, "public_certificate": key_pair.pem})
    token = app.acquire_token_for_client(SCOPES)
    assert "access_token" in token, token


def test_an_unknown_certificate_is_refused(entrance: Entrance, http: requests.Session, key_pair: KeyPair) -> None:
    app = client(entrance, http, credential={"private_key": key_pair.key_pem, "public_certificate": key_pair.pem})
    refused = app.acquire_token_for_client(SCOPES)
    assert (refused["error"], refused["error_codes"]) == ("invalid_client", [700027])


def test_a_wrong_secret_and_a_missing_consent_are_told_by_number(entrance: Entrance, http: requests.Session) -> None:
    wrong = client(entrance, http, credential="not-the-secret").acquire_token_for_client(SCOPES)
    assert wrong["error_codes"] == [7000215]
    stranger = client(entrance, http, authority=f"{entrance.sim.login_url}/{OTHER}").acquire_token_for_client(SCOPES)
    assert (stranger["error"], stranger["error_codes"]) == ("unauthorized_client", [700016])


def test_a_tenant_that_is_not_there_has_no_configuration(entrance: Entrance, http: requests.Session) -> None:
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        client(
            entrance, http, authority=f"{entrance.sim.login_url}/ffffffff-ffff-4fff-8fff-ffffffffffff"
        ).acquire_token_for_client(SCOPES)


def signed_in(entrance: Entrance, app: Any) -> dict[str, Any]:
    """Go through the sign-in as MSAL begins it, with its PKCE, nonce and state."""
    flow = app.initiate_auth_code_flow([], redirect_uri=BACK, response_mode="form_post")
    where = urlsplit(flow["auth_uri"])
    page = entrance.client.get(f"{entrance.sim.login_url}{where.path}?{where.query}")
    back = entrance.client.press(page, "Sign in", other_account=ADMIN, password=PASSWORD)
    token: dict[str, Any] = app.acquire_token_by_auth_code_flow(flow, Form.on(back).values)
    return token


def test_a_person_signs_in_and_msal_believes_the_id_token(entrance: Entrance, http: requests.Session) -> None:
    token = signed_in(entrance, client(entrance, http))
    assert "error" not in token, token
    claims = token["id_token_claims"]
    assert (claims["tid"], claims["preferred_username"]) == (FIRM, ADMIN)
    assert token["refresh_token"]


def test_a_forged_nonce_is_not_believed(entrance: Entrance, http: requests.Session) -> None:
    entrance.sim.faults.on("forged_id_token", kind="nonce")
    with pytest.raises(RuntimeError, match="nonce"):
        signed_in(entrance, client(entrance, http))


def test_a_refresh_token_gets_a_fresh_token(entrance: Entrance, http: requests.Session) -> None:
    app = client(entrance, http)
    signed_in(entrance, app)
    [account] = app.get_accounts()
    assert account["username"] == ADMIN
    again = app.acquire_token_silent([], account=account, force_refresh=True)
    assert again is not None
    assert again["token_source"] == "identity_provider"


def test_on_the_shared_path_the_tenant_is_the_persons(entrance: Entrance, http: requests.Session) -> None:
    token = signed_in(entrance, client(entrance, http, authority=f"{entrance.sim.login_url}/organizations"))
    assert token["id_token_claims"]["tid"] == FIRM
