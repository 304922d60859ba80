"""What an old plan would end, asked for again by id: by the rules of a reading, and only ever to end less."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.desired import Later, desire
from mailroll.reconcile.model import ExternalId, ObjectType, Reading, RollUser, Scope
from mailroll.reconcile.plan import Change, Plan
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.split import Ending
from mailroll.reconcile.statements import Absent, Take


@dataclass(frozen=True, slots=True)
class Answers:
    """What the directories say of the objects that were asked for. Any other could not be asked.

    `present`: the addresses that each would have in the domain; None where it is there and cannot be judged.
    `absent`: those that have no place here, for whatever reason.
    """

    present: Mapping[ExternalId, frozenset[Address] | None]
    absent: frozenset[ExternalId]


@dataclass(frozen=True, slots=True)
class Shrinking:
    """What of a plan is to stay: what is still `present`, and what is `unasked`, because nobody could be asked."""

    present: Ending
    unasked: Ending


def objects(plan: Plan) -> Mapping[ExternalId, ObjectType]:
    """Return the objects to ask for: everybody who would go, and whoever would lose an address to nobody."""
    ending = Ending.of(plan)
    return {
        change.external_id: _type(change)
        for change in plan.changes
        if change.external_id is not None and (change.user in ending.users or change.lost & ending.addresses)
    }


def judge(readings: Iterable[Reading], scope: Scope, standing: Mapping[ExternalId, RollUser]) -> Answers:
    """Judge what was asked for as if a reading had shown it: who has lost the licence, or fell out of a filter, goes.

    Where the tenant that answered is in doubt, nothing of its answer counts.
    """
    verdicts = desire(readings, scope, standing).verdicts
    present = {
        key: frozenset(verdict.entry.addresses) if isinstance(verdict, Take | Later) else None
        for key, verdict in verdicts.items()
        if not isinstance(verdict, Absent)
    }
    return Answers(present, frozenset(verdicts.keys() - present.keys()))


def shrink(plan: Plan, answers: Answers) -> Shrinking:
    """Tell what of a plan's ending stays. Who goes by a person's word, as the source was removed, is not asked."""
    ending = Ending.of(plan)
    present: list[tuple[Change, frozenset[Address]]] = []
    unasked: list[tuple[Change, frozenset[Address]]] = []
    for change in plan.changes:
        key = change.external_id
        if key is None or key in answers.absent:
            continue
        if key in answers.present:
            shown_addresses = answers.present[key]
            present.append((change, change.lost if shown_addresses is None else shown_addresses))
        elif all(reason.code is not ReasonCode.SOURCE_REMOVED for reason in change.reasons):
            unasked.append((change, change.lost))
    return Shrinking(_among(ending, present), _among(ending, unasked))


def unmoved(plan: Plan, stays: Ending) -> Iterator[Skip]:
    """Say of each user and each address that it stays, and why."""
    for change in plan.changes:
        reason = Reason.of(ReasonCode.STILL_THERE)
        user_stays = change.user in stays.users
        for address in sorted(change.held_before if user_stays else change.lost & stays.addresses):
            yield Skip(change.external_id, address, reason)


def _among(ending: Ending, staying: list[tuple[Change, frozenset[Address]]]) -> Ending:
    """The part of an ending that is about these changes: the users whole, or the addresses that they still have."""
    users = ending.users & {change.user for change, _ in staying}
    addresses = (change.lost & shown_addresses for change, shown_addresses in staying if change.user not in users)
    return Ending(users, ending.addresses.intersection(frozenset().union(*addresses)))


def _type(change: Change) -> ObjectType:
    states = (change.before, change.after)
    return next((state.object_type for state in states if state and state.object_type), ObjectType.USER)
