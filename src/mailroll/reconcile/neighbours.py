"""Domains of a tenant that nobody here has: what their addresses would be worth."""

from collections.abc import Collection, Iterable, Mapping

from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Reading, Scope, Snapshot
from mailroll.reconcile.statements import trust

MOST = 10
"""Domains told of in one run, those with the most addresses: a holding may have verified hundreds."""


def not_here(readings: Iterable[Reading], scope: Scope, here: Collection[DomainName]) -> tuple[Finding, ...]:
    """Tell of verified domains of the tenants read that are not among those `here`, but have addresses."""
    addresses: dict[DomainName, set[Address]] = {}
    trusted = {id(one.snapshot): trust(one.snapshot, scope) for one in readings}
    for snapshot in trusted.values():
        if isinstance(snapshot, Snapshot):
            _gather(snapshot, snapshot.verified - frozenset(here), addresses)
    return tuple(_told(addresses))


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


def _told(addresses: Mapping[DomainName, set[Address]]) -> Iterable[Finding]:
    chief = sorted(addresses, key=lambda name: (-len(addresses[name]), name))[:MOST]
    for name in chief:
        number = len(addresses[name])
        told = "1 address there is" if number == 1 else f"{number} addresses there are"
        yield Finding.of(FindingCode.DOMAIN_NOT_HERE, domain=name, addresses=number, told=told)
