"""One change of a plan: a user before and after, what is done with it, and why."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ExternalId, State
from mailroll.reconcile.reasons import Reason


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
        return (self.action, self.external_id or "", self.address or "", str(self.user))
