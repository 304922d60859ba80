"""The audit trail as files: JSON Lines for programs, CSV for a spreadsheet; read a part at a time, never whole."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from mailroll.accounts.models import Membership, Operator, Role
from mailroll.accounts.trail import Audience, organization_names
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import note
from mailroll.directory.models import Organization
from mailroll.reconcile.cells import write_line

JSON_LINES: Final = "application/jsonl"
"""As jsonlines.org proposes; no standard names a type for it."""
COLUMNS: Final = ("time", "who", "action", "subject", "organization", "details", "address", "browser")
_PART = 500


def note_export(acting: Acting, places: Sequence[Organization], *, text: str = "", **criteria: str) -> None:
    """Note that the trail of these organizations, and of all below them, was taken out: an entry at each.

    What was searched for may be of one of them, and so is told where it is the only one.
    """
    details = criteria | ({"text": text} if len(places) == 1 else {})
    with transaction.atomic():
        for place in places:
            note(acting, "audit.exported", place, **{name: value for name, value in details.items() if value})


def places_of(operator: Operator) -> list[Organization]:
    """Where an operator administers by a role of their own; what is below is included in it."""
    memberships = Membership.objects.filter(operator=operator, role=Role.ADMINISTRATOR)
    return list(Organization.objects.filter(memberships__in=memberships).order_by("id"))


def as_json_lines(entries: QuerySet[AuditEntry], audience: Audience) -> Iterator[str]:
    """Write an entry a line, the oldest first: whoever takes them from time to time goes on after the last id."""
    for part in _parts(entries, oldest_first=True):
        names = organization_names(part)
        for entry in part:
            client, agent = audience.origin(entry)
            document = {
                "id": entry.id,
                "at": entry.at.astimezone(UTC).isoformat(),
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "organization": str(entry.organization) if entry.organization else None,
                "organization_name": names.get(str(entry.organization)),
                "client": client,
                "agent": agent,
                "details": entry.details,
            }
            yield json.dumps(document, ensure_ascii=False) + "\n"


def as_csv(entries: QuerySet[AuditEntry], audience: Audience) -> Iterator[str]:
    """Write lines for a spreadsheet, the latest first; no cell of them is a formula."""
    yield write_line(COLUMNS)
    for part in _parts(entries, oldest_first=False):
        names = organization_names(part)
        for entry in part:
            details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
            place = names.get(str(entry.organization), str(entry.organization or ""))
            at = entry.at.astimezone(UTC).isoformat()
            yield write_line((at, entry.actor, entry.action, entry.subject, place, details, *audience.origin(entry)))


def _parts(entries: QuerySet[AuditEntry], *, oldest_first: bool) -> Iterator[Sequence[AuditEntry]]:
    """Read what there is by now: the entry about the reading itself is the last of it, whatever comes meanwhile."""
    newest = entries.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return
    rows = entries.filter(id__lte=newest).order_by("id" if oldest_first else "-id")
    part = list(rows[:_PART])
    while part:
        yield part
        last = part[-1].id
        part = list((rows.filter(id__gt=last) if oldest_first else rows.filter(id__lt=last))[:_PART])
