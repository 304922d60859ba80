"""Users that a plan makes anew, in one row each: a change is made of one only where somebody goes through them all."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.change import Action, Change
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, State
from mailroll.reconcile.reasons import Reason, ReasonCode


# No slots: what is worked out of it is worked out once for all that are so.
@dataclass(frozen=True)
class Manner:
    """What many arrivals have in common: who keeps them, what they are, and why."""

    owner: UUID
    group: str
    type: ObjectType
    kind: Kind
    billable: bool
    rule: ReasonCode
    reasons: tuple[Reason, ...]

    @cached_property
    def why(self) -> str:
        """The reasons as canonical JSON."""
        return storage.canonical_json(storage.reasons_to_json(self.reasons))

    @cached_property
    def form(self) -> storage.RowForm:
        """How the content of their rows is hashed."""
        return storage.RowForm.of(self.state(ExternalId(""), "", Address(""), ()))

    def state(self, key: ExternalId, name: str, primary: Address, aliases: tuple[Address, ...]) -> State:
        return State(
            external_id=key,
            owner=self.owner,
            display_name=name,
            kind=self.kind,
            billable=self.billable,
            group=self.group,
            primary=primary,
            aliases=aliases,
            rule=self.rule,
            object_type=self.type,
        )


class Arrival(NamedTuple):
    """One user that is made. In the order of a plan, as the first field is another for each.

    `user`: its id in hexadecimal, without dashes.
    """

    external_id: ExternalId
    primary: Address
    user: str
    display_name: str
    aliases: tuple[Address, ...]
    manner: Manner

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.primary, *self.aliases)

    @property
    def order(self) -> tuple[str, str, str, str]:
        """As `Change.order`; whose user is the same never is there twice."""
        return Action.CREATE, self.external_id, self.primary, self.user

    @property
    def state(self) -> State:
        return self.manner.state(self.external_id, self.display_name, self.primary, self.aliases)

    def change(self) -> Change:
        return Change(Action.CREATE, UUID(self.user), None, self.state, self.manner.reasons)
