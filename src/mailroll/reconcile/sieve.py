"""Tells plain objects from all others: what becomes of one depends on it alone, as long as nobody rivals it."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

from mailroll.reconcile import kinds, mapping
from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.arrivals import Arrival, Manner
from mailroll.reconcile.crowd import Crowd
from mailroll.reconcile.kinds import Ruling
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Scope, Snapshot, SourceSpec
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.resolve import granted_kind
from mailroll.reconcile.seen import SeenTexts
from mailroll.reconcile.selection import select
from mailroll.reconcile.verdicts import Take

_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}

Again = Callable[[AbstractSet[ExternalId]], Sequence[Record]]
"""Makes the records of some objects once more, all their versions, of a listing that let them go."""


def user_of(scope: Scope, key: ExternalId) -> str:
    """The id of `resolve.user_id` in hexadecimal: a name-based UUID of version 5 (RFC 9562, section 5.5).

    Measured, `uuid.uuid5` takes five times as long.
    """
    digest = hashlib.sha1(scope.id.bytes + key.encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:12]}5{digest[13:16]}{_VARIANTS[digest[16]]}{digest[17:32]}"


@dataclass(frozen=True, slots=True)
class SoFar:
    """What has come so far, of all sources: newcomers, ids of objects, addresses that are wanted."""

    crowd: Crowd = field(default_factory=Crowd)
    keys: SeenTexts = field(default_factory=SeenTexts)
    wanted: SeenTexts = field(default_factory=SeenTexts)
    beyond: dict[DomainName, SeenTexts] = field(default_factory=dict)


@dataclass(slots=True)
class Sieve:
    """Tells which objects of one reading are plain: its source takes them, and there is nothing else to say of them.

    Of each it keeps the arrival, in `found`; whether somebody rivals it is told at the end. `snapshot` may lack
    records, and `again` makes those once more that a listing has let go.
    """

    source: SourceSpec
    snapshot: Snapshot
    scope: Scope
    found: SoFar
    again: Again
    manners: dict[tuple[object, ...], tuple[Ruling, Manner]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: SourceSpec, shot: Snapshot, scope: Scope, found: SoFar, again: Again) -> "Sieve":
        return cls(source, shot, replace(scope, accepts=scope.accepts & shot.verified), found, again)

    @classmethod
    def alone(cls, source: SourceSpec, shot: Snapshot, scope: Scope, again: Again) -> "Sieve":
        """Return one for the only source of a domain, which is given each object as it is listed."""
        return cls.of(source, shot, replace(scope, unproved=scope.accepts - shot.verified), SoFar(), again)

    def takes(self, record: Record) -> bool:
        """Whether an object is plain; then nothing more is needed of its record."""
        arrival = self.arrival(record)
        if arrival is None:
            return False
        self.found.crowd.add(arrival)
        for address in arrival.addresses:
            self.found.wanted.add(address)
        return True

    def shown_twice(self) -> Sequence[Record]:
        """Take back whoever the listing showed more than once, and return all that it showed of them."""
        twice = self.found.keys.repeated()
        return self._taken_back(one for one in self.found.crowd if hash(one.external_id) in twice) if twice else ()

    def everybody(self) -> Sequence[Record]:
        """Take back all."""
        return self._taken_back(self.found.crowd)

    def _taken_back(self, some: Iterable[Arrival]) -> Sequence[Record]:
        several = list(some)
        self.found.crowd.leave_out(several)
        return self.again({one.external_id for one in several})

    def arrival(self, record: Record) -> Arrival | None:
        """Make of an object what is made of one that nobody rivals; None where it is not plain."""
        if record.type is not ObjectType.USER or record.guest or record.flaws:
            return None
        shown = self._addresses(record)
        if shown is None:
            return None
        here, marked, elsewhere = shown
        if marked in here:
            primary, home = marked, True
        else:
            primary = mapping.primary_of(here, marked, record)
            home = mapping.is_home(marked, elsewhere.union(map(domain_of, here)), self.scope)
        aliases = tuple(sorted(address for address in here if address != primary)) if len(here) > 1 else ()
        ruling, manner = self._manner(record, home=home)
        name = mapping.display_name_of(record)
        if self.source.selection.filter is not None:
            entry = Entry(record.id, record.type, name, ruling, home, primary, aliases)
            if not isinstance(select(record, entry, self.source, self.snapshot, None), Take):
                return None
        return Arrival(record.id, primary, user_of(self.scope, record.id), name or "", aliases, manner)

    def _addresses(self, record: Record) -> tuple[set[Address], Address | None, set[DomainName]] | None:
        """Return its addresses here, the one marked as primary, and other domains; None where it has none, or odd ones.

        As `mapping.map_record` reads them.
        """
        proxies, scope = record.proxies, self.scope
        if proxies is UNSET:
            return None
        here: set[Address] = set()
        elsewhere: set[DomainName] = set()
        marked: Address | None = None
        is_odd = False
        for proxy in proxies:
            if proxy.role is ProxyRole.OTHER:
                is_odd = True
                continue
            address = canonical(proxy.text)
            if isinstance(address, AddressFault):
                return None
            if proxy.role is ProxyRole.PRIMARY and (marked is None or address < marked):
                marked = address
            domain = domain_of(address)
            if domain in scope.accepts:
                here.add(address)
            else:
                elsewhere.add(domain)
                if domain in self.snapshot.verified:
                    self.found.beyond.setdefault(domain, SeenTexts()).add(address)
        mail = record.mail or ""
        is_told = mail in here or here.issuperset(mapping.inside(mail, scope))
        if not here or not elsewhere.isdisjoint(scope.unproved) or not is_told:
            return None
        if is_odd and any(True for _ in mapping.not_smtp(record.id, proxies, scope, here)):
            return None
        return here, marked, elsewhere

    def _manner(self, record: Record, *, home: bool) -> tuple[Ruling, Manner]:
        """What is decided by a few properties, each of which has a few values, is decided once."""
        key = (
            record.mailbox_plan,
            record.account_enabled,
            record.synced,
            record.purpose,
            record.place,
            record.plan_lapsed,
            record.agent,
            home,
        )
        found = self.manners.get(key)
        if found is None:
            self.manners[key] = found = self._decided(record, home=home)
        return found

    def _decided(self, record: Record, *, home: bool) -> tuple[Ruling, Manner]:
        ruling = kinds.rule(record, hybrid=self.snapshot.hybrid)
        kind, rule = granted_kind(ruling, None)
        return ruling, Manner(
            self.source.id,
            self.source.group,
            record.type,
            kind,
            mapping.is_billable(kind, home=home),
            rule.code,
            (Reason.of(ReasonCode.NEW), *mapping.kind_reasons(kind, rule, home=home)),
        )
