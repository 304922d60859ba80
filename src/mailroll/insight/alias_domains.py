"""How the alias domains of a domain stand: what they bring, and whether a tenant has proved them."""

from dataclasses import dataclass

from mailroll.connections.models import Connection
from mailroll.directory import queries
from mailroll.directory.models import Address, Domain
from mailroll.reconcile.addresses import DomainName


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias domain. `verified` is None where no tenant was asked yet; `addresses` are those in the list now.

    `elsewhere`: the tenant proves it, but another domain of the installation did before. `proved`: it is this domain's.
    """

    name: DomainName
    verified: bool | None
    addresses: int
    elsewhere: bool
    proved: bool


def of_domain(domain: Domain) -> list[Alias]:
    known = _verified(domain)
    rows = {alias.name: alias for alias in domain.aliases.all()}
    return [
        Alias(
            name,
            None if known is None else name in known,
            Address.objects.filter(domain=domain, address__endswith=f"@{name}", ending_since=None).count(),
            rows[name].claimed_at is not None,
            rows[name].proved_at is not None,
        )
        for name in queries.aliases(domain)
    ]


def unproved(domain: Domain, name: DomainName) -> bool:
    """Whether the tenants that a domain reads are known not to have this alias domain of it."""
    known = _verified(domain)
    return name != domain.name and known is not None and name not in known


def _verified(domain: Domain) -> frozenset[str] | None:
    """What the tenants had at their last checks; None where none of them was checked."""
    found = Connection.objects.filter(sources__domain=domain, health__has_key="domains").distinct()
    checks = [one.health["domains"] for one in found]
    return frozenset(name for names in checks for name in names) if checks else None
