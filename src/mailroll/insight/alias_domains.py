"""How the alias domains of a domain stand: what they bring, and whether a tenant has proved them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Func, TextField, Value

from mailroll.connections.models import Connection
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
    rows = list(domain.aliases.order_by("name"))
    if not rows:
        return []
    verified_names, counted = _verified(domain), _counted(domain)
    return [
        Alias(
            DomainName(row.name),
            None if verified_names is None else row.name in verified_names,
            counted.get(row.name, 0),
            row.claimed_at is not None,
            row.proved_at is not None,
        )
        for row in rows
    ]


def _counted(domain: Domain) -> Mapping[str, int]:
    """How many addresses of a domain end in each name, in one look through them."""
    ending = Func(F("address"), Value("@"), Value(2), function="split_part", output_field=TextField())
    rows = Address.objects.filter(domain=domain, ending_since=None).annotate(ending=ending).order_by()
    return dict(rows.values_list("ending").annotate(number=Count("user")))


def unproved(domain: Domain, name: DomainName) -> bool:
    """Whether the tenants that a domain reads are known not to have this alias domain of it."""
    verified_names = _verified(domain)
    return name != domain.name and verified_names is not None and name not in verified_names


def _verified(domain: Domain) -> frozenset[str] | None:
    """What the tenants had at their last checks; None where none of them was checked."""
    connections = Connection.objects.filter(sources__domain=domain, health__has_key="domains").distinct()
    checks = [connection.health["domains"] for connection in connections]
    return frozenset(name for names in checks for name in names) if checks else None
