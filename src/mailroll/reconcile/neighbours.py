"""Domains of a tenant that nobody here has: what their addresses would be worth."""

from collections.abc import Collection, Iterable, Mapping

from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Reading, Scope, Snapshot
from mailroll.reconcile.statements import trust

MOST = 10
"""Domains told of in one run, those with the most addresses: a holding may have verified hundreds."""


def not_here(
    readings: Iterable[Reading],
    scope: Scope,
    here: Collection[DomainName],
    counted: Mapping[DomainName, int] | None = None,
) -> tuple[Finding, ...]:
    """Tell of verified domains of the tenants read that are not among those `here`, but have addresses.

    `counted`: how many each has, where the readings are parts, which do not show it.
    """
    return tuple(_told(count(readings, scope, here) if counted is None else counted))


def count(readings: Iterable[Reading], scope: Scope, here: Collection[DomainName]) -> Mapping[DomainName, int]:
    """Count the addresses of those domains."""
    addresses: dict[DomainName, set[Address]] = {}
    trusted = {id(one.snapshot): trust(one.snapshot, scope) for one in readings}
    for snapshot in trusted.values():
        if isinstance(snapshot, Snapshot):
            _gather(snapshot, snapshot.verified - frozenset(here), addresses)
    return {name: len(several) for name, several in addresses.items()}


def _gather(snapshot: Snapshot, wanted: frozenset[DomainName], into: dict[DomainName, set[Address]]) -> None:
    if not wanted:
        return
    for record in snapshot.records:
        for proxy in () if record.proxies is UNSET else record.proxies:
            address = canonical(proxy.text)
            if proxy.role is ProxyRole.OTHER or isinstance(address, AddressFault):
                continue
            if (name := domain_of(address)) in wanted:
                into.setdefault(name, set()).add(address)


def _told(addresses: Mapping[DomainName, int]) -> Iterable[Finding]:
    chief = sorted(addresses, key=lambda name: (-addresses[name], name))[:MOST]
    for name in chief:
        number = addresses[name]
        told = "1 address there is" if number == 1 else f"{number} addresses there are"
        yield Finding.of(FindingCode.DOMAIN_NOT_HERE, domain=name, addresses=number, told=told)
