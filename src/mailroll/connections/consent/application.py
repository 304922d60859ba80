"""The installation's own app registration, as the sign-in and the connections made with it need it."""

from typing import Final
from uuid import uuid4

from mailroll.connections import registration
from mailroll.connections.models import Connection, ConsentAttempt, CredentialKind
from mailroll.connections.registration import OwnRegistration
from mailroll.connectors import registry
from mailroll.connectors.consent import SignIn
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused

KIND: Final = "microsoft365"
SIGN_IN: Final = registry.kind(KIND).sign_in


def own() -> OwnRegistration:
    found = registration.own()
    if found is None:
        raise BadInput(
            "registration_unset",
            "This installation has no app registration of its own.",
            "Use the customer's own app registration; or whoever runs this installation sets MAILROLL_M365_CLIENT_ID.",
        )
    return found


def own_of(attempt: ConsentAttempt) -> OwnRegistration:
    """Return the registration an attempt began with; raises where it was changed half way."""
    found = own()
    if (found.client, found.cloud) != (attempt.client_id, attempt.cloud):
        raise Refused(
            "registration_changed",
            "The app registration of this installation was changed meanwhile.",
            "Start again.",
        )
    return found


def sign_in(found: OwnRegistration) -> SignIn:
    """Return the sign-in with a registration; raises `BadInput` where that is malformed."""
    return SIGN_IN.parse(
        {
            "client_id": found.client,
            "cloud": found.cloud,
            "login_url": found.login_url,
            "graph_url": found.graph_url,
            "pages_url": found.pages_url,
            "ca_file": found.ca_file,
            "redirect_uri": found.redirect_uri,
            **found.secrets,
        }
    )


def connection(found: OwnRegistration, organization: Organization, tenant: str) -> Connection:
    """Return a row, not stored, that reads a tenant with the installation's registration."""
    return Connection(
        id=uuid4(),
        organization=organization,
        kind=KIND,
        cloud=found.cloud,
        login_url=found.login_url,
        graph_url=found.graph_url,
        ca_file=found.ca_file,
        tenant_id=tenant,
        client_id=found.client,
        credential_kind=CredentialKind.INSTALLATION,
    )
