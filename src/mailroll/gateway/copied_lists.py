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
        held = {key: one for key, one in self._roll.domains.items() if key in belongings}
        yield _CopiedMoment(self._now(), self._roll, held, belongings)


@dataclass(frozen=True, slots=True)
class _CopiedMoment:
    at: datetime
    roll: Roll
    held: Mapping[UUID, DomainCopy]
    belongings: Mapping[UUID, UUID]

    def domains(self) -> Sequence[ListedDomain]:
        found = [_listed(one, self.belongings[key]) for key, one in self.held.items()]
        return sorted(found, key=lambda domain: domain.served.name)

    def entries(self, domain: ListedDomain) -> Iterator[ListEntry]:
        one = self.held[domain.served.id]
        labels = {name.label for name in domain.names}
        # Copies: the thread that follows the database goes on. What moves between the two meanwhile is in either.
        kept, changes, waiting = dict(one.kept), dict(one.changes), set(one.waiting)
        kept |= one.kept
        image = one.image.changed(changes) if changes else one.image
        vanished = ((address, life) for address, life in sorted(kept.items()) if image.find(address) is None)
        for address, life in chain(vanished, image.missing_in(Image())):
            found = stage(*life, self.at)
            if found is not Stage.ENDED and address.rpartition("@")[2] in labels:
                waiting.discard(address)
                yield ListEntry(address, GROUNDS[found])
        for address in sorted(waiting):
            if address.rpartition("@")[2] in labels:
                yield ListEntry(address, Because.WAITING)


def _listed(one: DomainCopy, organization: UUID) -> ListedDomain:
    shown = {label: spelling for spelling, label in one.names if spelling != label}
    names = tuple(MailName(label, shown.get(label, "")) for spelling, label in one.names if spelling == label)
    return ListedDomain(one.served, organization, names)
