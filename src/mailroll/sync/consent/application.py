"""The installation's own app registration, as the sign-in and the connections made with it need it."""

from functools import cache
from uuid import uuid4

from mailroll.connectors.microsoft365.clouds import Cloud, cloud_of
from mailroll.connectors.microsoft365.patience import SystemClock
from mailroll.connectors.microsoft365.settings import Certificate, Secret
from mailroll.connectors.microsoft365.signin import Registration, SigningKeys
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.sync import installation
from mailroll.sync.consent.rows import ConsentAttempt
from mailroll.sync.installation import OwnRegistration
from mailroll.sync.models import Connection, CredentialKind


def own() -> OwnRegistration:
    found = installation.registration()
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


def registration(found: OwnRegistration) -> Registration:
    cloud, problems = cloud_of(found.cloud, login_url=found.login_url, graph_url=found.graph_url, ca_file=found.ca_file)
    if cloud is None:
        raise BadInput(
            "registration_malformed", " ".join(problems), "Whoever runs this installation mends its settings."
        )
    secrets = found.secrets
    credential = (
        Secret(secrets["secret"])
        if "secret" in secrets
        else Certificate(secrets["certificate"], secrets["certificate_key"])
    )
    with_pages = Cloud(cloud.name, cloud.login, cloud.graph, cloud.portal, cloud.ca_file, found.pages_url)
    return Registration(found.client, with_pages, found.redirect_uri, credential)


@cache
def signing_keys(login_url: str) -> SigningKeys:  # noqa: ARG001 - a set of keys for each sign-in host
    """Return the published keys of a sign-in host, shared by all requests of this process."""
    return SigningKeys(SystemClock())


def connection(found: OwnRegistration, organization: Organization, tenant: str) -> Connection:
    """Return a row, not stored, that reads a tenant with the installation's registration."""
    return Connection(
        id=uuid4(),
        organization=organization,
        kind="microsoft365",
        cloud=found.cloud,
        login_url=found.login_url,
        graph_url=found.graph_url,
        ca_file=found.ca_file,
        tenant_id=tenant,
        client_id=found.client,
        credential_kind=CredentialKind.INSTALLATION,
    )
