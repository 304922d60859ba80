"""Reads the audit trail for those who administer what it tells of; nothing here can change it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db.models import Q, QuerySet

from mailroll.accounts import access
from mailroll.accounts.models import Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.cells import harmless

PAGE = 50

SUBJECTS: dict[str, tuple[str, ...]] = {
    "people": ("operator.", "membership.", "invitation.", "second_factor."),
    "directory": ("organization.", "domain.", "group.", "user.", "users."),
    "connections": ("connect.", "connection.", "consent_link.", "certificate.", "keys.", "source."),
    "runs": ("run.", "automatic.", "interval."),
    "gateway": ("gateway.",),
}
"""What entries are about, by the beginnings of their actions."""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, the latest first; `older` is the id before which the next ones are, None where there are none."""

    entries: tuple[AuditEntry, ...]
    older: int | None


def visible(operator: Operator) -> QuerySet[AuditEntry]:
    """Every entry of the organizations that an operator administers, and what concerns the people who work there.

    What people do to their own account belongs to no organization; it is shown where they hold a role.
    """
    places = access.organizations_as(operator, Role.ADMINISTRATOR)
    staff = Operator.objects.filter(memberships__organization__in=places)
    return AuditEntry.objects.filter(
        Q(organization__in=places.values("id"))
        | Q(organization=None, subject__in=staff.values("email"), action__regex=r"^(operator|second_factor)\.")
    ).order_by("-id")


def narrowed(entries: QuerySet[AuditEntry], *, about: str = "", text: str = "") -> QuerySet[AuditEntry]:
    """Keep those about one kind of subject, and those that name a text."""
    if about in SUBJECTS:
        entries = entries.filter(_begins(SUBJECTS[about]))
    if text := text.strip():
        entries = entries.filter(Q(subject__icontains=text) | Q(actor__icontains=text) | Q(action__icontains=text))
    return entries


def page(entries: QuerySet[AuditEntry], before: int | None) -> Page:
    found = list((entries if before is None else entries.filter(id__lt=before))[: PAGE + 1])
    shown = tuple(found[:PAGE])
    return Page(shown, shown[-1].id if len(found) > PAGE else None)


def organization_names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Map ids to names; an organization that is gone has none."""
    ids = {entry.organization for entry in entries if entry.organization}
    return {str(one.id): one.name for one in Organization.objects.filter(id__in=ids)}


def as_csv(entries: Iterable[AuditEntry], names: dict[str, str]) -> Iterator[str]:
    """Write lines for a spreadsheet; no cell of them is a formula."""
    yield _line(("time", "who", "action", "subject", "organization", "details"))
    for entry in entries:
        told = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
        place = names.get(str(entry.organization), str(entry.organization or ""))
        yield _line((entry.at.astimezone(UTC).isoformat(), entry.actor, entry.action, entry.subject, place, told))


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()


def _begins(starts: Iterable[str]) -> Q:
    found = Q()
    for start in starts:
        found |= Q(action__startswith=start)
    return found
