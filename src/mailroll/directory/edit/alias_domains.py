"""Alias domains: other names that mail of a domain comes under, added and removed."""

from django.db import transaction

from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.directory.edit.domains import bump_revision, lock
from mailroll.directory.edit.names import free_name, good_name
from mailroll.directory.models import Domain, DomainAlias, User
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput, Refused


def add_domain_alias(domain: Domain, name: str, acting: Acting) -> DomainName:
    """Have a domain accept addresses under another name, too; plans made before can no longer be applied."""
    canonical = good_name(name)
    if canonical == domain.name:
        raise BadInput("alias_itself", f"{canonical} is the domain itself.", "Give another name that its mail has.")
    if domain.aliases.filter(name=canonical).exists():
        raise Refused("alias_exists", f"{canonical} is an alias domain of {domain.name} already.", "Nothing to do.")
    with transaction.atomic():
        free_name(canonical)
        lock(domain)
        DomainAlias.objects.create(domain=domain, name=canonical)
        bump_revision(domain.id)
        note(acting, "domain.alias_added", domain, alias=canonical)
    return canonical


def remove_domain_alias(domain: Domain, name: str, acting: Acting) -> DomainName:
    """Stop accepting addresses under another name: the next run plans, under the usual guards, what sources have there.

    What was made by hand no run would ever take away, so it has to go first.
    """
    canonical = good_name(name)
    with transaction.atomic():
        lock(domain)
        found = domain.aliases.filter(name=canonical).first()
        if found is None:
            raise BadInput(
                "alias_unknown",
                f"{canonical} is not an alias domain of {domain.name}.",
                "List its alias domains to see which it has.",
            )
        ending = {"addresses__domain": domain, "addresses__address__endswith": f"@{canonical}"}
        held = User.objects.filter(domain=domain, owner=None, **ending).distinct().count()
        if held:
            who = "1 user made by hand has" if held == 1 else f"{held} users made by hand have"
            raise Refused(
                "alias_in_use",
                f"{who} addresses in {canonical}, and mail for them would be refused.",
                "Take those addresses away first, or leave the alias domain.",
            )
        found.delete()
        bump_revision(domain.id)
        note(acting, "domain.alias_removed", domain, alias=canonical)
    return canonical
