"""Tells plain objects from all others: what becomes of one depends on it alone, as long as nobody rivals it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any, Final

from mailroll.reconcile import kinds, mapping
from mailroll.reconcile.addresses import PLAIN_ENTRY, Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.arrivals import Manner
from mailroll.reconcile.crowd import Crowd, Row
from mailroll.reconcile.kinds import Ruling
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import ExternalId, ObjectType, Outline, Record, Scope, Snapshot, SourceSpec
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.resolve import granted_kind
from mailroll.reconcile.seen import SeenTexts
from mailroll.reconcile.skips import PackedSkips
from mailroll.reconcile.statements import Absent, Take, select
from mailroll.reconcile.text import storable

_VERSION: Final = bytes(byte & 0x0F | 0x50 for byte in range(256))
_VARIANT: Final = bytes(byte & 0x3F | 0x80 for byte in range(256))
"""What becomes of the seventh and the ninth byte of a hash that is a UUID of version 5."""
_SIZE: Final = 16
"""Bytes of a UUID."""
_KNOWN_MAX: Final = 4_096
"""Domains, and records in common, of which something is kept: more than there are but where somebody makes them up."""


_OTHER_DOMAIN: Final = Reason.of(ReasonCode.OTHER_DOMAIN)


Again = Callable[[AbstractSet[ExternalId]], Sequence[Record]]
"""Makes the records of some objects once more, all their versions, of a listing that let them go."""


def users_of(scope: Scope, keys: Iterable[ExternalId]) -> list[bytes]:
    """The ids of `resolve.user_id` as bytes: name-based UUIDs of version 5 (RFC 9562, section 5.5).

    Measured, `uuid.uuid5` takes ten times as long.
    """
    fresh = hashlib.sha1(scope.id.bytes, usedforsecurity=False)
    digests = bytearray()
    for key in keys:
        digest = fresh.copy()
        digest.update(key.encode())
        digests += digest.digest()[:_SIZE]
    digests[6::_SIZE] = digests[6::_SIZE].translate(_VERSION)
    digests[8::_SIZE] = digests[8::_SIZE].translate(_VARIANT)
    joined = bytes(digests)
    return [joined[start : start + _SIZE] for start in range(0, len(joined), _SIZE)]


@dataclass(frozen=True, slots=True)
class SoFar:
    """What has come so far, of all sources: newcomers, who is left out, ids of objects, addresses that are wanted."""

    crowd: Crowd = field(default_factory=Crowd)
    left_out: PackedSkips = field(default_factory=PackedSkips)
    keys: SeenTexts = field(default_factory=SeenTexts)
    wanted: SeenTexts = field(default_factory=SeenTexts)
    beyond: defaultdict[DomainName, SeenTexts] = field(default_factory=lambda: defaultdict(SeenTexts))

    def __len__(self) -> int:
        """Of how many objects nothing else is held."""
        return len(self.crowd) + len(self.left_out)

    def is_back(self, key: ExternalId) -> bool:
        """Whether an object was taken back, so that it is compared."""
        return key in self.crowd.left_out or key in self.left_out.back


@dataclass(slots=True)
class Sieve:
    """Tells which objects of one reading are plain: its source takes them, and there is nothing else to say of them.

    Or its filter leaves them out, or they are of another domain, and there is nothing else to say. Of each it keeps the
    arrival, or that it is left out, in `found`; whether somebody rivals it is told at the end. `snapshot` may lack
    records, and `again` makes those once more that a listing has let go.
    """

    source: SourceSpec
    snapshot: Snapshot
    scope: Scope
    found: SoFar
    again: Again
    manners: dict[tuple[object, ...], tuple[Ruling, Manner]] = field(default_factory=dict)
    commons: dict[tuple[int, bool], tuple[Record, Manner]] = field(default_factory=dict)
    places: dict[str, tuple[DomainName, "_Place"]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: SourceSpec, shot: Snapshot, scope: Scope, so_far: SoFar, again: Again) -> "Sieve":
        return cls(source, shot, replace(scope, accepts=scope.accepts & shot.verified), so_far, again)

    @classmethod
    def alone(cls, source: SourceSpec, shot: Snapshot, scope: Scope, again: Again) -> "Sieve":
        """Return one for the only source of a domain, which is given each object as it is listed."""
        return cls.of(source, shot, replace(scope, unproved=scope.accepts - shot.verified), SoFar(), again)

    def takes(self, record: Record) -> bool:
        """Whether an object is plain; then nothing more is needed of its record."""
        if not _is_ordinary(record):
            return False
        address_parts = self._addresses(record)
        if address_parts is None:
            return False
        addresses_here, _, elsewhere = address_parts
        if not addresses_here:
            if elsewhere:
                self.found.left_out.add(self.source.id, _OTHER_DOMAIN, record.id, ())
            return bool(elsewhere)
        primary, aliases, home = self._placed(*address_parts, record.mail)
        ruling, manner = self._manner(record, home=home)
        name = mapping.display_name_of(record)
        if self.source.selection.filter is not None:
            entry = Entry(record.id, record.type, name, ruling, home, primary, aliases)
            opinion = select(record, entry, self.source, self.snapshot, None)
            if isinstance(opinion, Absent):
                self.found.left_out.add(self.source.id, opinion.reason, record.id, entry.addresses)
                self.found.wanted.update(entry.addresses)
                return True
            if not isinstance(opinion, Take):
                return False
        self._take(manner, [(record.id, primary, name or "", aliases)])
        return True

    def sift(self, outlines: Sequence[Outline]) -> Sequence[Outline]:
        """Take whoever is plain as it was written, and return the others: their records may be plain all the same."""
        if self.source.selection.filter is not None:
            return outlines
        others: list[Outline] = []
        beyond: list[tuple[DomainName, Address]] = []
        rows: dict[int, tuple[Manner, list[Row]]] = {}
        for outline in outlines:
            noted = len(beyond)
            plain = self._plain(outline, beyond)
            if plain is None:
                del beyond[noted:]
                others.append(outline)
                continue
            manner, row = plain
            if id(manner) not in rows:
                rows[id(manner)] = manner, []
            rows[id(manner)][1].append(row)
        for domain, address in beyond:
            self.found.beyond[domain].add(address)
        for manner, several in rows.values():
            self._take(manner, several)
        return others

    def _plain(self, outline: Outline, beyond: list[tuple[DomainName, Address]]) -> tuple[Manner, Row] | None:
        key, name, mail, entries, common = outline
        shown = self._entries(entries, beyond)
        if shown is None:
            return None
        here, marked, elsewhere = shown
        if mail not in here and not all(address in here for address in mapping.inside(mail or "", self.scope)):
            return None
        primary, aliases, home = self._placed(here, marked, elsewhere, mail)
        known = self.commons.get((id(common), home)) or self._common(common, home=home)
        if known is None:
            return None
        return known[1], (key, primary, storable(name or "")[: mapping.DISPLAY_NAME_MAX], aliases)

    def _common(self, common: Record, *, home: bool) -> tuple[Record, Manner] | None:
        """Return how those are taken who have a record in common, with that, so that no other one gets its identity."""
        if not _is_ordinary(common):
            return None
        if len(self.commons) > _KNOWN_MAX:
            self.commons.clear()
        self.commons[id(common), home] = known = common, self._manner(common, home=home)[1]
        return known

    def _take(self, manner: Manner, rows: Sequence[Row]) -> None:
        users = users_of(self.scope, [row[0] for row in rows])
        self.found.crowd.extend(manner, rows, users)
        self.found.wanted.update([row[1] for row in rows])
        self.found.wanted.update([address for row in rows if row[3] for address in row[3]])

    def shown_twice(self) -> Sequence[Record]:
        """Take back whoever the listing showed more than once, and return all that it showed of them."""
        return self.shown_as(self.found.keys.repeated())

    def shown_as(self, hashes: AbstractSet[int]) -> Sequence[Record]:
        """Take those back whose ids have some hashes, and return what was shown of them."""
        if not hashes:
            return ()
        return self._taken_back(lambda key: hash(key) in hashes)

    def shown_of(self, keys: AbstractSet[ExternalId]) -> Sequence[Record]:
        """Take some objects back, and return what was shown of them."""
        return self._taken_back(keys.__contains__) if keys else ()

    def forget(self) -> None:
        """Let go of all that came, once it is told what becomes of it."""
        self.found = SoFar()

    def everybody(self) -> Sequence[Record]:
        """Take back all."""
        return self._taken_back(lambda _: True)

    def _taken_back(self, is_wanted: Callable[[ExternalId], bool]) -> Sequence[Record]:
        arrivals = [arrival for arrival in self.found.crowd if is_wanted(arrival.external_id)]
        self.found.crowd.leave_out(arrivals)
        return self.again({arrival.external_id for arrival in arrivals} | self.found.left_out.take_back(is_wanted))

    def _placed(
        self,
        addresses_here: Collection[Address],
        marked: Address | None,
        elsewhere: Iterable[DomainName],
        mail: str | Unset | None,
    ) -> tuple[Address, tuple[Address, ...], bool]:
        """Return the primary address, the aliases, and whether the person is billed here.

        None of them is twice in `addresses_here`.
        """
        if marked is not None and marked in addresses_here:
            primary, home = marked, True
        else:
            primary = mapping.primary_of(addresses_here, marked, mail)
            home = mapping.is_home(marked, {*elsewhere, *map(domain_of, addresses_here)}, self.scope)
        if len(addresses_here) == 1:
            return primary, (), home
        return primary, tuple(sorted([address for address in addresses_here if address != primary])), home

    def _entries(
        self, entries: list[str], beyond: list[tuple[DomainName, Address]]
    ) -> tuple[list[Address], Address | None, list[DomainName]] | None:
        """As `_addresses`, of entries as they are written, and note those `beyond`; None in doubt.

        What is no mail entry is nothing to tell of, as long as it is no address, or one of those that are here.
        """
        here: list[Address] = []
        elsewhere: list[DomainName] = []
        odd: list[str] | None = None
        marked: Address | None = None
        for entry in entries:
            plain = _PLAIN_ENTRY(entry)
            if plain is None:
                odd = [entry] if odd is None else [*odd, entry]
                continue
            role, text, name = plain.groups()
            address: Address = text.lower()
            domain, where = self.places.get(name) or self._place(name)
            if where is _HERE:
                here.append(address)
            elif where is _ODD:
                return None
            else:
                elsewhere.append(domain)
                if where is _BEYOND:
                    beyond.append((domain, address))
            if role == "SMTP":
                marked = address if marked is None or address < marked else marked
        if len(here) > 1:
            here = [*set(here)]
        if not here or (odd is not None and not all(self._is_no_mail(entry, here) for entry in odd)):
            return None
        return here, marked, elsewhere

    def _is_no_mail(self, entry: str, addresses_here: Collection[Address]) -> bool:
        """Whether an entry is for something else than mail, and there is nothing to say of it."""
        prefix, colon, rest = entry.partition(":")
        if colon and prefix.lower() == "smtp":
            return False
        return "@" not in entry or all(
            address in addresses_here for address in mapping.inside(rest if colon else prefix, self.scope)
        )

    def _place(self, name: str) -> tuple[DomainName, "_Place"]:
        """Where a domain is, as an entry writes it."""
        address = canonical(f"a@{name}")
        domain = DomainName(name.lower())
        if isinstance(address, AddressFault) or domain_of(address) != domain or domain in self.scope.unproved:
            location = _Place.ODD
        elif domain in self.scope.accepts:
            location = _Place.HERE
        else:
            location = _Place.BEYOND if domain in self.snapshot.verified else _Place.ELSEWHERE
        if len(self.places) > _KNOWN_MAX:
            self.places.clear()
        self.places[name] = domain, location
        return domain, location

    def _addresses(self, record: Record) -> tuple[set[Address], Address | None, set[DomainName]] | None:
        """Return its addresses here, the one marked as primary, and other domains; None where there are odd ones.

        As `mapping.map_record` reads them.
        """
        proxies, scope = record.proxies, self.scope
        if proxies is UNSET:
            return None
        addresses_here: set[Address] = set()
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
                addresses_here.add(address)
            else:
                elsewhere.add(domain)
                if domain in self.snapshot.verified:
                    self.found.beyond[domain].add(address)
        mail = record.mail or ""
        is_told = mail in addresses_here or addresses_here.issuperset(mapping.inside(mail, scope))
        if not elsewhere.isdisjoint(scope.unproved) or not is_told:
            return None
        if is_odd and any(True for _ in mapping.not_smtp(record.id, proxies, scope, addresses_here)):
            return None
        return addresses_here, marked, elsewhere

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
        decision = self.manners.get(key)
        if decision is None:
            self.manners[key] = decision = self._decided(record, home=home)
        return decision

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


class _Place(Enum):
    """Where an address is: in the domain, in another one of its tenant, in any other; odd where that is in doubt."""

    HERE = auto()
    BEYOND = auto()
    ELSEWHERE = auto()
    ODD = auto()


_HERE, _BEYOND, _ODD = _Place.HERE, _Place.BEYOND, _Place.ODD
_PLAIN_ENTRY: Final[Callable[[str], Any]] = PLAIN_ENTRY.fullmatch


def _is_ordinary(record: Record) -> bool:
    return record.type is ObjectType.USER and not record.guest and not record.flaws
