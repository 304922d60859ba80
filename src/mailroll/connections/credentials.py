"""Credentials of connections: sealed into their row, opened only to read, and bound to the row and its hosts."""

import json
from collections.abc import Mapping
from uuid import UUID

from mailroll.accounts import installation
from mailroll.connections import registration
from mailroll.connections.access import Access
from mailroll.connections.models import Connection, CredentialKind
from mailroll.reconcile.errors import Refused


def seal(connection: UUID, secrets: Mapping[str, str]) -> str:
    return installation.sealer().seal(json.dumps(dict(secrets)), _context(connection))


def access(connection: Connection) -> Access:
    """Open a connection for reading. Raises `Refused` where the environment names other hosts than were pinned."""
    _refuse_other_hosts(connection)
    if connection.credential_kind == CredentialKind.INSTALLATION:
        secrets = dict(registration.own_as(connection.client_id).secrets)
    else:
        secrets = json.loads(installation.sealer().open(connection.sealed_credential, _context(connection.id)))
    values = {
        "tenant_id": connection.tenant_id,
        "client_id": connection.client_id,
        "cloud": connection.cloud,
        "login_url": connection.login_url,
        "graph_url": connection.graph_url,
        "ca_file": connection.ca_file,
        **secrets,
    }
    return Access(connection.id, connection.kind, connection.tenant_id, values, connection.hybrid)


def rotate(connection: Connection) -> None:
    """Seal with the newest key what may be sealed with an older one."""
    if connection.sealed_credential:
        sealed = installation.sealer().rotate(connection.sealed_credential, _context(connection.id))
        Connection.objects.filter(id=connection.id).update(sealed_credential=sealed)


def _context(connection: UUID) -> str:
    """Bind a sealed credential to its row: copied into another row it does not open."""
    return f"connection:{connection}:credential"


def _refuse_other_hosts(connection: Connection) -> None:
    """A changed variable must not send a secret to another host than the one it was given for."""
    if connection.cloud != "custom":
        return
    own = installation.settings()
    now = (own.custom_login_url or "", own.custom_graph_url or "")
    if any(now) and now != (connection.login_url, connection.graph_url):
        raise Refused(
            "custom_cloud_changed",
            "The custom cloud of this installation is not the one this connection was made for.",
            "Set MAILROLL_CUSTOM_LOGIN_URL and MAILROLL_CUSTOM_GRAPH_URL back, or add a new connection.",
        )
