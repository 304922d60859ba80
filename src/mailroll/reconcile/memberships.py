"""Members that a list of members lacks: nobody is left out for it before the directory was asked about that one user.

A list of members is read in pages while groups change, and one row that is lost would take a mailbox from the roll.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mailroll.reconcile.desired import Desired, desire
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import Current, ExternalId, Reading, RollUser, Scope, Snapshot
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.statements import Absent, Take

Groups = Mapping[ExternalId, frozenset[str]]
"""Groups by the names that filters use, for each of some users."""
Asking = Callable[[Groups], Mapping[ExternalId, frozenset[str] | Unset]]
"""Tells which of some groups each user is in; whoever is missing in the answer, or UNSET, could not be asked about."""


def nobody(_: Groups) -> Mapping[ExternalId, frozenset[str] | Unset]:
    """Ask nobody: then whoever would be left out stays."""
    return {}


@dataclass(frozen=True, slots=True)
class CheckedMemberships:
    """What the sources say once doubtful memberships were asked about, and what there is to say of that.

    `doubtful`: whose memberships those were.
    """

    desired: Desired
    findings: tuple[Finding, ...] = ()
    doubtful: frozenset[ExternalId] = frozenset()


def check(
    readings: Sequence[Reading], current: Current, scope: Scope, standing: Mapping[ExternalId, RollUser], asking: Asking
) -> CheckedMemberships:
    """Say what there should be, and let no filter part with anybody for a membership that may merely be lost.

    1. Find the users in service whom a filter leaves out, or leaves to another source, and would perhaps not if they
       were in a group it names.
    2. Ask about each of them.
    3. Put who is a member back into the lists; of whom that cannot be told, the lists tell nothing.
    """
    desired = desire(readings, scope, standing)
    suspects = _parted_with(desired, current) if _name_groups(readings) else frozenset[ExternalId]()
    if not suspects:
        return CheckedMemberships(desired)
    doubted = desire(_without(readings, suspects), scope, standing)
    doubtful = {key for key in suspects if doubted.verdicts[key] != desired.verdicts[key]}
    if not doubtful:
        return CheckedMemberships(desired)
    memberships_asked = {key: groups for key in doubtful if (groups := _lacking(key, readings))}
    answers = asking(memberships_asked)
    known_groups = {key: groups for key, groups in answers.items() if groups is not UNSET and key in memberships_asked}
    desired = desire(_without(_with(readings, known_groups), doubtful - known_groups.keys()), scope, standing)
    lost_count = sum(bool(known_groups[key] & memberships_asked[key]) for key in known_groups)
    unchecked_count = len(doubtful - known_groups.keys())
    return CheckedMemberships(
        desired,
        (
            *([Finding.of(FindingCode.MEMBERSHIPS_LOST, users=lost_count)] if lost_count else []),
            *([Finding.of(FindingCode.MEMBERSHIPS_UNCHECKED, users=unchecked_count)] if unchecked_count else []),
        ),
        frozenset(doubtful),
    )


def _name_groups(readings: Iterable[Reading]) -> bool:
    return any(
        reading.source.selection.filter is not None and reading.source.selection.filter.memberships
        for reading in readings
    )


def _parted_with(desired: Desired, current: Current) -> frozenset[ExternalId]:
    """Name the objects of users in service that a filter leaves out, or that another source takes than before."""
    suspects = set[ExternalId]()
    for user in current.users:
        key, owner = user.state.external_id, user.state.owner
        if key is None or user.state.retired or user.exempt or user.pinned or owner not in desired.heard:
            continue
        match desired.verdicts.get(key):
            case Absent(reason=Reason(code=ReasonCode.FILTERED_OUT)) if not user.state.kept:
                suspects.add(key)
            case Take(source=source) if source.id != owner:
                suspects.add(key)
    return frozenset(suspects)


def _lacking(key: ExternalId, readings: Iterable[Reading]) -> frozenset[str]:
    """Name the groups of the object's own directory whose lists are known and lack it."""
    return frozenset(
        name
        for reading in readings
        if reading.snapshot is not None and key.startswith(f"{reading.snapshot.tenant}:")
        for name, members in reading.snapshot.memberships.items()
        if members is not UNSET and key not in members
    )


def _with(readings: Iterable[Reading], known_groups: Groups) -> list[Reading]:
    keys_by_group: dict[str, set[ExternalId]] = {}
    for key, groups in known_groups.items():
        for name in groups:
            keys_by_group.setdefault(name, set()).add(key)

    def mend(snapshot: Snapshot) -> Snapshot:
        lists = {
            name: members if members is UNSET else members | keys_by_group.get(name, set())
            for name, members in snapshot.memberships.items()
        }
        return replace(snapshot, memberships=lists)

    return _amended(readings, mend)


def _without(readings: Iterable[Reading], unlisted: Iterable[ExternalId]) -> list[Reading]:
    several = frozenset(unlisted)
    return _amended(readings, lambda snapshot: replace(snapshot, unlisted=several))


def _amended(readings: Iterable[Reading], mend: Callable[[Snapshot], Snapshot]) -> list[Reading]:
    """Change each snapshot once: sources of one connection share theirs, and are mapped together for it."""
    mended: dict[int, Snapshot] = {}
    amended_readings = []
    for reading in readings:
        snapshot = reading.snapshot
        if snapshot is not None:
            snapshot = mended.setdefault(id(snapshot), mended.get(id(snapshot)) or mend(snapshot))
        amended_readings.append(replace(reading, snapshot=snapshot))
    return amended_readings
