"""How far a pause of removals may reach: a domain, an organization with all below it, or the installation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailroll.accounts import access
from mailroll.accounts.models import Operator, Role
from mailroll.directory import edit, tree
from mailroll.directory.models import Domain, Organization, Pause

OWN: Final = "domain"
EVERYWHERE: Final = "everywhere"


@dataclass(frozen=True, slots=True)
class PauseLevel:
    """Something that somebody may pause and resume, and the words for it."""

    key: str
    words: str
    of: edit.Paused


def levels(operator: Operator, domain: Domain) -> tuple[PauseLevel, ...]:
    """Return the levels above and at a domain that an operator may pause, from the narrowest on."""
    return tuple(_levels(operator, domain))


def level_of(pause: Pause) -> str:
    if pause.domain_id is not None:
        return OWN
    return EVERYWHERE if pause.organization_id is None else str(pause.organization_id)


def _levels(operator: Operator, domain: Domain) -> Iterator[PauseLevel]:
    if not access.may_release(operator, domain.organization):
        return
    yield PauseLevel(OWN, domain.name, domain)
    line = {one.id: one for one in tree.above(domain.organization)}
    theirs = set(access.organizations_as(operator, Role.TECHNICIAN).filter(id__in=line).values_list("id", flat=True))
    at: Organization | None = domain.organization
    # Popped, so that a ring of parents ends.
    while at is not None and line.pop(at.id, None) is not None:
        if at.id in theirs:
            count = Domain.objects.filter(organization__in=tree.below(at), proved_at__isnull=False).count()
            yield PauseLevel(str(at.id), f"{at.name} and all below it, {_domains(count)}", at)
        at = line.get(at.parent_id) if at.parent_id is not None else None
    if access.may_release_everywhere(operator):
        yield PauseLevel(
            EVERYWHERE,
            f"this whole installation, {_domains(Domain.objects.filter(proved_at__isnull=False).count())}",
            None,
        )


def _domains(count: int) -> str:
    return f"{count:,} domain{'' if count == 1 else 's'}"
