"""The tenants of the dump are gone, and their hosts with them: its connections find a simulated one instead.

A program as well, for an installation that has nothing of this checkout: it takes the values as one JSON object.
"""

import json
import sys


def reconnect(*, tenant: str, login_url: str, graph_url: str, ca_file: str, client_id: str, secret: str) -> None:
    from mailroll.connections import credentials  # noqa: PLC0415 - as a program it has to read the settings first
    from mailroll.connections.models import Connection  # noqa: PLC0415

    for row in Connection.objects.filter(tenant_id=tenant):
        row.login_url, row.graph_url, row.ca_file = login_url, graph_url, ca_file
        row.client_id, row.sealed_credential = client_id, credentials.seal(row.id, {"secret": secret})
        row.credential_kind = "secret"
        row.save()


if __name__ == "__main__":
    from mailroll.cli import ready

    ready()
    reconnect(**json.loads(sys.argv[1]))
