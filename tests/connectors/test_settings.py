"""What a connection may be made of."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mailroll.connectors import registry
from mailroll.connectors.microsoft365.http.clouds import CLOUDS
from mailroll.connectors.microsoft365.settings import PERSONAL_ACCOUNTS, Certificate, ConnectionSettings, Secret
from mailroll.reconcile.errors import BadInput
from tests.connectors.hostile import CANARY, CLIENT, TENANT

GOOD = {"tenant_id": TENANT, "client_id": CLIENT, "secret": CANARY}


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> str:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()


def certified(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mailroll")])
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1)).sign(
        key, hashes.SHA256()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())


def test_good_settings_are_taken_and_ids_lowered() -> None:
    found = ConnectionSettings.parse(GOOD | {"tenant_id": f" {TENANT.upper()} "})
    assert (found.tenant, found.client, found.credential) == (TENANT, CLIENT, Secret(CANARY))
    assert found.cloud == CLOUDS["global"]


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_signs_in_for_its_own_graph(name: str) -> None:
    cloud = ConnectionSettings.parse(GOOD | {"cloud": name}).cloud
    assert cloud.scope == f"{CLOUDS[name].graph}/.default"
    assert cloud.graph.split(".")[-1] == cloud.login.split(".")[-1]


def test_a_cloud_of_ones_own_is_taken_as_given() -> None:
    given = {"cloud": "custom", "login_url": "https://Localhost:8443/", "graph_url": "https://[::1]", "ca_file": "/ca"}
    cloud = ConnectionSettings.parse(GOOD | given).cloud
    assert (cloud.login, cloud.graph, cloud.ca_file) == ("https://localhost:8443", "https://[::1]", "/ca")
    assert cloud.scope == "https://[::1]/.default"


def test_a_certificate_is_taken_with_its_key() -> None:
    given = {"secret": "", "certificate": certified(RSA), "certificate_key": pem(RSA)}
    assert isinstance(ConnectionSettings.parse(GOOD | given).credential, Certificate)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tenant_id": ""}, "tenant ID is a GUID"),
        ({"tenant_id": "contoso.com"}, "tenant ID is a GUID"),
        ({"tenant_id": "common"}, "tenant ID is a GUID"),
        ({"tenant_id": f"{TENANT}/../x"}, "tenant ID is a GUID"),
        ({"tenant_id": PERSONAL_ACCOUNTS.upper()}, "personal Microsoft accounts"),
        ({"client_id": "x"}, "application ID is a GUID"),
        ({"secret": ""}, "either a client secret or a certificate"),
        ({"certificate": "x"}, "either a client secret or a certificate"),
        ({"secret": "a\nb"}, "no secret of Microsoft"),
        ({"secret": "\u00e4"}, "no secret of Microsoft"),
        ({"secret": "", "certificate": certified(RSA)}, "belong together"),
        ({"secret": "", "certificate_key": pem(RSA)}, "belong together"),
        ({"secret": "", "certificate": "x", "certificate_key": pem(RSA)}, "not a PEM certificate"),
        ({"secret": "", "certificate": certified(RSA), "certificate_key": "x"}, "not a PEM key"),
        ({"secret": "", "certificate": certified(RSA), "certificate_key": pem(RSA, b"x")}, "not a PEM key without"),
        ({"secret": "", "certificate": certified(RSA), "certificate_key": pem(OTHER)}, "does not belong"),
        ({"secret": "", "certificate": certified(CURVE), "certificate_key": pem(CURVE)}, "RSA"),
        ({"cloud": "germany"}, "cloud is one of"),
        ({"graph_url": "https://graph.microsoft.com"}, "only with the cloud custom"),
        ({"login_url": "https://x", "cloud": "dod"}, "only with the cloud custom"),
        ({"cloud": "custom"}, "sign-in URL"),
        ({"cloud": "custom", "login_url": "https://x"}, "Graph URL"),
        ({"cloud": "custom", "login_url": "http://x", "graph_url": "https://x"}, "sign-in URL"),
        ({"cloud": "custom", "login_url": "https://a@x", "graph_url": "https://x"}, "sign-in URL"),
        ({"cloud": "custom", "login_url": "https://x", "graph_url": "https://x/v1.0"}, "Graph URL"),
        ({"cloud": "custom", "login_url": "https://x", "graph_url": "https://x?y"}, "Graph URL"),
        ({"cloud": "custom", "login_url": "https://x:port", "graph_url": "https://x"}, "sign-in URL"),
        ({"cloud": "custom", "login_url": "https://\u00fc.x", "graph_url": "https://x"}, "sign-in URL"),
        ({"shoe_size": "7"}, "no setting named shoe_size"),
    ],
)
def test_settings_that_cannot_be_are_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        ConnectionSettings.parse(GOOD | given)
    assert caught.value.code == "settings_malformed"
    assert CANARY not in str(caught.value)


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        ConnectionSettings.parse({"cloud": "x"})
    for word in ("tenant ID", "application ID", "client secret", "cloud is one of"):
        assert word in caught.value.message


def test_secrets_do_not_show() -> None:
    settings = ConnectionSettings.parse(GOOD)
    certificate = Certificate("public", CANARY)
    assert CANARY not in repr(settings) + str(settings) + repr(certificate)


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_of_authorities_that_cannot_be_read_is_told_before_anything_is_sent(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)

    async def go() -> None:
        async with registry.build("microsoft365", GOOD | {"ca_file": str(file)}):
            raise AssertionError

    with pytest.raises(BadInput) as caught:
        asyncio.run(go())
    assert caught.value.code == "ca_file_unreadable"


def test_a_kind_is_found_by_name() -> None:
    assert registry.kind("microsoft365").attributes
    with pytest.raises(BadInput, match="no connector named ldap"):
        registry.build("ldap", {})
    with pytest.raises(BadInput, match="tenant ID"):
        registry.build("microsoft365", {})


def test_a_kind_without_sign_in_or_notices_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = replace(registry.kind("microsoft365"), label="A file", sign_in=None, notices=None)
    monkeypatch.setattr(registry, "CONNECTORS", {**registry.CONNECTORS, "file": bare})
    assert registry.telling() == ("microsoft365",)
    with pytest.raises(BadInput, match="Nobody signs in to A file"):
        registry.sign_in_of("file")
    with pytest.raises(BadInput, match="A file tells nobody of changes"):
        registry.notices_of("file", {})
