"""One record of an outside directory becomes what one user of the roll should be, or the reason why it does not."""

from dataclasses import dataclass

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
from mailroll.reconcile.model import BILLABLE_KINDS, UNSET, ExternalId, Kind, Record, Scope, Unset
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip

# Entra holds at most 256 characters in displayName; what is longer did not come from there.
DISPLAY_NAME_MAX = 256
# Room for any address in a report, whatever was sent.
SHOWN_MAX = 320


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source says a user should be. `kind` is UNSET where the facts do not decide it.

    `home`: the person is billed in this domain, because the primary address lies here.
    """

    id: ExternalId
    display_name: str | Unset
    kind: Kind | Unset
    home: bool
    primary: Address
    aliases: tuple[Address, ...]
    reasons: tuple[Reason, ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.primary, *self.aliases)

    def billable(self, kind: Kind) -> bool:
        return self.home and kind in BILLABLE_KINDS


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


def map_record(record: Record, scope: Scope) -> Mapped:
    """Turn one record into an entry of the domain in `scope`.

    1. What was not read decides nothing.
    2. Only SMTP proxy addresses in the domain count: `mail` is not verified by anyone.
    3. Guests stay out; so does whoever has no usable address here.
    4. The primary is the one Exchange marks, else `mail`, else the first in order.
    """
    if record.proxies is UNSET:
        return Mapped(Left(record.id, Reason.of(ReasonCode.UNDECIDED, field="proxyAddresses"), decided=False))
    here, marked, skips, elsewhere = _addresses(record.id, record.proxies, scope)
    if not here:
        # An address here that cannot be used is not known to be none.
        return Mapped(Left(record.id, _why_none(record, skips, elsewhere), decided=not skips), skips)
    if record.guest:
        why = Reason.of(ReasonCode.GUEST)
        return Mapped(
            Left(record.id, why, decided=True), (*skips, *(Skip(record.id, address, why) for address in in_order(here)))
        )
    primary = _primary(here, marked, record)
    home = _home(marked, elsewhere | {domain_of(address) for address in here}, scope)
    kind, why = _kind(record)
    reasons = (why,) if home or kind not in BILLABLE_KINDS else (why, Reason.of(ReasonCode.BILLED_ELSEWHERE))
    aliases = in_order(address for address in here if address != primary)
    return Mapped(Entry(record.id, _display_name(record), kind, home, primary, aliases, reasons), skips)


def _addresses(
    key: ExternalId, proxies: tuple[ProxyAddress, ...], scope: Scope
) -> tuple[frozenset[Address], Address | None, tuple[Skip, ...], frozenset[DomainName]]:
    """Sort a record's addresses: usable here, the one marked primary, unusable ones, and the other domains."""
    here: set[Address] = set()
    elsewhere: set[DomainName] = set()
    skips: list[Skip] = []
    marked: list[Address] = []
    for proxy in proxies:
        if proxy.role is ProxyRole.OTHER:
            continue
        address = canonical(proxy.text)
        if isinstance(address, AddressFault):
            if mail_domain(proxy.text.rpartition("@")[2]) in scope.accepts:
                skips.append(Skip(key, _storable(proxy.text)[:SHOWN_MAX], Reason.of(ReasonCode(address.value))))
            continue
        if proxy.role is ProxyRole.PRIMARY:
            marked.append(address)
        if domain_of(address) in scope.accepts:
            here.add(address)
        else:
            elsewhere.add(domain_of(address))
    skips.sort(key=lambda skip: (skip.address or "", skip.reason.code))
    # Exactly one is marked; where a reading shows more, the smallest, so that order decides nothing.
    return frozenset(here), min(marked, default=None), tuple(skips), frozenset(elsewhere)


def _why_none(record: Record, skips: tuple[Skip, ...], elsewhere: frozenset[DomainName]) -> Reason:
    if skips:
        return skips[0].reason
    if elsewhere:
        return Reason.of(ReasonCode.OTHER_DOMAIN)
    return Reason.of(ReasonCode.GUEST if record.guest else ReasonCode.NOT_READY)


def _primary(here: frozenset[Address], marked: Address | None, record: Record) -> Address:
    if marked in here:
        return marked
    mail = canonical(record.mail) if record.mail else None
    return mail if mail in here and not isinstance(mail, AddressFault) else min(here)


def _home(marked: Address | None, domains: frozenset[DomainName], scope: Scope) -> bool:
    """Bill a person once: where the primary address lies, else in the first of the domains that know the person."""
    console = scope.accepts | scope.siblings
    if marked is not None and domain_of(marked) in console:
        return domain_of(marked) in scope.accepts
    return min(domains & console) in scope.accepts


def _kind(record: Record) -> tuple[Kind | Unset, Reason]:
    """Tell the kind by the assigned plans. Kinds that need more than the plans join here, before this rule."""
    if record.mailbox_plan is UNSET:
        return UNSET, Reason.of(ReasonCode.KIND_KEPT)
    if record.mailbox_plan:
        return Kind.USER, Reason.of(ReasonCode.LICENSED)
    return Kind.UNLICENSED, Reason.of(ReasonCode.NO_PLAN)


def _display_name(record: Record) -> str | Unset:
    if record.display_name is UNSET:
        return UNSET
    return _storable(record.display_name or "")[:DISPLAY_NAME_MAX]


def _storable(text: str) -> str:
    """Replace what neither UTF-8 nor PostgreSQL can hold, so that one odd name never stops a domain."""
    return text.encode(errors="replace").decode().replace("\0", "?")
