"""Metadata of the sign-in service."""

import pytest

from simulator.tests.entrance import FIRM, Entrance

CONFIGURATION = "v2.0/.well-known/openid-configuration"


def test_a_tenants_document_names_its_id_as_issuer(entrance: Entrance) -> None:
    url = entrance.sim.login_url
    document = entrance.client.get(f"{url}/{FIRM}/{CONFIGURATION}").json
    assert document["issuer"] == f"{url}/{FIRM}/v2.0"
    assert document["token_endpoint"] == f"{url}/{FIRM}/oauth2/v2.0/token"
    assert document["tenant_region_scope"] == "EU"


def test_a_verified_domain_leads_to_the_same_document(entrance: Entrance) -> None:
    url = entrance.sim.login_url
    by_domain = entrance.client.get(f"{url}/firm.example/{CONFIGURATION}").json
    assert by_domain == entrance.client.get(f"{url}/{FIRM}/{CONFIGURATION}").json


@pytest.mark.parametrize("name", ["organizations", "common"])
def test_a_shared_path_has_a_placeholder_for_issuer(entrance: Entrance, name: str) -> None:
    document = entrance.client.get(f"{entrance.sim.login_url}/{name}/{CONFIGURATION}").json
    assert document["issuer"] == f"{entrance.sim.login_url}/{{tenantid}}/v2.0"
    assert document["tenant_region_scope"] is None
    assert document["jwks_uri"] == f"{entrance.sim.login_url}/{name}/discovery/v2.0/keys"


@pytest.mark.parametrize("name", ["unproved.example", "9188040d-6c67-4c5b-b112-36a304b66dad", "nobody.example"])
def test_what_is_no_tenant_has_no_document(entrance: Entrance, name: str) -> None:
    answer = entrance.client.get(f"{entrance.sim.login_url}/{name}/{CONFIGURATION}")
    assert (answer.status, answer.json["error"], answer.json["error_codes"]) == (400, "invalid_tenant", [90002])


def test_a_keys_own_issuer_is_the_placeholder(entrance: Entrance) -> None:
    keys = entrance.client.get(f"{entrance.sim.login_url}/organizations/discovery/v2.0/keys").json["keys"]
    assert {"kty", "use", "kid", "x5t", "n", "e", "x5c", "issuer"} == set(keys[0])
    assert keys[0]["issuer"] == f"{entrance.sim.login_url}/{{tenantid}}/v2.0"


def test_a_rotated_key_is_published_before_the_old_one(entrance: Entrance) -> None:
    url = f"{entrance.sim.login_url}/{FIRM}/discovery/v2.0/keys"
    (old,) = entrance.client.get(url).json["keys"]
    entrance.sim.world.tokens.keys.rotate()
    new, still = entrance.client.get(url).json["keys"]
    assert still == old
    assert new["kid"] != old["kid"]


def test_instance_discovery_leads_to_the_tenant_though_msal_leaves_the_port_out(entrance: Entrance) -> None:
    url = entrance.sim.login_url
    asked = f"https://localhost/{FIRM}/oauth2/v2.0/authorize"
    answer = entrance.client.get(f"{url}/common/discovery/instance", {"authorization_endpoint": asked})
    assert answer.json["tenant_discovery_endpoint"] == f"{url}/{FIRM}/{CONFIGURATION}"


def test_instance_discovery_knows_no_strange_host(entrance: Entrance) -> None:
    asked = f"https://login.attacker.example/{FIRM}/oauth2/v2.0/authorize"
    answer = entrance.client.get(
        f"{entrance.sim.login_url}/common/discovery/instance", {"authorization_endpoint": asked}
    )
    assert (answer.status, answer.json["error"]) == (400, "invalid_instance")


def test_the_front_serves_no_metadata(entrance: Entrance) -> None:
    assert entrance.client.get(f"{entrance.sim.front_url}/{FIRM}/{CONFIGURATION}").status == 404
