"""Metadata: the OpenID configuration, the signing keys, and the instance discovery that MSAL asks for."""

from urllib.parse import urlsplit

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.directories import PLACEHOLDER, issuer, tenant_of
from mailroll_simulator.login.wire import LoginRequest, LoginResponse
from mailroll_simulator.values import Json
from mailroll_simulator.world import World

_FOR_A_DAY = "max-age=86400, private"
# fmt: off
_CLAIMS = (
    "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
    "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
    "c_hash", "email",
)
# fmt: on
_ALIASES = ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net")


def configuration(world: World, name: str) -> LoginResponse:
    """Give the discovery document: with the tenant's id, or on a shared path with a placeholder as issuer."""
    try:
        tenant = tenant_of(world, name)
    except LoginError as error:
        error.word = "invalid_tenant"
        raise
    path = tenant.id if tenant else name.lower()
    home = f"{world.login_url}/{path}"
    document: dict[str, Json] = {
        "token_endpoint": f"{home}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{home}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer(world, tenant.id if tenant else PLACEHOLDER),
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
        "authorization_endpoint": f"{home}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{home}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{home}/oauth2/v2.0/logout",
        "claims_supported": _CLAIMS,
        "kerberos_endpoint": f"{home}/kerberos",
        "tenant_region_scope": tenant.region if tenant else None,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
        "rbac_url": "https://pas.windows.net",
    }
    return _cached(document)


def keys(world: World, name: str) -> LoginResponse:
    tenant_of(world, name)
    shown = issuer(world, PLACEHOLDER)
    return _cached({"keys": [key.as_jwk(shown) for key in world.tokens.keys.published]})


def instance(world: World, request: LoginRequest) -> LoginResponse:
    """Tell that the host asked about is a known one, and where its configuration is."""
    asked = request.asked.require("authorization_endpoint")
    parts, here = urlsplit(asked), urlsplit(world.login_url)
    name = parts.path.strip("/").partition("/")[0]
    # MSAL leaves the port out when it asks.
    if parts.scheme != "https" or not name or parts.hostname not in {*_ALIASES, here.hostname}:
        raise LoginError(50049, "Unknown or invalid instance.", word="invalid_instance")
    metadata: list[Json] = [
        {
            "preferred_network": "login.microsoftonline.com",
            "preferred_cache": "login.windows.net",
            "aliases": list(_ALIASES),
        },
        {
            "preferred_network": here.netloc,
            "preferred_cache": here.netloc,
            "aliases": [here.netloc, str(here.hostname)],
        },
    ]
    return LoginResponse.of(
        {
            "tenant_discovery_endpoint": f"{world.login_url}/{name}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": metadata,
        }
    )


def _cached(document: dict[str, Json]) -> LoginResponse:
    response = LoginResponse.of(document)
    response.headers |= {"Cache-Control": _FOR_A_DAY, "Access-Control-Allow-Origin": "*"}
    return response
