"""App registrations with their credentials, and their service principals in tenants."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from mailroll_simulator.values import guid

# What the registration rules of redirect URIs forbid.
_FORBIDDEN = frozenset("!$'(),;")
_LONGEST = 256
_LOCALHOST = re.compile(r"\A(http://localhost)(?::[0-9]{1,5})?([/?].*)?\Z")


@dataclass(frozen=True, slots=True)
class Secret:
    """A client secret; `expires` None is never."""

    value: str
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate whose key may sign client assertions, by its two thumbprints."""

    public_key: object
    sha1: bytes
    sha256: bytes
    expires: datetime


@dataclass(slots=True, eq=False)
class App:
    """An app registration, usable in every tenant unless `home_tenant` is set."""

    client_id: str
    display_name: str
    permissions: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    chance: Random
    home_tenant: str | None = None  # single-tenant when set
    public_client: bool = False
    role_claims: bool = True  # groupMembershipClaims = DirectoryRole: id tokens carry wids
    disabled: bool = False
    secrets: list[Secret] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)

    def add_secret(self, *, expires: datetime | None = None) -> str:
        """Add a client secret and give its value."""
        letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-"
        value = "".join(self.chance.choices(letters, k=40))
        self.secrets.append(Secret(value, expires))
        return value

    def add_certificate(self, pem: str | bytes) -> None:
        """Add a certificate (PEM), as an administrator uploads one."""
        loaded = x509.load_pem_x509_certificate(pem.encode() if isinstance(pem, str) else pem)
        der = loaded.public_bytes(serialization.Encoding.DER)
        sha1 = hashlib.sha1(der, usedforsecurity=False).digest()
        sha256 = hashlib.sha256(der).digest()
        self.certificates.append(Certificate(loaded.public_key(), sha1, sha256, loaded.not_valid_after_utc))

    def accepts(self, redirect_uri: str) -> bool:
        """Whether the URI is registered: equal to the letter, but for the port of http://localhost."""
        # What is not printable would be dropped when the URI is taken apart, and sent when it is not.
        return redirect_uri.isprintable() and any(
            _portless(uri) == _portless(redirect_uri) for uri in self.redirect_uris
        )


@dataclass(slots=True, eq=False)
class ServicePrincipal:
    """What an app is in one tenant once consent made it so.

    For a while after a consent the tenant does not know the app yet (until `known_at`), and tokens lack
    the roles (until `ready_at`); both are times of the simulator's clock.
    """

    id: str
    client_id: str
    roles: tuple[str, ...]
    known_at: float
    ready_at: float
    enabled: bool = True


def register(chance: Random, *, display_name: str, permissions: tuple[str, ...], redirect_uris: tuple[str, ...]) -> App:
    """Make a registration; a ValueError where a redirect URI could not be registered."""
    for uri in redirect_uris:
        _check(uri)
    return App(guid(chance), display_name, permissions, redirect_uris, chance)


def _portless(uri: str) -> str:
    return _LOCALHOST.sub(r"\1\2", uri)


def _check(uri: str) -> None:
    parts = urlsplit(uri)
    local = parts.scheme == "http" and parts.hostname == "localhost"
    if parts.scheme != "https" and not local:
        raise ValueError(f"a redirect URI is https, or http://localhost: {uri}")
    if len(uri) > _LONGEST or _FORBIDDEN & set(uri) or parts.fragment or "*" in uri:
        raise ValueError(f"a redirect URI is at most 256 characters, without !$'(),; * or #: {uri}")
