"""The hosts of a cloud: Microsoft's own are known to the connector, those of the custom one are settings."""

from dataclasses import dataclass
from typing import Final

from mailroll.accounts import installation
from mailroll.connections.models import Connection
from mailroll.reconcile.errors import BadInput, Refused

CUSTOM: Final = "custom"


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of a custom cloud; all empty for Microsoft's own clouds."""

    login_url: str = ""
    graph_url: str = ""
    pages_url: str = ""
    ca_file: str = ""


def hosts(cloud: str) -> Hosts:
    """Return the hosts to pin into a connection. Raises `BadInput` where the custom cloud has none."""
    if cloud != CUSTOM:
        return Hosts()
    own = installation.settings()
    if own.custom_login_url is None or own.custom_graph_url is None:
        raise BadInput(
            "custom_cloud_unset",
            "The custom cloud has no hosts in this installation.",
            "Set MAILROLL_CUSTOM_LOGIN_URL and MAILROLL_CUSTOM_GRAPH_URL.",
        )
    return Hosts(own.custom_login_url, own.custom_graph_url, own.custom_pages_url or "", str(own.custom_ca_file or ""))


def refuse_other_hosts(connection: Connection) -> None:
    """A changed variable must not send a secret to another host than the one it was given for."""
    own = installation.settings()
    now = (own.custom_login_url or "", own.custom_graph_url or "")
    if connection.cloud == CUSTOM and any(now) and now != (connection.login_url, connection.graph_url):
        raise Refused(
            "custom_cloud_changed",
            "The custom cloud of this installation is not the one this connection was made for.",
            "Set MAILROLL_CUSTOM_LOGIN_URL and MAILROLL_CUSTOM_GRAPH_URL back, or add a new connection.",
        )


def proves(connection: Connection) -> bool:
    """Whether what a tenant has verified is proof: whose servers a custom cloud has, nobody but the top can know."""
    return connection.cloud != CUSTOM or connection.vouched
