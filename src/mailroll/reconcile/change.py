"""A user before and after: compared, with what is done about it and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ExternalId, State
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.resolve import Target


class Action(StrEnum):
    """What a change does. A sync never plans REMOVE: that is purging after the grace, or a person."""

    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    RETIRE = "retire"
    RESTORE = "restore"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Change:
    """One user before and after. `before` is None for a create, `after` for a remove."""

    action: Action
    user: UUID
    before: State | None
    after: State | None
    reasons: tuple[Reason, ...]

    @property
    def external_id(self) -> ExternalId | None:
        state = self.after or self.before
        return state.external_id if state else None

    @property
    def address(self) -> Address | None:
        """The address that people know the user by: the new primary, else the one it had."""
        for state in (self.after, self.before):
            if state is not None:
                if state.primary is not None:
                    return state.primary
                if state.former:
                    return state.former[0]
        return None

    @property
    def held_before(self) -> frozenset[Address]:
        return frozenset(self.before.addresses) if self.before else frozenset()

    @property
    def held_after(self) -> frozenset[Address]:
        return frozenset(self.after.addresses) if self.after else frozenset()

    @property
    def gained(self) -> frozenset[Address]:
        return self.held_after - self.held_before

    @property
    def lost(self) -> frozenset[Address]:
        return self.held_before - self.held_after

    @property
    def order(self) -> tuple[str, str, str, str]:
        return (self.action, self.external_id or "", self.address or "", self.user.hex)


def diff(target: Target) -> Iterator[Change]:
    """Yield a change for every user that the target leaves other than it is."""
    for outcome in target.outcomes:
        change = between(outcome.user, outcome.before, outcome.after, outcome.reasons)
        if change is not None:
            yield change


def between(user: UUID, before: State | None, after: State, why: tuple[Reason, ...]) -> Change | None:
    """Compare two states of one user; None where they are equal."""
    if before == after:
        return None
    reasons = why if before is None else _differences(before, after) + why
    return Change(_action(before, after), user, before, after, _first(before, after) + reasons)


def _action(before: State | None, after: State) -> Action:
    if before is None:
        return Action.CREATE
    if before.retired != after.retired:
        return Action.RETIRE if after.retired else Action.RESTORE
    if before.owner is None and after.owner is not None:
        return Action.ADOPT
    return Action.UPDATE


def _first(before: State | None, after: State) -> tuple[Reason, ...]:
    """The reason that names the action itself, where the action is not just a difference."""
    match _action(before, after):
        case Action.CREATE:
            return (Reason.of(ReasonCode.NEW),)
        case Action.ADOPT:
            return (Reason.of(ReasonCode.ADOPTED),)
        case Action.RESTORE:
            return (Reason.of(ReasonCode.BACK),)
        case _:
            return ()


def _differences(before: State, after: State) -> tuple[Reason, ...]:
    """Name each field that differs, in one order. A retirement needs no further words."""
    if after.retired:
        return ()
    reasons: list[Reason] = []
    if before.primary is not None and after.primary is not None and before.primary != after.primary:
        reasons.append(_change(ReasonCode.PRIMARY_CHANGED, before.primary, after.primary))
    had, has = set(before.addresses), set(after.addresses)
    reasons.extend(Reason.of(ReasonCode.ALIAS_ADDED, address=address) for address in sorted(has - had))
    reasons.extend(Reason.of(ReasonCode.ALIAS_GONE, address=address) for address in sorted(had - has))
    if before.display_name != after.display_name:
        reasons.append(_change(ReasonCode.RENAMED, before.display_name, after.display_name))
    if before.kind != after.kind:
        reasons.append(_change(ReasonCode.KIND_CHANGED, before.kind.value, after.kind.value))
    elif before.rule != after.rule and before.rule is not None:
        reasons.append(Reason.of(ReasonCode.RULE_CHANGED))
    if before.billable != after.billable and not before.retired:
        reasons.append(Reason.of(ReasonCode.BILLABLE_CHANGED, to="billable" if after.billable else "not billable"))
    if before.group != after.group:
        reasons.append(_change(ReasonCode.GROUP_CHANGED, before.group, after.group))
    if before.owner != after.owner and before.owner is not None:
        reasons.append(Reason.of(ReasonCode.SOURCE_CHANGED))
    if before.kept and not after.kept:
        reasons.append(Reason.of(ReasonCode.LISTED_AGAIN))
    return tuple(reasons)


def _change(code: ReasonCode, before: str, after: str) -> Reason:
    return Reason.of(code, before=before, after=after)
