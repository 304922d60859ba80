"""Reads the audit trail for those who administer what it tells of; nothing here can change it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mailroll.accounts import access
from mailroll.accounts.models import Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization

PAGE = 50

SUBJECTS: dict[str, tuple[str, ...]] = {
    "people": ("operator.", "membership.", "invitation.", "second_factor.", "identity.", "token."),
    "directory": ("organization.", "domain.", "group.", "user.", "users.", "object.", "static.", "statics."),
    "connections": ("connect.", "connection.", "consent_link.", "certificate.", "keys.", "source."),
    "runs": ("run.", "automatic.", "interval.", "removals.", "address."),
    "gateway": ("gateway.",),
    "audit": ("audit.",),
}
"""What entries are about, by the beginnings of their actions."""


_PERSON = "operator:"
_OF_PEOPLE = r"^(operator|second_factor|identity)\."
_OF_ALL = (
    r"^((operator|second_factor|identity|removals|gateway|audit)\.|(connection\.tenant_shared|run\.details_cleared)$)"
)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Entries, the latest first; `older` is the id before which the next ones are, None where there are none."""

    entries: tuple[AuditEntry, ...]
    older: int | None


def visible(operator: Operator) -> QuerySet[AuditEntry]:
    """Every entry of the organizations that an operator administers, and what concerns the people who work there.

    What people do to their own account belongs to no organization; it is shown where they hold a role. Whoever
    administers everything sees what concerns the installation, too: sign-ins by addresses of nobody are among it.
    """
    places = access.reach(operator, Role.ADMINISTRATOR)
    staff = Operator.objects.filter(memberships__organization__in=places)
    condition = Q(organization__in=places.values("id")) | Q(
        organization=None, subject__in=staff.values("email"), action__regex=_OF_PEOPLE
    )
    if access.administers_all(operator):
        condition |= Q(organization=None, action__regex=_OF_ALL)
    return AuditEntry.objects.filter(condition).order_by("-id")


class Audience:
    """Who reads: an entry's network address and browser are shown where they are the reader's business.

    Where somebody acts who has no role where the reader administers, as the provider does at a customer, they are not.
    Without an operator it is the installation's own command line, which may see everything.
    """

    def __init__(self, operator: Operator | None) -> None:
        self._sees_all = operator is None or access.administers_all(operator)
        places = (
            Organization.objects.all() if operator is None else access.organizations_as(operator, Role.ADMINISTRATOR)
        )
        self._places = places.values("id")
        self._known: dict[str, bool] = {}

    def origin(self, entry: AuditEntry) -> tuple[str, str]:
        return (entry.client, entry.agent) if self._may_see(entry) else ("", "")

    def _may_see(self, entry: AuditEntry) -> bool:
        sort, _, email = entry.actor.partition(":")
        if sort == "connection":
            # In the trail of another customer it stands for who mended a tenant that both use (`resume_all`).
            return self._sees_all
        return sort != "operator" or not (entry.client or entry.agent) or self.knows(email)

    def knows(self, email: str) -> bool:
        """Whether an operator works, or worked, where the reader administers."""
        if self._sees_all:
            return True
        if email not in self._known:
            self._known[email] = self._works_here(email)
        return self._known[email]

    def _works_here(self, email: str) -> bool:
        if Operator.objects.filter(memberships__organization__in=self._places, email=email).exists():
            return True
        # Who had a role here and has none any more, or is gone.
        worked = AuditEntry.objects.filter(organization__in=self._places, action__startswith="membership.")
        return worked.filter(subject=email).exists()


def narrowed(entries: QuerySet[AuditEntry], *, about: str = "", text: str = "") -> QuerySet[AuditEntry]:
    """Keep those about one kind of subject, and those that name a text."""
    if about in SUBJECTS:
        entries = entries.filter(_begins(SUBJECTS[about]))
    if text := text.strip():
        entries = entries.filter(Q(subject__icontains=text) | Q(actor__icontains=text) | Q(action__icontains=text))
    return entries


def page(entries: QuerySet[AuditEntry], before: int | None) -> TrailPage:
    rows = list((entries if before is None else entries.filter(id__lt=before))[: PAGE + 1])
    page_entries = tuple(rows[:PAGE])
    return TrailPage(page_entries, page_entries[-1].id if len(rows) > PAGE else None)


def organization_names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Map ids to names; an organization that is gone has none."""
    ids = {entry.organization for entry in entries if entry.organization}
    return {str(organization.id): organization.name for organization in Organization.objects.filter(id__in=ids)}


def _begins(starts: Iterable[str]) -> Q:
    condition = Q()
    for start in starts:
        condition |= Q(action__startswith=start)
    return condition
