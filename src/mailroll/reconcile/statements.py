"""What one source says: the state of its reading, and an opinion on each object in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from mailroll.reconcile import kinds
from mailroll.reconcile.addresses import AddressFault, DomainName, domain_of, given
from mailroll.reconcile.filters.judgement import Filter, Truth, Values
from mailroll.reconcile.filters.words import sentence
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import Entry, Left, Mapped, map_record
from mailroll.reconcile.model import (
    ExternalId,
    ObjectType,
    Purpose,
    Reading,
    Record,
    RollUser,
    Scope,
    Snapshot,
    SourceSpec,
    Unreadable,
)
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.text import storable


class SourceState(StrEnum):
    """What became of the reading of a source in one run. Nothing counts of a reading that is not in `HEARD`.

    EMPTY: its listing shows nobody with an address here. NOBODY: the filter selects not one of those it shows, and
    UNDECIDED: it cannot be decided for those whom it does not leave out. OTHER_TENANT and UNVERIFIED: it is in doubt
    whose directory answered, or whose domain this is.
    """

    READ = "read"
    EMPTY = "empty"
    NOBODY = "nobody"
    UNDECIDED = "undecided"
    UNREAD = "unread"
    OTHER_TENANT = "other_tenant"
    UNVERIFIED = "unverified"


HEARD = frozenset({SourceState.READ, SourceState.EMPTY, SourceState.NOBODY, SourceState.UNDECIDED})


@dataclass(frozen=True, slots=True)
class Take:
    """A source takes the object: its user shall be as the entry says."""

    entry: Entry
    source: SourceSpec


@dataclass(frozen=True, slots=True)
class Keep:
    """The object is there and cannot be judged: its user stays as it is.

    `by_choice`: it is the filter of the source that cannot be decided, so another source may take the object.
    """

    reason: Reason
    by_choice: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The object is known to have no place here. `by_choice`: a switch or the filter of the source leaves it out."""

    reason: Reason
    by_choice: bool = False


Opinion = Take | Keep | Absent
"""What one source says of one object."""


@dataclass(frozen=True, slots=True)
class Mended:
    """An object with properties that could not be taken as they were sent."""

    name: str
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The state of one source, with what its reading tells of itself.

    `source`: what people call it. `tenant`: the directory that it reads. `slipped`: objects that its listing left out
    although they answer by id. `nameless`: how many objects were so broken that not even their id could be read.
    `mended`: those of this domain with properties that could not be taken as they were sent. `unread`: types of object
    that it does not show. `taking`: how many of those that its listing shows it takes; where it has a filter, of users.
    """

    state: SourceState
    source: str
    tenant: str = ""
    slipped: frozenset[ExternalId] = frozenset()
    nameless: int = 0
    mended: Mapping[ExternalId, Mended] = field(default_factory=dict)
    unread: frozenset[ObjectType] = frozenset()
    taking: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """All that one source says. Of an object shown in several versions there are several opinions."""

    report: SourceReport
    opinions: Mapping[ExternalId, tuple[Opinion, ...]] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()


Version = tuple[Record, Mapped]


def trust(snapshot: Snapshot | None, scope: Scope) -> Snapshot | SourceState:
    """Return a reading that counts, or the state of a source whose reading does not."""
    if snapshot is None:
        return SourceState.UNREAD
    if snapshot.tenant != snapshot.expected_tenant:
        return SourceState.OTHER_TENANT
    return snapshot if scope.domain in snapshot.verified else SourceState.UNVERIFIED


def map_versions(snapshot: Snapshot, scope: Scope) -> tuple[Version, ...]:
    """Map every version of every object; of one object the version with the most addresses comes first."""
    within = replace(scope, accepts=scope.accepts & snapshot.verified)
    mapped: list[Version] = []
    for records in versions(snapshot).values():
        mapped_versions = [(record, map_record(record, within, hybrid=snapshot.hybrid)) for record in records]
        mapped += sorted(mapped_versions, key=_weight) if len(mapped_versions) > 1 else mapped_versions
    return tuple(mapped)


def hear(
    reading: Reading,
    snapshot: Snapshot,
    mapped: tuple[Version, ...],
    standing: Mapping[ExternalId, RollUser],
    accepts: frozenset[DomainName],
) -> Statement:
    """Say what a source makes of a reading that counts.

    1. Records with an address here are for the source to choose; the others are kept or absent as they were mapped.
    2. What could not be read is kept, and named by what is known of it.
    3. What is gone by id is absent; a tenant that does not know an object of another one has said nothing about it.
    """
    source = reading.source
    opinions: dict[ExternalId, tuple[Opinion, ...]] = {}
    skips: list[Skip] = []
    users: list[Opinion] = []
    mended: dict[ExternalId, Mended] = {}
    taken_ids: set[ExternalId] = set()
    for record, mapped_record in mapped:
        skips += mapped_record.skips
        if record.flaws and not (isinstance(mapped_record.outcome, Left) and mapped_record.outcome.decided):
            mended[record.id] = Mended(_name(record, mapped_record), record.flaws)
        if isinstance(mapped_record.outcome, Left):
            _add(opinions, record.id, _opinion_of_left(mapped_record.outcome))
            skips += _record_skips(mapped_record.outcome)
            continue
        opinion = select(record, mapped_record.outcome, source, snapshot, standing.get(record.id))
        _add(opinions, record.id, opinion)
        if not isinstance(opinion, Take):
            skips += (Skip(record.id, address, opinion.reason) for address in (None, *mapped_record.outcome.addresses))
        elif record.id not in snapshot.asked and (record.type is ObjectType.USER or source.selection.filter is None):
            taken_ids.add(record.id)
        if record.type is ObjectType.USER:
            users.append(opinion)
    skips += _unread(snapshot.unreadable, opinions, accepts)
    for key, answer in snapshot.asked.items():
        if answer is None and key.startswith(f"{snapshot.tenant}:"):
            _add(opinions, key, Absent(Reason.of(ReasonCode.GONE)))
    # By the listing alone: who answers by id does not make up for a listing that shows nobody.
    shows_anybody = (
        reading.more
        or reading.filtered
        or any(
            isinstance(mapped_version.outcome, Entry) and record.id not in snapshot.asked
            for record, mapped_version in mapped
        )
    )
    report = SourceReport(
        _state(reading, users) if shows_anybody else SourceState.EMPTY,
        source.label,
        snapshot.tenant,
        frozenset(key for key, answer in snapshot.asked.items() if answer is not None),
        sum(unreadable_object.id is None for unreadable_object in snapshot.unreadable),
        mended,
        snapshot.unread,
        len(taken_ids),
    )
    return Statement(report, opinions, tuple(skips))


def select(record: Record, entry: Entry, source: SourceSpec, snapshot: Snapshot, known: RollUser | None) -> Opinion:
    """Ask the switches of a source, then its filter.

    `known`: the user of this object whose kind stands whatever the reading can only guess.

    Groups and contacts have hardly any of the properties that people are chosen by: the filter does not judge them.
    """
    selection, take = source.selection, Take(entry, source)
    match record.type:
        case ObjectType.GROUP:
            return take if selection.groups else _switched_off(ReasonCode.GROUPS_OFF, source)
        case ObjectType.CONTACT:
            return take if selection.contacts else _switched_off(ReasonCode.CONTACTS_OFF, source)
        case _:
            if record.guest and not selection.guests and not _mailbox_here(record):
                return Absent(Reason.of(ReasonCode.GUEST), by_choice=True)
            if selection.filter is None:
                return take
            values = _values(record, entry, selection.filter, known)
            return _judged(record, values, selection.filter, source, snapshot) or take


def _mailbox_here(record: Record) -> bool:
    """A guest by name whose mailbox is in this tenant gets mail like anybody: some tenants mark their own people so."""
    return record.mailbox_plan is True or isinstance(record.purpose, Purpose)


def _judged(record: Record, values: Values, by: Filter, source: SourceSpec, snapshot: Snapshot) -> Keep | Absent | None:
    judgement = by.judge(values, partial(_member_of, record, snapshot))
    if judgement.truth is Truth.YES:
        return None
    words = "none of its alternatives is true" if judgement.rule is None else sentence(judgement.rule)
    if judgement.truth is Truth.NO:
        return Absent(Reason.of(ReasonCode.FILTERED_OUT, source=source.label, rule=words), by_choice=True)
    return Keep(Reason.of(ReasonCode.FILTER_UNDECIDED, source=source.label, rule=words), by_choice=True)


def _member_of(record: Record, snapshot: Snapshot, group: str) -> bool | Unset:
    members = snapshot.memberships.get(group, UNSET)
    if members is UNSET:
        return UNSET
    return record.id in members or (UNSET if record.id in snapshot.unlisted else False)


def _values(record: Record, entry: Entry, by: Filter, known: RollUser | None) -> Values:
    """What the filter may ask for: the kind is not of the directory, it is what the roll will have."""
    if "kind" not in by.fields:
        return record.attributes
    kind, _ = kinds.settle_kind(entry.ruling, known)
    return {**record.attributes, "kind": UNSET if kind is UNSET else kind.value}


def _switched_off(code: ReasonCode, source: SourceSpec) -> Absent:
    return Absent(Reason.of(code, source=source.label), by_choice=True)


def versions(snapshot: Snapshot) -> Mapping[ExternalId, tuple[Record, ...]]:
    """Return what is shown of each object. A listing may show one twice; an answer by id is the newer word.

    Of differing versions none can be told to be newer, so none is thrown away here.
    """
    records_by_id: dict[ExternalId, tuple[Record, ...]] = {}
    for record in snapshot.records:
        earlier_records = records_by_id.get(record.id, ())
        if record not in earlier_records:
            records_by_id[record.id] = (*earlier_records, record)
    records_by_id.update({key: (answer,) for key, answer in snapshot.asked.items() if answer is not None})
    return records_by_id


def _add(opinions: dict[ExternalId, tuple[Opinion, ...]], key: ExternalId, opinion: Opinion) -> None:
    opinions[key] = (*opinions.get(key, ()), opinion)


def _state(reading: Reading, users: list[Opinion]) -> SourceState:
    takes_anybody = reading.more or any(isinstance(opinion, Take) for opinion in users)
    if takes_anybody or not (users or reading.filtered) or reading.source.selection.filter is None:
        return SourceState.READ
    undecided = any(isinstance(opinion, Keep) for opinion in users)
    return SourceState.UNDECIDED if undecided else SourceState.NOBODY


def _opinion_of_left(outcome: Left) -> Opinion:
    """Say why a user whose object is still there has no place: every address here is gone, or it is a guest."""
    if not outcome.decided:
        return Keep(outcome.reason)
    own = {ReasonCode.GUEST, ReasonCode.NOT_MAIL_ENABLED}
    return Absent(outcome.reason if outcome.reason.code in own else Reason.of(ReasonCode.NO_ADDRESS_LEFT))


def _record_skips(outcome: Left) -> tuple[Skip, ...]:
    """Nobody looks for mail at a group without mail, and there are many of them."""
    is_reported = outcome.decided and outcome.reason.code is not ReasonCode.NOT_MAIL_ENABLED
    return (Skip(outcome.id, None, outcome.reason),) if is_reported else ()


def _unread(
    unreadable: Iterable[Unreadable],
    opinions: dict[ExternalId, tuple[Opinion, ...]],
    accepts: frozenset[DomainName],
) -> Iterator[Skip]:
    """Keep what cannot be read, and name it by the addresses here that are known of it, else as a whole."""
    for unreadable_object in unreadable:
        if unreadable_object.id is None:
            reason = Reason.of(
                ReasonCode.NAMELESS, what=f"“{unreadable_object.name}”" if unreadable_object.name else "an object"
            )
        else:
            reason = Reason.of(ReasonCode.UNREADABLE, detail=unreadable_object.code)
        if unreadable_object.id not in opinions:
            known_addresses = [
                text for text in map(given, unreadable_object.addresses) if not isinstance(text, AddressFault)
            ]
            for address in [
                known_address for known_address in known_addresses if domain_of(known_address) in accepts
            ] or [None][: unreadable_object.id is None]:
                yield Skip(unreadable_object.id, address, reason)
        if unreadable_object.id is not None:
            _add(opinions, unreadable_object.id, Keep(reason))


def _name(record: Record, mapped_record: Mapped) -> str:
    """What to call an object by: its address here, else its name, else its id."""
    if isinstance(mapped_record.outcome, Entry):
        return mapped_record.outcome.primary
    return storable(record.display_name or "") or record.id


def _weight(version: Version) -> tuple[int, str]:
    """Put first the version with the most addresses, for in mail it is safe to accept; arrival never counts."""
    record, mapped = version
    outcome = mapped.outcome
    # What a filter reads may be all that is different, and that is in the record alone.
    return (-len(outcome.addresses) if isinstance(outcome, Entry) else 0), repr((mapped, record))
