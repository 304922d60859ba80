"""Credentials of connections: sealed into their row, opened only to read, and bound to the row and its hosts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from mailroll.accounts import installation
from mailroll.connections import clouds, registration
from mailroll.connections.access import Access
from mailroll.connections.models import Connection, CredentialKind
from mailroll.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret, or a certificate with its key (PEM). Exactly one of them; the connector checks."""

    secret: str = ""
    certificate: str = ""
    certificate_key: str = ""

    def __repr__(self) -> str:
        return "Credential(...)"

    @property
    def kind(self) -> CredentialKind:
        return CredentialKind.SECRET if self.secret else CredentialKind.CERTIFICATE

    @property
    def values(self) -> Mapping[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def seal(connection: UUID, secrets: Mapping[str, str]) -> str:
    return installation.sealer().seal(json.dumps(dict(secrets)), _context(connection))


def sealed_for(row: UUID, connection: Connection) -> str:
    """Return the credential of a connection, sealed for another row; empty where there is none in it."""
    return seal(row, _opened(connection)) if connection.sealed_credential else ""


def access(connection: Connection, sealer: Callable[[], Sealer] = installation.sealer) -> Access:
    """Open a connection for reading. Raises `Refused` where the environment names other hosts than were pinned."""
    clouds.refuse_other_hosts(connection)
    if connection.credential_kind == CredentialKind.INSTALLATION:
        secrets = registration.own_as(connection.client_id).secrets
    else:
        secrets = _opened(connection, sealer)
    values = {
        "tenant_id": connection.tenant_id,
        "client_id": connection.client_id,
        "cloud": connection.cloud,
        "login_url": connection.login_url,
        "graph_url": connection.graph_url,
        "ca_file": connection.ca_file,
        **secrets,
    }
    return Access(
        connection.id, connection.kind, connection.tenant_id, values, connection.hybrid, clouds.proves(connection)
    )


def rotate(connection: Connection) -> None:
    """Seal with the newest key what may be sealed with an older one."""
    if connection.sealed_credential:
        sealed = installation.sealer().rotate(connection.sealed_credential, _context(connection.id))
        Connection.objects.filter(id=connection.id).update(sealed_credential=sealed)


def try_open(connection: Connection, sealer: Sealer) -> None:
    """Raise `SealingError` where the credential does not open; it goes nowhere."""
    sealer.open(connection.sealed_credential, _context(connection.id))


def _opened(connection: Connection, sealer: Callable[[], Sealer] = installation.sealer) -> Mapping[str, str]:
    secrets: Mapping[str, str] = json.loads(sealer().open(connection.sealed_credential, _context(connection.id)))
    return secrets


def _context(connection: UUID) -> str:
    """Bind a sealed credential to its row: copied into another row it does not open."""
    return f"connection:{connection}:credential"
