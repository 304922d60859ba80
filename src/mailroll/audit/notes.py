"""Writes the audit trail: an entry stands or falls with what it is about."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import transaction

from mailroll.audit import origin
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry

Detail = str | int | float | bool | list[str] | None


class Belonging(Protocol):
    """Something with a name that belongs to an organization, as a domain does."""

    @property
    def name(self) -> str: ...

    @property
    def organization_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about where no such thing stands for it: an e-mail address, an id, what is gone by then."""

    name: str
    organization_id: UUID | None = None


def note(acting: Acting, action: str, about: Belonging, /, **details: Detail) -> None:
    """Write one entry in the transaction under way; its details never hold a credential."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of what it tells of")
    request_origin = origin.current()
    AuditEntry.objects.create(
        actor=acting.actor,
        action=action,
        organization=about.organization_id,
        subject=about.name,
        details=details,
        client=request_origin.client,
        agent=request_origin.agent,
    )
