"""Domains of a tenant that nobody here has: what their addresses would be worth."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from mailroll.reconcile.addresses import AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Reading, Scope, Snapshot
from mailroll.reconcile.seen import SeenTexts
from mailroll.reconcile.statements import trust

_NONE: Final = MappingProxyType[DomainName, SeenTexts]({})
MOST = 10
"""Domains told of in one run, those with the most addresses: a holding may have verified hundreds."""


def not_here(
    readings: Iterable[Reading],
    scope: Scope,
    names_here: Collection[DomainName],
    counted: Mapping[DomainName, int] | None = None,
    beside: Mapping[DomainName, SeenTexts] = _NONE,
) -> tuple[Finding, ...]:
    """Tell of verified domains of the tenants read that are not among those `names_here`, but have addresses.

    `counted`: how many each has, where the readings are parts, which do not show it. `beside`: the addresses, in any
    domain of the tenants but those of the scope, that newcomers have whom the readings leave out.
    """
    return tuple(_neighbour_findings(count(readings, scope, names_here, beside) if counted is None else counted))


def count(
    readings: Iterable[Reading],
    scope: Scope,
    names_here: Collection[DomainName],
    beside: Mapping[DomainName, SeenTexts] = _NONE,
) -> Mapping[DomainName, int]:
    """Count the addresses of those domains."""
    known_names = scope.accepts.union(names_here)
    addresses = {name: several for name, several in beside.items() if name not in known_names}
    trusted = {id(reading.snapshot): trust(reading.snapshot, scope) for reading in readings}
    for snapshot in trusted.values():
        if isinstance(snapshot, Snapshot):
            _gather(snapshot, snapshot.verified - known_names, addresses)
    return {name: len(several) for name, several in addresses.items()}


def told_of(findings: Iterable[Finding]) -> Mapping[DomainName, int]:
    """Return how many addresses each of the domains had that findings told of."""
    facts = [dict(finding.facts) for finding in findings if finding.code is FindingCode.DOMAIN_NOT_HERE]
    return {DomainName(fact["domain"]): int(fact["addresses"]) for fact in facts}


def _gather(snapshot: Snapshot, names: frozenset[DomainName], into: dict[DomainName, SeenTexts]) -> None:
    if not names:
        return
    for record in snapshot.records:
        for proxy in () if record.proxies is UNSET else record.proxies:
            address = canonical(proxy.text)
            if proxy.role is ProxyRole.OTHER or isinstance(address, AddressFault):
                continue
            if (name := domain_of(address)) in names:
                into.setdefault(name, SeenTexts()).add(address)


def _neighbour_findings(addresses: Mapping[DomainName, int]) -> Iterable[Finding]:
    chief = sorted(addresses, key=lambda name: (-addresses[name], name))[:MOST]
    for name in chief:
        number = addresses[name]
        # A run that looks at some alone does not count them anew.
        addresses_text = "1 address there was" if number == 1 else f"{number} addresses there were"
        sentence = f"when everybody was last compared, {addresses_text}"
        yield Finding.of(FindingCode.DOMAIN_NOT_HERE, domain=name, addresses=number, told=sentence)
