"""The installation's own app registration: the one that customers consent to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mailroll.accounts.installation import settings
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.settings import CloudName, Settings

CALLBACK: Final = "/connect/callback/"
"""The path that Microsoft sends people back to; registered there to the letter."""


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """The multi-tenant app registration that customers consent to. `secrets` are named as a connection's settings."""

    client: str
    cloud: str
    login_url: str
    graph_url: str
    pages_url: str
    ca_file: str
    redirect_uri: str
    secrets: Mapping[str, str] = field(repr=False)


def redirect_uri() -> str:
    """Return the one address to register with Microsoft; empty where the Console's own address is not set."""
    own = settings()
    return f"{own.url}{CALLBACK}" if own.url else ""


def own() -> OwnRegistration | None:
    """Return the installation's own registration; None where customers bring theirs. Raises `BadInput`."""
    own = settings()
    if own.m365_client_id is None or own.url is None:
        return None
    custom = own.m365_cloud is CloudName.CUSTOM
    return OwnRegistration(
        client=own.m365_client_id,
        cloud=own.m365_cloud.value,
        login_url=(own.custom_login_url or "") if custom else "",
        graph_url=(own.custom_graph_url or "") if custom else "",
        pages_url=(own.custom_pages_url or "") if custom else "",
        ca_file=str(own.custom_ca_file or "") if custom else "",
        redirect_uri=redirect_uri(),
        secrets=_secrets(own),
    )


def own_as(client: str) -> OwnRegistration:
    """Return the registration that a connection was made with; raises where it is another one by now."""
    found = own()
    if found is None or found.client != client:
        raise Refused(
            "registration_changed",
            "This connection was made with another app registration than the one of this installation.",
            "Set MAILROLL_M365_CLIENT_ID back, or connect the source again.",
        )
    return found


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
