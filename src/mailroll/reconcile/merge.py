"""Several sources of a domain become one statement of what there should be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.mapping import Entry, Left, Mapped, map_record
from mailroll.reconcile.model import ExternalId, ObjectType, Reading, Record, Scope, Snapshot, Source, User
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.selecting import Refusal, select

NOBODY: Final[Mapping[ExternalId, User]] = MappingProxyType({})
_LEFT_BY_SOURCE: Final = frozenset(
    {
        ReasonCode.GUEST,
        ReasonCode.GROUPS_OFF,
        ReasonCode.CONTACTS_OFF,
        ReasonCode.FILTERED_OUT,
        ReasonCode.FILTER_UNDECIDED,
    }
)


@dataclass(frozen=True, slots=True)
class Desired:
    """What the sources say there should be.

    `entries`: who should be in the roll, and the source that took each. `kept`: objects that answered but could
    not be judged: their users stay as they are. `newcomers`: those among them that a later source takes, if they are
    its own already or nobody's. `absent`: objects known to have no place here, with the cause.
    Whoever is in none of these was neither listed nor asked for, and stays.
    `read`: sources whose reading counts. `empty`: those among them that showed nobody with an address here, `nobody`
    those whose filter selects not one of those it showed.
    `unread`: sources that could not be read. `other_tenant`, `unverified`: sources whose tenant or domain is in
    doubt, so that nothing they said counts. `slipped`: objects that the listing left out although they answer by
    id. `anonymous`: objects so broken that not even their id could be read.
    """

    entries: Mapping[ExternalId, tuple[Entry, Source]]
    kept: Mapping[ExternalId, Reason]
    newcomers: Mapping[ExternalId, tuple[Entry, Source]]
    absent: Mapping[ExternalId, Reason]
    read: frozenset[UUID]
    empty: frozenset[UUID]
    nobody: frozenset[UUID]
    unread: frozenset[UUID]
    other_tenant: frozenset[UUID]
    unverified: frozenset[UUID]
    tenants: frozenset[str]
    skips: tuple[Skip, ...]
    slipped: int
    anonymous: int


def merge(readings: Iterable[Reading], scope: Scope, standing: Mapping[ExternalId, User] = NOBODY) -> Desired:
    """Try the sources from the lowest precedence up; the first that selects an object takes it.

    `standing`: users of the roll whose kind stands whatever this reading can only guess (see `kinds.settled`).
    """
    draft = _Draft(scope, standing)
    for reading in sorted(readings, key=lambda reading: (reading.source.precedence, str(reading.source.id))):
        draft.take(reading)
    return draft.settled()


_Version = tuple[Record, Mapped]


@dataclass(slots=True)
class _Draft:
    """A statement in the making."""

    scope: Scope
    standing: Mapping[ExternalId, User]
    entries: dict[ExternalId, tuple[Entry, Source]] = field(default_factory=dict)
    kept: dict[ExternalId, Reason] = field(default_factory=dict)
    undecided: dict[ExternalId, Reason] = field(default_factory=dict)
    newcomers: dict[ExternalId, tuple[Entry, Source]] = field(default_factory=dict)
    refused: dict[ExternalId, Reason] = field(default_factory=dict)
    absent: dict[ExternalId, Reason] = field(default_factory=dict)
    skips: dict[tuple[str, str], Skip] = field(default_factory=dict)
    read: set[UUID] = field(default_factory=set)
    empty: set[UUID] = field(default_factory=set)
    nobody: set[UUID] = field(default_factory=set)
    unread: set[UUID] = field(default_factory=set)
    other_tenant: set[UUID] = field(default_factory=set)
    unverified: set[UUID] = field(default_factory=set)
    slipped: set[ExternalId] = field(default_factory=set)
    anonymous: dict[str, int] = field(default_factory=dict)
    # Sources of one connection follow each other more often than not, and mapping is half of the work.
    latest: tuple[Snapshot, list[list[_Version]]] | None = None

    def take(self, reading: Reading) -> None:
        """Add what one source says, unless it was not read or its identity is in doubt."""
        source, snapshot = reading.source, reading.snapshot
        if snapshot is None:
            self.unread.add(source.id)
        elif snapshot.tenant != snapshot.expected_tenant:
            self.other_tenant.add(source.id)
        elif self.scope.domain not in snapshot.verified:
            self.unverified.add(source.id)
        else:
            self.read.add(source.id)
            if not (self._records(source, snapshot) | self._others(snapshot)):
                self.empty.add(source.id)

    def _mapped(self, snapshot: Snapshot) -> list[list[_Version]]:
        """Every object as the versions shown of it, the one with the most addresses first."""
        if self.latest is None or self.latest[0] is not snapshot:
            within = _within(self.scope, snapshot.verified)
            found = [
                [(record, map_record(record, within, hybrid=snapshot.hybrid)) for record in shown]
                for shown in versions(snapshot).values()
            ]
            for shown in found:
                if len(shown) > 1:
                    shown.sort(key=_weight)
            self.latest = (snapshot, found)
        return self.latest[1]

    def _records(self, source: Source, snapshot: Snapshot) -> bool:
        """Take in what could be read; tell whether anybody in it may have an address here."""
        somebody = False
        judged: list[Refusal | None] = []
        for shown in self._mapped(snapshot):
            for record, mapped in shown:
                for skip in mapped.skips:
                    self.skips.setdefault((record.id, skip.address or ""), skip)
                outcome = mapped.outcome
                if isinstance(outcome, Entry):
                    refusal = select(record, outcome, source, snapshot, self.standing.get(record.id))
                    self._choose(outcome, refusal, source)
                    if record.type is ObjectType.USER:
                        judged.append(refusal)
                elif outcome.decided:
                    self.absent.setdefault(record.id, _cause(outcome))
                    # Nobody looks for mail at a group without mail, and there are many of them.
                    if outcome.reason.code is not ReasonCode.NOT_MAIL_ENABLED:
                        self.skips.setdefault((record.id, ""), Skip(record.id, None, outcome.reason))
                    continue
                else:
                    self.kept.setdefault(record.id, outcome.reason)
                somebody = True
        filtered = source.selection.filter is not None and bool(judged)
        if filtered and all(refusal is not None and refusal.decided for refusal in judged):
            self.nobody.add(source.id)
        return somebody

    def _choose(self, entry: Entry, refusal: Refusal | None, source: Source) -> None:
        """Write down what one source says of an entry. Who an earlier one could not judge goes to nobody else yet."""
        if refusal is None:
            taken = self.newcomers if entry.id in self.undecided else self.entries
            taken.setdefault(entry.id, (entry, source))
            return
        (self.refused if refusal.decided else self.undecided).setdefault(entry.id, refusal.reason)
        for address in (None, *entry.addresses):
            self.skips.setdefault((entry.id, address or ""), Skip(entry.id, address, refusal.reason))

    def _others(self, snapshot: Snapshot) -> bool:
        """Take in objects that could not be read, and those that are gone, asked for by id; tell if any is broken."""
        known = [broken for broken in snapshot.unreadable if broken.id is not None]
        for broken in snapshot.unreadable:
            if broken.id is not None:
                self.kept.setdefault(broken.id, Reason.of(ReasonCode.UNREADABLE, detail=broken.code))
        for key, answer in snapshot.asked.items():
            if answer is not None:
                self.slipped.add(key)
            elif key.startswith(f"{snapshot.tenant}:"):
                # A tenant that does not know an object of another one has said nothing about it.
                self.absent.setdefault(key, Reason.of(ReasonCode.GONE))
        # Two readings of one tenant show the same objects.
        unnamed = len(snapshot.unreadable) - len(known)
        self.anonymous[snapshot.tenant] = max(unnamed, self.anonymous.get(snapshot.tenant, 0))
        return bool(known)

    def settled(self) -> Desired:
        """Knowing beats not knowing, and being there beats being gone."""
        self.newcomers = {key: wanted for key, wanted in self.newcomers.items() if key not in self.entries}
        self.kept |= {key: reason for key, reason in self.undecided.items() if key not in self.kept}
        for key, reason in self.refused.items():
            self.absent[key] = reason
        for key in self.entries:
            self.kept.pop(key, None)
            self.absent.pop(key, None)
            self.skips.pop((key, ""), None)
        # Who one source leaves out and another takes, or who is a guest in one version and a member in another, is
        # here with every address.
        self.skips = {
            (key, address): skip
            for (key, address), skip in self.skips.items()
            if skip.reason.code not in _LEFT_BY_SOURCE or key not in self.entries
        }
        for key, reason in self.kept.items():
            self.absent.pop(key, None)
            self.skips[key, ""] = Skip(key, None, reason)
        return Desired(
            entries=self.entries,
            kept=self.kept,
            newcomers=self.newcomers,
            absent=self.absent,
            read=frozenset(self.read),
            empty=frozenset(self.empty),
            nobody=frozenset(self.nobody),
            unread=frozenset(self.unread),
            other_tenant=frozenset(self.other_tenant),
            unverified=frozenset(self.unverified),
            tenants=frozenset(self.anonymous),
            skips=tuple(self.skips[key] for key in sorted(self.skips)),
            slipped=len(self.slipped),
            anonymous=sum(self.anonymous.values()),
        )


def versions(snapshot: Snapshot) -> Mapping[ExternalId, tuple[Record, ...]]:
    """Return what is shown of each object. A listing may show one twice; an answer by id is the newer word.

    Of differing versions none can be told to be newer, so none is thrown away here.
    """
    shown: dict[ExternalId, tuple[Record, ...]] = {}
    for record in snapshot.records:
        known = shown.get(record.id, ())
        if record not in known:
            shown[record.id] = (*known, record)
    shown.update({key: (answer,) for key, answer in snapshot.asked.items() if answer is not None})
    return shown


def _weight(version: _Version) -> tuple[int, str]:
    """Put first the version with the most addresses, for in mail it is safe to accept; arrival never counts."""
    mapped = version[1]
    outcome = mapped.outcome
    return (-len(outcome.addresses) if isinstance(outcome, Entry) else 0), repr(mapped)


def _within(scope: Scope, verified: frozenset[DomainName]) -> Scope:
    """Narrow a scope to what the tenant has proved: an alias domain counts only where it is verified too."""
    return Scope(scope.id, scope.domain, scope.accepts & verified, scope.siblings & verified)


def _cause(left: Left) -> Reason:
    """Say why a user whose object is still there has no place: every address here is gone, or it is a guest."""
    own = {ReasonCode.GUEST, ReasonCode.NOT_MAIL_ENABLED}
    return left.reason if left.reason.code in own else Reason.of(ReasonCode.NO_ADDRESS_LEFT)
