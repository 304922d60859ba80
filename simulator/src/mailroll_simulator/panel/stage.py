"""The tenant that the panel acts on, and whom it may choose there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from mailroll_simulator.objects import User
from mailroll_simulator.panel.journal import Journal
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.world import World


class NobodyLeft(LookupError):
    """There is nobody in the tenant to whom this could still happen."""


@dataclass(frozen=True, slots=True)
class Theatre:
    """One tenant with what was done to it; `swap_seconds` is how long people go without a plan."""

    world: World
    tenant: Tenant
    journal: Journal
    loop: asyncio.AbstractEventLoop
    swap_seconds: float

    @property
    def people(self) -> Sequence[User]:
        """People with a mailbox in the tenant's own domain: no administrators, they are needed to sign in."""
        ending = f"@{self.tenant.default_domain}"
        return [
            user
            for user in self.tenant.users
            if user.purpose == "user" and not user.roles and user.mail.endswith(ending)
        ]

    @property
    def free(self) -> Sequence[User]:
        """Of these, those to whom nothing happened on the panel that could still be taken back."""
        touched = self.journal.touched
        return [user for user in self.people if user.id not in touched]

    @property
    def mailboxes(self) -> int:
        return sum(user.purpose is not None for user in self.tenant.users)

    def pick(self, number: int, *, last: bool = True) -> list[User]:
        """Choose so many of those who are free, from the end of the list: always the same ones."""
        found = self.free
        if len(found) < number or not number:
            raise NobodyLeft("There is nobody left to whom this could happen. Put the tenant back as it was.")
        return list(found[-number:] if last else found[:number])
