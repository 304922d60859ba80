"""Alias domains: other names that mail of a domain comes under, added and removed."""

from collections.abc import Collection
from typing import Final

from django.db import connection, transaction
from django.db.models import Count

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import arrays, departures
from mailroll.directory.addresses import OWN
from mailroll.directory.edit.domains import bump_revision, expect_fence, lock
from mailroll.directory.edit.names import free_name, good_name, is_held, lock_names, no_domain
from mailroll.directory.models import Address, Domain, DomainAlias
from mailroll.reconcile.addresses import DomainName, u_labels
from mailroll.reconcile.errors import BadInput, Refused

_UNPROVED: Final = """
    SELECT FROM directory_domainalias WHERE domain_id = %s AND name = ANY(%s::text[]) AND proved_at IS NULL LIMIT 1
"""


def add_domain_alias(domain: Domain, name: str, acting: Acting, *, proved: bool = False) -> DomainName:
    """Register another name of a domain; plans made before can no longer be applied.

    Addresses under it are accepted once a tenant of the domain proves it (`prove_aliases`), or at once where somebody
    at the top of the organizations adds it (`proved`).
    """
    canonical = good_name(name)
    if canonical == domain.name:
        raise BadInput("alias_itself", f"{canonical} is the domain itself.", "Give another name that its mail has.")
    if domain.aliases.filter(name=canonical).exists():
        raise Refused("alias_exists", f"{canonical} is an alias domain of {domain.name} already.", "Nothing to do.")
    with transaction.atomic():
        (free_name if proved else no_domain)(canonical)
        lock(domain)
        DomainAlias.objects.create(
            domain=domain,
            name=canonical,
            unicode_name=u_labels(canonical),
            proved_at=acting.now() if proved else None,
        )
        bump_revision(domain.id)
        note(acting, "domain.alias_added", domain, alias=canonical, **({"proved": True} if proved else {}))
    return canonical


def prove_aliases(
    domain: Domain, verified: Collection[DomainName], acting: Acting, *, fence: int | None = None
) -> None:
    """Note that these names were proved to be a domain's: those it registered are its own from now on.

    What another proved before, or has as its domain, stays there: that this one proves it too is noted. `fence`: that
    of the run that read it. Raises `Refused` where a newer one has begun: what was read long ago proves nothing now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNPROVED, [domain.id, arrays.texts(verified)])
        if cursor.fetchone() is None:
            return
    unproved_aliases = domain.aliases.filter(name__in=list(verified), proved_at__isnull=True)
    with transaction.atomic():
        lock_names()
        if fence is not None:
            expect_fence(domain.id, fence)
        for alias in unproved_aliases.order_by("name").select_for_update():
            if is_held(alias.name):
                alias.claimed_at = alias.claimed_at or acting.now()
            else:
                alias.proved_at, alias.claimed_at = acting.now(), None
                note(acting, "domain.alias_proved", domain, alias=alias.name)
            alias.save()


def remove_domain_alias(domain: Domain, name: str, acting: Acting) -> DomainName:
    """Stop accepting addresses under another name: the next run plans, under the usual guards, what sources have there.

    What was made by hand no run would ever take away, so it has to go first.
    """
    canonical = good_name(name)
    with transaction.atomic():
        lock(domain)
        alias = domain.aliases.filter(name=canonical).first()
        if alias is None:
            raise BadInput(
                "alias_unknown",
                f"{canonical} is not an alias domain of {domain.name}.",
                "List its alias domains to see which it has.",
            )
        own = Address.objects.filter(OWN, domain=domain, user__owner=None, address__endswith=f"@{canonical}")
        users_count = own.aggregate(users=Count("user", distinct=True))["users"]
        if users_count:
            users_text = "1 user made by hand has" if users_count == 1 else f"{users_count} users made by hand have"
            raise Refused(
                "alias_in_use",
                f"{users_text} addresses in {canonical}, and mail for them would be refused.",
                "Take those addresses away first, or leave the alias domain.",
            )
        departures.mean()
        alias.delete()
        bump_revision(domain.id)
        note(acting, "domain.alias_removed", domain, alias=canonical)
    return canonical
