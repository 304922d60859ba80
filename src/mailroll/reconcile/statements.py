"""What one source says: the state of its reading, and an opinion on each object in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.mapping import Entry, Left, Mapped, map_record
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Scope, Snapshot, Source, User
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.selecting import select
from mailroll.reconcile.verdicts import Absent, Keep, Opinion, Take


class SourceState(StrEnum):
    """What became of the reading of a source in one run. Nothing counts of a reading that is not in `HEARD`.

    EMPTY: it shows nobody with an address here. NOBODY: the filter selects not one of those it shows. OTHER_TENANT and
    UNVERIFIED: it is in doubt whose directory answered, or whose domain this is.
    """

    READ = "read"
    EMPTY = "empty"
    NOBODY = "nobody"
    UNREAD = "unread"
    OTHER_TENANT = "other_tenant"
    UNVERIFIED = "unverified"


HEARD = frozenset({SourceState.READ, SourceState.EMPTY, SourceState.NOBODY})


@dataclass(frozen=True, slots=True)
class SourceReport:
    """The state of one source, with what its reading tells of itself.

    `tenant`: the directory that was heard. `slipped`: objects that its listing left out although they answer by id.
    `nameless`: how many objects were so broken that not even their id could be read.
    """

    state: SourceState
    tenant: str = ""
    slipped: frozenset[ExternalId] = frozenset()
    nameless: int = 0


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
    within = _within(scope, snapshot.verified)
    mapped: list[Version] = []
    for shown in versions(snapshot).values():
        found = [(record, map_record(record, within, hybrid=snapshot.hybrid)) for record in shown]
        mapped += sorted(found, key=_weight) if len(found) > 1 else found
    return tuple(mapped)


def hear(
    source: Source, snapshot: Snapshot, mapped: tuple[Version, ...], standing: Mapping[ExternalId, User]
) -> Statement:
    """Say what a source makes of a reading that counts.

    1. Records with an address here are for the source to choose; the others are kept or absent as they were mapped.
    2. What could not be read is kept.
    3. What is gone by id is absent; a tenant that does not know an object of another one has said nothing about it.
    """
    opinions: dict[ExternalId, tuple[Opinion, ...]] = {}
    skips: list[Skip] = []
    users: list[Opinion] = []
    for record, one in mapped:
        skips += one.skips
        if isinstance(one.outcome, Left):
            _add(opinions, record.id, _left(one.outcome))
            skips += _whole(one.outcome)
            continue
        opinion = select(record, one.outcome, source, snapshot, standing.get(record.id))
        _add(opinions, record.id, opinion)
        if not isinstance(opinion, Take):
            skips += (Skip(record.id, address, opinion.reason) for address in (None, *one.outcome.addresses))
        if record.type is ObjectType.USER:
            users.append(opinion)
    for broken in snapshot.unreadable:
        if broken.id is not None:
            _add(opinions, broken.id, Keep(Reason.of(ReasonCode.UNREADABLE, detail=broken.code)))
    for key, answer in snapshot.asked.items():
        if answer is None and key.startswith(f"{snapshot.tenant}:"):
            _add(opinions, key, Absent(Reason.of(ReasonCode.GONE)))
    report = SourceReport(
        _state(source, (one for several in opinions.values() for one in several), users),
        snapshot.tenant,
        frozenset(key for key, answer in snapshot.asked.items() if answer is not None),
        sum(broken.id is None for broken in snapshot.unreadable),
    )
    return Statement(report, opinions, tuple(skips))


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


def _add(opinions: dict[ExternalId, tuple[Opinion, ...]], key: ExternalId, opinion: Opinion) -> None:
    opinions[key] = (*opinions.get(key, ()), opinion)


def _state(source: Source, opinions: Iterable[Opinion], users: list[Opinion]) -> SourceState:
    if all(isinstance(one, Absent) and not one.by_choice for one in opinions):
        return SourceState.EMPTY
    filtered = source.selection.filter is not None and bool(users)
    nobody = filtered and all(isinstance(opinion, Absent) for opinion in users)
    return SourceState.NOBODY if nobody else SourceState.READ


def _left(left: Left) -> Opinion:
    """Say why a user whose object is still there has no place: every address here is gone, or it is a guest."""
    if not left.decided:
        return Keep(left.reason)
    own = {ReasonCode.GUEST, ReasonCode.NOT_MAIL_ENABLED}
    return Absent(left.reason if left.reason.code in own else Reason.of(ReasonCode.NO_ADDRESS_LEFT))


def _whole(left: Left) -> tuple[Skip, ...]:
    """Nobody looks for mail at a group without mail, and there are many of them."""
    told = left.decided and left.reason.code is not ReasonCode.NOT_MAIL_ENABLED
    return (Skip(left.id, None, left.reason),) if told else ()


def _weight(version: Version) -> tuple[int, str]:
    """Put first the version with the most addresses, for in mail it is safe to accept; arrival never counts."""
    _, mapped = version
    outcome = mapped.outcome
    return (-len(outcome.addresses) if isinstance(outcome, Entry) else 0), repr(mapped)


def _within(scope: Scope, verified: frozenset[DomainName]) -> Scope:
    """Narrow a scope to what the tenant has proved: an alias domain counts only where it is verified too."""
    return Scope(scope.id, scope.domain, scope.accepts & verified, scope.siblings & verified)
