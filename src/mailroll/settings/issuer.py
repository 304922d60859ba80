"""Who else may say who somebody is: an OpenID Connect issuer, such as Microsoft Entra ID."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from mailroll.settings.environment import Environment

_MANY_TENANTS = {"common", "organizations", "consumers"}
"""Entra's shared addresses, which stand for every tenant of the world."""
_NAME = re.compile(r"[^\W_][\w .&-]{0,39}")
_DISCOVERY = "/.well-known/openid-configuration"


class NewcomerRole(StrEnum):
    """What a newcomer of the issuer may do; nobody becomes an administrator by signing in."""

    VIEWER = "viewer"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer and what its word is good for here."""

    url: str
    """As it stands in its tokens: https, without a slash at its end; http on this machine alone."""
    name: str
    """What people know it by, on the button."""
    client_id: str
    secret_file: Path = field(repr=False)
    domains: tuple[str, ...]
    """Whoever has a verified address in these becomes an operator by signing in; empty: nobody does."""
    role: NewcomerRole


def read_issuer(reading: Environment) -> Issuer | None:
    """None: people sign in by passwords and passkeys alone."""
    url = _url(reading, "MAILROLL_OIDC_ISSUER")
    client_id = reading.text("MAILROLL_OIDC_CLIENT_ID")
    secret_file = reading.path("MAILROLL_OIDC_SECRET_FILE")
    name = reading.text("MAILROLL_OIDC_NAME") or "single sign-on"
    if not _NAME.fullmatch(name):
        reading.refuse("MAILROLL_OIDC_NAME", "is no short name", "Write at most 40 letters, like Microsoft.")
    domains = reading.hosts("MAILROLL_OIDC_DOMAINS")
    role = reading.choice("MAILROLL_OIDC_ROLE", NewcomerRole.VIEWER)
    if reading.text("MAILROLL_OIDC_ISSUER") is None:
        for variable in ("CLIENT_ID", "SECRET_FILE", "DOMAINS", "ROLE", "NAME"):
            if reading.text(f"MAILROLL_OIDC_{variable}"):
                reading.refuse(
                    f"MAILROLL_OIDC_{variable}", "has no issuer to belong to", "Set MAILROLL_OIDC_ISSUER too."
                )
        return None
    for variable, setting in (("MAILROLL_OIDC_CLIENT_ID", client_id), ("MAILROLL_OIDC_SECRET_FILE", secret_file)):
        if setting is None and not reading.text(variable):
            reading.refuse(variable, "is not set, but MAILROLL_OIDC_ISSUER is", "Set both, or neither.")
    if url is None or client_id is None or secret_file is None:
        return None
    return Issuer(url, name, client_id, secret_file, domains, role)


def _url(reading: Environment, variable: str) -> str | None:
    text = reading.text(variable)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    except ValueError:
        parts, plain = urlsplit(""), False
    if not parts.hostname or (parts.scheme != "https" and not plain) or parts.query or parts.fragment:
        reading.refuse(
            variable, "is no https URL", "Write it as https://login.microsoftonline.com/<tenant id>/v2.0 for Entra."
        )
        return None
    if _MANY_TENANTS & set(parts.path.split("/")):
        reading.refuse(
            variable,
            "stands for every tenant of Microsoft, so anybody could sign in",
            "Put the id of your own tenant in its place.",
        )
        return None
    return text.removesuffix(_DISCOVERY).rstrip("/")
