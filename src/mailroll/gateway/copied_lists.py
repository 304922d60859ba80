"""The copy in memory as lists are made of it: with the database down too, and with what vanished without a reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import OperationalError

from mailroll.directory.lifecycle import Stage, stage
from mailroll.gateway.answers import Because, Roll
from mailroll.gateway.copy import DomainCopy, Image, RollCopy
from mailroll.gateway.lists import GROUNDS, ListedDomain, ListEntry, MailName, Moment


class CopiedListing:
    """Lists from a copy of the roll. Who has an address is not in it: in LDIF each has an entry of its own."""

    def __init__(
        self, roll: RollCopy, now: Callable[[], datetime], belongings: Callable[[], Mapping[UUID, UUID]]
    ) -> None:
        self._roll, self._now, self._belongings = roll, now, belongings

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        if self._roll.position is None:
            raise OperationalError("the copy of the roll was never filled")
        belongings = self._belongings()
        domain_copies = {key: domain_copy for key, domain_copy in self._roll.domains.items() if key in belongings}
        yield _CopiedMoment(self._now(), self._roll, domain_copies, belongings)


@dataclass(frozen=True, slots=True)
class _CopiedMoment:
    at: datetime
    roll: Roll
    held: Mapping[UUID, DomainCopy]
    belongings: Mapping[UUID, UUID]

    def domains(self) -> Sequence[ListedDomain]:
        listed_domains = [_listed(domain_copy, self.belongings[key]) for key, domain_copy in self.held.items()]
        return sorted(listed_domains, key=lambda domain: domain.served.name)

    def entries(self, domain: ListedDomain) -> Iterator[ListEntry]:
        domain_copy = self.held[domain.served.id]
        labels = {name.label for name in domain.names}
        # Copies: the thread that follows the database goes on. What moves between the two meanwhile is in either.
        kept_lives, changes, waiting_addresses = (
            dict(domain_copy.kept),
            dict(domain_copy.changes),
            set(domain_copy.waiting),
        )
        kept_lives |= domain_copy.kept
        image = domain_copy.image.changed(changes) if changes else domain_copy.image
        vanished = ((address, life) for address, life in sorted(kept_lives.items()) if image.find(address) is None)
        for address, life in chain(vanished, image.missing_in(Image())):
            life_stage = stage(*life, self.at)
            if life_stage is not Stage.ENDED and address.rpartition("@")[2] in labels:
                waiting_addresses.discard(address)
                yield ListEntry(address, GROUNDS[life_stage])
        for address in sorted(waiting_addresses):
            if address.rpartition("@")[2] in labels:
                yield ListEntry(address, Because.WAITING)


def _listed(domain_copy: DomainCopy, organization: UUID) -> ListedDomain:
    spellings = {label: spelling for spelling, label in domain_copy.names if spelling != label}
    names = tuple(
        MailName(label, spellings.get(label, "")) for spelling, label in domain_copy.names if spelling == label
    )
    return ListedDomain(domain_copy.served, organization, names)
