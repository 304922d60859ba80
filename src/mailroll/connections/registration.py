"""The installation's own app registration: the one that customers consent to, and its sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mailroll.accounts.installation import settings
from mailroll.connections.clouds import Hosts, hosts
from mailroll.connections.models import Connection, ConsentAttempt, CredentialKind
from mailroll.connectors import registry
from mailroll.connectors.consent import SignIn
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.settings import Settings

CALLBACK: Final = "/connect/callback/"
"""The path that Microsoft sends people back to; registered there to the letter."""
KIND: Final = "microsoft365"
SIGN_IN: Final = registry.sign_in_of(KIND)


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """The multi-tenant app registration that customers consent to. `secrets` are named as a connection's settings."""

    client: str
    cloud: str
    hosts: Hosts
    redirect_uri: str
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def sign_in(self) -> SignIn:
        """The sign-in with this registration; raises `BadInput` where that is malformed."""
        return SIGN_IN.parse(
            {
                "client_id": self.client,
                "cloud": self.cloud,
                "login_url": self.hosts.login_url,
                "graph_url": self.hosts.graph_url,
                "pages_url": self.hosts.pages_url,
                "ca_file": self.hosts.ca_file,
                "redirect_uri": self.redirect_uri,
                **self.secrets,
            }
        )

    def connection(self, organization: Organization, tenant: str) -> Connection:
        """Return a row, not stored, that reads a tenant with this registration."""
        return Connection(
            organization=organization,
            kind=KIND,
            cloud=self.cloud,
            login_url=self.hosts.login_url,
            graph_url=self.hosts.graph_url,
            ca_file=self.hosts.ca_file,
            tenant_id=tenant,
            client_id=self.client,
            credential_kind=CredentialKind.INSTALLATION,
        )


def own() -> OwnRegistration:
    """Return the installation's own registration. Raises `BadInput` where customers bring theirs."""
    own = settings()
    if own.m365_client_id is None or own.url is None:
        raise BadInput(
            "registration_unset",
            "This installation has no app registration of its own.",
            "Use the customer's own app registration; or whoever runs this installation sets MAILROLL_M365_CLIENT_ID.",
        )
    cloud = own.m365_cloud.value
    return OwnRegistration(own.m365_client_id, cloud, hosts(cloud), f"{own.url}{CALLBACK}", _secrets(own))


def own_as(client: str) -> OwnRegistration:
    """Return the registration that a connection was made with; raises where it is another one by now."""
    if settings().m365_client_id != client:
        raise Refused(
            "registration_changed",
            "This connection was made with another app registration than the one of this installation.",
            "Set MAILROLL_M365_CLIENT_ID back, or connect the source again.",
        )
    return own()


def own_of(attempt: ConsentAttempt) -> OwnRegistration:
    """Return the registration an attempt began with; raises where it was changed half way."""
    registration = own()
    if (registration.client, registration.cloud) != (attempt.client_id, attempt.cloud):
        raise Refused(
            "registration_changed",
            "The app registration of this installation was changed meanwhile.",
            "Start again.",
        )
    return registration


def _secrets(own: Settings) -> Mapping[str, str]:
    if own.m365_secret_file is not None:
        return {"secret": _text(own.m365_secret_file)}
    if own.m365_certificate_file is None or own.m365_key_file is None:
        return {}
    return {"certificate": _text(own.m365_certificate_file), "certificate_key": _text(own.m365_key_file)}


def _text(file: Path) -> str:
    """Read a credential afresh, so that a file that was renewed counts at once; its content is in no error."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "registration_unreadable",
            f"The credential of this installation's app registration, {file.name}, cannot be read.",
            "Whoever runs this installation has to bring the file back, or name the right one.",
        ) from None
