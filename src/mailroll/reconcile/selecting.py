"""Whether a source takes an entry, and the rule that decided against it."""

from dataclasses import dataclass

from mailroll.reconcile import kinds
from mailroll.reconcile.filters.judging import Filter, Truth, Values
from mailroll.reconcile.filters.words import sentence
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import ObjectType, Purpose, Record, Snapshot, Source, User
from mailroll.reconcile.reasons import Reason, ReasonCode


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a source does not take an entry; not `decided` where it cannot tell whether it should."""

    reason: Reason
    decided: bool


def select(record: Record, entry: Entry, source: Source, snapshot: Snapshot, known: User | None) -> Refusal | None:
    """Ask the switches of a source, then its filter; None where it takes the entry.

    `known`: the user of this object whose kind stands whatever the reading can only guess.

    Groups and contacts have hardly any of the properties that people are chosen by: the filter does not judge them.
    """
    selection = source.selection
    match record.type:
        case ObjectType.GROUP:
            return None if selection.groups else _refused(ReasonCode.GROUPS_OFF, source)
        case ObjectType.CONTACT:
            return None if selection.contacts else _refused(ReasonCode.CONTACTS_OFF, source)
        case _:
            if record.guest and not selection.guests and not _mailbox_here(record):
                return Refusal(Reason.of(ReasonCode.GUEST), decided=True)
            if selection.filter is None:
                return None
            values = _values(record, entry, selection.filter, known)
            return _judged(record, values, selection.filter, source, snapshot)


def _mailbox_here(record: Record) -> bool:
    """A guest by name whose mailbox is in this tenant gets mail like anybody: some tenants mark their own people so."""
    return record.mailbox_plan is True or isinstance(record.purpose, Purpose)


def _judged(record: Record, values: Values, by: Filter, source: Source, snapshot: Snapshot) -> Refusal | None:
    def member_of(group: str) -> bool | Unset:
        members = snapshot.memberships.get(group, UNSET)
        return UNSET if members is UNSET else record.id in members

    judgement = by.judge(values, member_of)
    if judgement.truth is Truth.YES:
        return None
    code = ReasonCode.FILTERED_OUT if judgement.truth is Truth.NO else ReasonCode.FILTER_UNDECIDED
    words = "none of its alternatives is true" if judgement.rule is None else sentence(judgement.rule)
    return Refusal(Reason.of(code, source=source.label, rule=words), decided=judgement.truth is Truth.NO)


def _values(record: Record, entry: Entry, by: Filter, known: User | None) -> Values:
    """What the filter may ask for: the kind is not of the directory, it is what the roll will have."""
    if "kind" not in by.fields:
        return record.attributes
    kind, _ = kinds.of(entry.ruling, known)
    return {**record.attributes, "kind": UNSET if kind is UNSET else kind.value}


def _refused(code: ReasonCode, source: Source) -> Refusal:
    return Refusal(Reason.of(code, source=source.label), decided=True)
