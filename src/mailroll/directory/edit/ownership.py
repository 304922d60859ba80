"""Whose a domain is: proved by one organization, and never taken from it by a second proof."""

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory.edit.domains import bump_revision, gone
from mailroll.directory.edit.names import is_held, lock_names
from mailroll.directory.models import Domain, DomainAlias, ProvedBy


def prove_domain(domain: Domain, by: ProvedBy, acting: Acting) -> bool:
    """Note that a domain was proved to be its organization's; return whether it is.

    A name that is another's stays there. That it is proved here as well is noted with both, and neither is told who
    the other is; what becomes of it is for somebody at the top to decide.
    """
    with transaction.atomic():
        lock_names()
        row = Domain.objects.select_for_update(no_key=True).filter(id=domain.id).first()
        if row is None:
            raise gone(domain)
        if row.proved_at is None and is_held(row.name):
            _claim(row, by, acting)
        elif row.proved_at is None:
            row.proved_at, row.proved_by, row.claimed_at = acting.now(), by, None
            row.save(update_fields=("proved_at", "proved_by", "claimed_at"))
            bump_revision(row.id)
            note(acting, "domain.proved", row, by=str(by))
    for name in ("proved_at", "proved_by", "claimed_at"):
        setattr(domain, name, getattr(row, name))
    return domain.proved_at is not None


def _claim(domain: Domain, by: ProvedBy, acting: Acting) -> None:
    if domain.claimed_at is not None:
        return
    domain.claimed_at = acting.now()
    domain.save(update_fields=("claimed_at",))
    note(acting, "domain.claimed", domain, by=str(by))
    holder = _holder(domain.name)
    if holder is not None:
        # By nobody: who it was is another customer's business.
        note(Acting(f"claim:{domain.name}", acting.now), "domain.claimed_elsewhere", holder, name=domain.name)


def _holder(name: str) -> Domain | None:
    domain = Domain.objects.filter(name=name, proved_at__isnull=False).first()
    if domain is not None:
        return domain
    alias = DomainAlias.objects.filter(name=name, proved_at__isnull=False).select_related("domain").first()
    return None if alias is None else alias.domain
