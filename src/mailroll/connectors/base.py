"""What every connector is: fields to fill in, attributes to filter by, and a reading that is whole or an error."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NewType, Protocol

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.filters.attributes import Attribute as Attribute  # noqa: PLC0414 - part of what a connector declares
from mailroll.reconcile.filters.attributes import AttributeType as AttributeType  # noqa: PLC0414
from mailroll.reconcile.model import ExternalId, Record, Unreadable

Cursor = NewType("Cursor", str)
"""Where a later reading may go on from; opaque to everyone but the connector that made it."""


@dataclass(frozen=True, slots=True)
class Field:
    """A setting a connection of this kind needs: forms and the command line are built from these."""

    name: str
    label: str
    help: str
    secret: bool = False


class PermissionState(StrEnum):
    """Whether a permission is there; `unknown` where it could not be told."""

    GRANTED = "granted"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission that is needed or useful: why, and what to do where it is missing."""

    name: str
    state: PermissionState
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of a connection found. `tenant` is what the directory says it is."""

    tenant: str
    tenant_name: str
    domains: frozenset[DomainName]
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a reading. A part is not a snapshot."""

    records: tuple[Record, ...]
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The protocol's own mark that the reading is whole."""

    cursor: Cursor | None = None


class Connector(Protocol):
    """A reader of one directory, made from plain settings, a transport and a clock.

    Every method raises one of the core's errors: `Retry`, `NeedsConsent`, `NotVerified`, `Broken`.
    """

    fields: ClassVar[tuple[Field, ...]]
    attributes: ClassVar[tuple[Attribute, ...]]

    async def check(self) -> Health:
        """Tell consent, permissions and reachability, each with its fix."""
        ...

    async def tenant(self) -> str:
        """Return the id that the directory itself gives as its own (lower-case GUID)."""
        ...

    async def domains(self) -> frozenset[DomainName]:
        """Return the mail domains that the tenant has verified; no other may be synced."""
        ...

    def read(self, since: Cursor | None) -> AsyncIterator[Page | End]:
        """Yield every object; only a consumed `End` makes the reading whole."""
        ...

    async def find(self, ids: Collection[ExternalId]) -> Mapping[ExternalId, Record | None]:
        """Ask for objects by id: the record where it answers, None where the directory says it is gone."""
        ...
