"""What kind of user a record makes, by which rule, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import Current, ExternalId, Kind, ObjectType, Purpose, Record, RollUser
from mailroll.reconcile.reasons import Reason, ReasonCode

_BY_PURPOSE: Final = {
    Purpose.SHARED: Kind.SHARED,
    Purpose.ROOM: Kind.ROOM,
    Purpose.EQUIPMENT: Kind.EQUIPMENT,
    Purpose.LINKED: Kind.LINKED,
    Purpose.OTHERS: Kind.OTHERS,
}
_SEEN: Final = frozenset({ReasonCode.PURPOSE, ReasonCode.PLACE})
"""Rules that look at the mailbox itself. What they found stays until somebody has looked again."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A kind and the rule that decided it; `kind` is UNSET where what was read does not decide.

    `guessed`: nobody has looked at the mailbox itself, so a kind that was once seen there is the better word.
    """

    kind: Kind | Unset
    reason: Reason
    guessed: bool = False


def rule(record: Record, *, hybrid: bool) -> Ruling:
    """Decide by the first rule that applies.

    1. Groups, contacts and agents are what they are.
    2. The purpose that the mailbox itself has, where it is not a person's; then the list of rooms.
    3. A plan with a mailbox makes a person's mailbox, also one that lapsed: it is kept until the plan has ended.
    4. In a hybrid tenant, who comes from on premises may have a mailbox there.
    5. Without any of these there is nobody to bill: sign-in tells whether it looks like a person.
    """
    match record.type:
        case ObjectType.GROUP:
            return Ruling(Kind.GROUP, Reason.of(ReasonCode.IS_GROUP, form=record.form or "group"))
        case ObjectType.CONTACT:
            return Ruling(Kind.CONTACT, Reason.of(ReasonCode.IS_CONTACT))
        case _:
            return (
                Ruling(Kind.AGENT, Reason.of(ReasonCode.IS_AGENT)) if record.agent else _mailbox(record, hybrid=hybrid)
            )


def _mailbox(record: Record, *, hybrid: bool) -> Ruling:
    if isinstance(record.purpose, Purpose) and record.purpose in _BY_PURPOSE:
        return Ruling(_BY_PURPOSE[record.purpose], Reason.of(ReasonCode.PURPOSE, purpose=record.purpose.value))
    if record.place:
        return Ruling(Kind.ROOM, Reason.of(ReasonCode.PLACE))
    guessed = record.purpose is UNSET
    if record.mailbox_plan:
        code = ReasonCode.LAPSED if record.plan_lapsed else ReasonCode.LICENSED
        return Ruling(Kind.USER, Reason.of(code), guessed)
    if record.mailbox_plan is UNSET:
        return _kept_ruling()
    # A mailbox that the tenant sees is not on premises. `synced` is null for who never came from there.
    if hybrid and record.purpose is not Purpose.USER and record.synced not in {False, None}:
        return _on_premises(record)
    return _unbilled(record)


def _on_premises(record: Record) -> Ruling:
    """Mailboxes without a person are made with their sign-in blocked, on premises as anywhere."""
    if record.synced is UNSET or record.account_enabled is UNSET:
        return _kept_ruling()
    if record.account_enabled is False:
        return Ruling(Kind.SHARED_OR_RESOURCE, Reason.of(ReasonCode.BLOCKED), guessed=True)
    return Ruling(Kind.USER, Reason.of(ReasonCode.HYBRID), guessed=True)


def _unbilled(record: Record) -> Ruling:
    if record.purpose is None:
        return Ruling(Kind.UNLICENSED, Reason.of(ReasonCode.NO_MAILBOX))
    if record.purpose is not UNSET:
        return Ruling(Kind.UNLICENSED, Reason.of(ReasonCode.NO_PLAN))
    if record.account_enabled is UNSET:
        return _kept_ruling()
    if record.account_enabled is False:
        return Ruling(Kind.SHARED_OR_RESOURCE, Reason.of(ReasonCode.BLOCKED), guessed=True)
    return Ruling(Kind.UNLICENSED, Reason.of(ReasonCode.NO_PLAN), guessed=True)


def _kept_ruling() -> Ruling:
    return Ruling(UNSET, Reason.of(ReasonCode.KIND_KEPT), guessed=True)


def standing(user: RollUser) -> Kind | None:
    """The kind of a user that no guess changes: set by a person, or seen at the mailbox itself."""
    return user.state.kind if user.kind_by_hand or user.state.rule in _SEEN else None


def settled(current: Current) -> Mapping[ExternalId, RollUser]:
    """The users of the roll whose kind stands against a guess, by object."""
    return {
        user.state.external_id: user
        for user in current.users
        if user.state.external_id is not None and standing(user) is not None
    }


def settle_kind(ruling: Ruling, roll_user: RollUser | None) -> tuple[Kind | Unset, Reason]:
    """The kind of a user, given who it is in the roll: by hand, as ruled, or as once seen; UNSET for nobody known."""
    if roll_user is not None:
        if roll_user.kind_by_hand:
            return roll_user.state.kind, Reason.of(ReasonCode.KIND_BY_HAND)
        if ruling.guessed and roll_user.state.rule in _SEEN:
            return roll_user.state.kind, kind_reason(roll_user.state.rule, roll_user.state.kind)
        if ruling.kind is UNSET:
            return roll_user.state.kind, ruling.reason
    return ruling.kind, ruling.reason


def kind_reason(rule: ReasonCode, kind: Kind) -> Reason:
    """The reason for a kind as the roll keeps it: the code alone, its facts found again from the kind."""
    match rule:
        case ReasonCode.PURPOSE:
            return Reason.of(rule, purpose=kind.value)
        case ReasonCode.IS_GROUP:
            return Reason.of(rule, form="group")
        case _:
            return Reason.of(rule)
