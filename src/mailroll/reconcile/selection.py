"""Whether a source takes an entry, and the rule that decided against it."""

from functools import partial

from mailroll.reconcile import kinds
from mailroll.reconcile.filters.judgement import Filter, Truth, Values
from mailroll.reconcile.filters.words import sentence
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import ObjectType, Purpose, Record, RollUser, Snapshot, SourceSpec
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.verdicts import Absent, Keep, Opinion, Take


def select(record: Record, entry: Entry, source: SourceSpec, snapshot: Snapshot, known: RollUser | None) -> Opinion:
    """Ask the switches of a source, then its filter.

    `known`: the user of this object whose kind stands whatever the reading can only guess.

    Groups and contacts have hardly any of the properties that people are chosen by: the filter does not judge them.
    """
    selection, take = source.selection, Take(entry, source)
    match record.type:
        case ObjectType.GROUP:
            return take if selection.groups else _left_out(ReasonCode.GROUPS_OFF, source)
        case ObjectType.CONTACT:
            return take if selection.contacts else _left_out(ReasonCode.CONTACTS_OFF, source)
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


def _left_out(code: ReasonCode, source: SourceSpec) -> Absent:
    return Absent(Reason.of(code, source=source.label), by_choice=True)
