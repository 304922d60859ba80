"""One record of an outside directory becomes what one user of the roll should be, or the reason why it does not."""

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mailroll.reconcile import kinds
from mailroll.reconcile.addresses import (
    Address,
    AddressFault,
    DomainName,
    ProxyAddress,
    ProxyRole,
    canonical,
    domain_of,
    in_order,
    mail_domain,
)
from mailroll.reconcile.kinds import Ruling
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import BILLABLE_KINDS, ExternalId, Kind, ObjectType, Record, Scope
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.text import storable

# Entra holds at most 256 characters in displayName; what is longer did not come from there.
DISPLAY_NAME_MAX = 256
# Room for any address in a report, whatever was sent.
SHOWN_MAX = 320
# Prefixes are words of three or four letters; what is longer is something else.
PREFIX_MAX = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source says a user should be.

    `home`: the person is billed in this domain, because the primary address lies here.
    """

    id: ExternalId
    type: ObjectType
    display_name: str | Unset
    ruling: Ruling
    home: bool
    primary: Address
    aliases: tuple[Address, ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.primary, *self.aliases)

    def billable(self, kind: Kind) -> bool:
        return is_billable(kind, home=self.home)

    def reasons(self, kind: Kind, rule: Reason) -> tuple[Reason, ...]:
        return kind_reasons(kind, rule, home=self.home)


def is_billable(kind: Kind, *, home: bool) -> bool:
    return home and kind in BILLABLE_KINDS


def kind_reasons(kind: Kind, rule: Reason, *, home: bool) -> tuple[Reason, ...]:
    """Say what makes the kind, and who pays for it where that is not this domain."""
    if home or kind not in BILLABLE_KINDS:
        return (rule,)
    return rule, Reason.of(ReasonCode.BILLED_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Left:
    """A record that makes no entry. `decided`: it is known to have no place here, not merely unknown."""

    id: ExternalId
    reason: Reason
    decided: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """The outcome for one record, with the addresses of it that cannot be used."""

    outcome: Entry | Left
    skips: tuple[Skip, ...] = ()


def map_record(record: Record, scope: Scope, *, hybrid: bool = False) -> Mapped:
    """Turn one record into an entry of the domain in `scope`.

    1. What was not read decides nothing.
    2. Only SMTP proxy addresses in the domain count: `mail` is not verified by anyone.
    3. Whoever has no usable address here stays out.
    4. The primary is the one that is marked, else `mail`, else the first in order.
    """
    if record.type is ObjectType.GROUP and record.mail_enabled is False:
        return Mapped(Left(record.id, Reason.of(ReasonCode.NOT_MAIL_ENABLED), decided=True))
    if record.proxies is UNSET:
        reason = Reason.of(ReasonCode.UNDECIDED, field="proxyAddresses")
        skips = tuple(Skip(record.id, address, reason) for address in inside(record.mail or "", scope))
        return Mapped(Left(record.id, reason, decided=False), skips)
    addresses = _addresses(record, record.proxies, scope)
    if not addresses.here:
        # An address here that cannot be used is not known to be none.
        return Mapped(_left_record(record, addresses), addresses.skips)
    primary = primary_of(addresses.here, addresses.marked, record.mail)
    home = is_home(addresses.marked, addresses.elsewhere | {domain_of(address) for address in addresses.here}, scope)
    aliases = in_order(address for address in addresses.here if address != primary)
    ruling = kinds.rule(record, hybrid=hybrid)
    return Mapped(
        Entry(record.id, record.type, display_name_of(record), ruling, home, primary, aliases), addresses.skips
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A record's addresses: usable here, the one marked primary, what stays out, and the other domains.

    `doubt`: why one that stays out might be a mail address all the same.
    """

    here: frozenset[Address]
    marked: Address | None
    skips: tuple[Skip, ...]
    doubt: Reason | None
    elsewhere: frozenset[DomainName]


def _addresses(record: Record, proxies: tuple[ProxyAddress, ...], scope: Scope) -> _Found:
    addresses_here: set[Address] = set()
    elsewhere: set[DomainName] = set()
    faulty: list[Skip] = []
    unproved_skips: list[Skip] = []
    marked: list[Address] = []
    for proxy in proxies:
        if proxy.role is ProxyRole.OTHER:
            continue
        address = canonical(proxy.text)
        if isinstance(address, AddressFault):
            if mail_domain(proxy.text.rpartition("@")[2]) in scope.accepts:
                faulty.append(Skip(record.id, storable(proxy.text)[:SHOWN_MAX], Reason.of(ReasonCode(address.value))))
            continue
        if proxy.role is ProxyRole.PRIMARY:
            marked.append(address)
        domain = domain_of(address)
        if domain in scope.accepts:
            addresses_here.add(address)
        elif domain in scope.unproved:
            unproved_skips.append(Skip(record.id, address, Reason.of(ReasonCode.UNPROVED, domain=domain)))
        else:
            elsewhere.add(domain)
    mail = record.mail or ""
    # What a proxy address says as well is judged by now, and nearly everybody's `mail` is one.
    mail_is_proxy = any(proxy.text == mail and proxy.role is not ProxyRole.OTHER for proxy in proxies)
    mail_only = [
        Skip(record.id, address, Reason.of(ReasonCode.MAIL_ONLY))
        for address in (() if mail_is_proxy else inside(mail, scope))
        if address not in addresses_here
    ]
    skips = [*faulty, *unproved_skips, *mail_only, *not_smtp(record.id, proxies, scope, addresses_here)]
    skips.sort(key=lambda skip: (skip.address or "", skip.reason.code))
    # Whoever was just given another licence may lose all proxies for a while and keep `mail`.
    doubtful = [*faulty, *unproved_skips] if elsewhere else [*faulty, *unproved_skips, *mail_only]
    # Exactly one is marked; where a reading shows more, the smallest, so that order decides nothing.
    return _Found(
        frozenset(addresses_here),
        min(marked, default=None),
        tuple(skips),
        min((skip.reason for skip in doubtful), key=lambda reason: reason.code, default=None),
        frozenset(elsewhere),
    )


def not_smtp(
    key: ExternalId, proxies: tuple[ProxyAddress, ...], scope: Scope, addresses_here: set[Address]
) -> Iterator[Skip]:
    """Say of what looks like an address here, and is one for calls or chats, that it receives no mail."""
    for proxy in proxies:
        if proxy.role is ProxyRole.OTHER:
            prefix, colon, rest = proxy.text.partition(":")
            for address in inside(rest if colon else prefix, scope):
                if address not in addresses_here:
                    prefix_shown = storable(prefix.upper())[:PREFIX_MAX] if colon else "no prefix"
                    yield Skip(key, address, Reason.of(ReasonCode.NOT_SMTP, prefix=prefix_shown))


def inside(text: str, scope: Scope) -> tuple[Address, ...]:
    """The address that a text is, where it is one of this domain."""
    address = canonical(text.strip())
    return () if isinstance(address, AddressFault) or domain_of(address) not in scope.accepts else (address,)


def _left_record(record: Record, addresses: _Found) -> Left:
    if addresses.doubt is not None:
        return Left(record.id, addresses.doubt, decided=False)
    if addresses.elsewhere:
        return Left(record.id, Reason.of(ReasonCode.OTHER_DOMAIN), decided=True)
    if record.guest:
        return Left(record.id, Reason.of(ReasonCode.GUEST), decided=True)
    # A mailbox has an address: one that is licensed and shows none contradicts itself, and decides nothing.
    contradicts = record.mailbox_plan is True and record.account_enabled is not False
    return Left(record.id, Reason.of(ReasonCode.NOT_READY), decided=not contradicts)


def primary_of(addresses_here: Collection[Address], marked: Address | None, mail: str | Unset | None) -> Address:
    if marked is not None and marked in addresses_here:
        return marked
    mail_address = canonical(mail) if mail else None
    return (
        mail_address
        if mail_address is not None and not isinstance(mail_address, AddressFault) and mail_address in addresses_here
        else min(addresses_here)
    )


def is_home(marked: Address | None, domains: AbstractSet[DomainName], scope: Scope) -> bool:
    """Bill a person once: where the primary address lies, else in the first of the domains that know the person."""
    ours = scope.accepts | scope.unproved
    console = ours | scope.siblings
    if marked is not None and domain_of(marked) in console:
        return domain_of(marked) in ours
    return min(domains & console) in ours


def display_name_of(record: Record) -> str | Unset:
    if record.display_name is UNSET:
        return UNSET
    return storable(record.display_name or "")[:DISPLAY_NAME_MAX]
