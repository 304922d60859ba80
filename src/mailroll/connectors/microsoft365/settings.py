"""What a connection is made of: the tenant, the registration, its credential and the cloud."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mailroll.connectors.microsoft365.http.clouds import Cloud, cloud_of
from mailroll.reconcile.errors import BadInput

PERSONAL_ACCOUNTS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The directory of personal Microsoft accounts: nobody's customer."""

GUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)

NAMES: Final = "tenant_id client_id secret certificate certificate_key cloud login_url graph_url ca_file".split()
"""`login_url` and `graph_url` are given with the cloud `custom` alone; `ca_file` replaces the system's authorities."""


@dataclass(frozen=True, slots=True)
class Secret:
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    certificate: str
    key: str = field(repr=False)


Credential = Secret | Certificate


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Settings that are well-formed; whether they are right, only the tenant can tell."""

    tenant: str
    client: str
    credential: Credential
    cloud: Cloud

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> "ConnectionSettings":
        """Read settings by their `NAMES`; raises `BadInput` that names every problem at once."""
        settings = {name: values.get(name, "").strip() for name in NAMES}
        problems = [f"There is no setting named {name}." for name in sorted(values.keys() - settings.keys())]
        tenant, client = settings["tenant_id"].lower(), settings["client_id"].lower()
        if not GUID.fullmatch(tenant):
            problems.append("The tenant ID is a GUID, as the overview page of the directory shows it.")
        elif tenant == PERSONAL_ACCOUNTS:
            problems.append("This tenant ID stands for personal Microsoft accounts, which have no directory to read.")
        if not GUID.fullmatch(client):
            problems.append("The application ID is a GUID, as the overview page of the app registration shows it.")
        cloud, faults = cloud_of(
            settings["cloud"] or "global",
            login_url=settings["login_url"],
            graph_url=settings["graph_url"],
            ca_file=settings["ca_file"],
        )
        credential, more = _credential(settings["secret"], settings["certificate"], settings["certificate_key"])
        problems.extend((*faults, *more))
        if problems or cloud is None or credential is None:
            raise BadInput("settings_malformed", " ".join(problems), "Correct these settings and try again.")
        return cls(tenant, client, credential, cloud)


def _credential(secret: str, certificate: str, key: str) -> tuple[Credential | None, tuple[str, ...]]:
    if bool(secret) == bool(certificate or key):
        return None, ("Give either a client secret or a certificate with its private key.",)
    if secret:
        if not secret.isascii() or not secret.isprintable():
            return None, ("The client secret holds characters that no secret of Microsoft's has.",)
        return Secret(secret), ()
    if not certificate or not key:
        return None, ("A certificate and its private key belong together: give both.",)
    try:
        public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except ValueError:
        return None, ("The certificate is not a PEM certificate.",)
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):  # TypeError: it is encrypted
        return None, ("The private key is not a PEM key without password.",)
    if not isinstance(public, RSAPublicKey):
        return None, ("The certificate is not for an RSA key, the only sort that signs in to Entra.",)
    if private.public_key() != public:
        return None, ("The private key does not belong to the certificate.",)
    return Certificate(certificate, key), ()
