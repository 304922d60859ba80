"""Short words for states, changes and plans of a domain under test."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import load
from mailroll.directory.apply import Applied, apply, expect_unmoved
from mailroll.directory.models import Domain, Owner
from mailroll.reconcile.addresses import Address, in_order
from mailroll.reconcile.model import Current, ExternalId, Kind, ObjectType, State
from mailroll.reconcile.plan import Action, Change, Plan, Touched, fingerprint
from mailroll.reconcile.reasons import ReasonCode

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TENANT = "11111111-1111-1111-1111-111111111111"
ACTING = Acting("test:setup", lambda: NOON)
"""Who prepares what a test is about."""


@dataclass(frozen=True)
class Roll:
    """The roll of one domain under test."""

    domain: Domain
    owner: Owner

    def key(self, name: str) -> UUID:
        return uuid5(self.domain.id, name)

    def address(self, local: str) -> Address:
        return Address(f"{local}@{self.domain.name}")

    def state(self, name: str, primary: str | None, *aliases: str, **other: Any) -> State:
        state = State(
            external_id=ExternalId(f"{TENANT}:{name}"),
            owner=self.owner.id,
            display_name=name.title(),
            kind=Kind.USER,
            billable=True,
            group="Main",
            primary=None if primary is None else self.address(primary),
            aliases=in_order(map(self.address, aliases)),
            rule=ReasonCode.LICENSED,
            object_type=ObjectType.USER,
        )
        return replace(state, **other)

    def change(self, name: str, before: State | None, after: State | None) -> Change:
        action = Action.CREATE if before is None else Action.REMOVE if after is None else Action.UPDATE
        return Change(action, self.key(name), before, after, ())

    def plan(self, *changes: Change) -> Plan:
        return Plan.of(self.domain.id, self.domain.revision, (TENANT,), changes)

    def current(self) -> Current:
        return load.current(self.domain.id)

    def apply(self, plan: Plan, at: Current | None = None, **other: Any) -> Applied:
        """Apply a plan made for the roll as it is now, or as it was at another time."""
        made_for = fingerprint(plan, Touched.within(plan, self.current() if at is None else at))
        with transaction.atomic():
            expect_unmoved(plan, made_for)
            return apply(plan, **{"now": NOON, "fence": 0, **other})

    def has(self, *people: tuple[str, State]) -> None:
        """Add people to the roll."""
        self.apply(self.plan(*(self.change(name, None, state) for name, state in people)))

    def becomes(self, *people: tuple[str, State | None, State | None]) -> Applied:
        """Carry people over from one state to another."""
        return self.apply(self.plan(*(self.change(*person) for person in people)))

    def states(self) -> dict[UUID, State]:
        return {user.id: user.state for user in self.current().users}

    def expect(self, *people: tuple[str, State]) -> None:
        """Hold that the roll has these people and nobody else."""
        assert self.states() == {self.key(name): state for name, state in people}


def noted(acting: Acting) -> list[tuple[str, str]]:
    """What the audit trail says this actor did: actions and subjects, the first one first."""
    return list(AuditEntry.objects.filter(actor=acting.actor).order_by("id").values_list("action", "subject"))
