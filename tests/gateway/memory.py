"""A roll in memory, as a server keeps one, for what is asked over HTTP."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID, uuid4

from django.db import OperationalError

from mailroll.accounts.tokens import Bearer
from mailroll.directory.models import Serving
from mailroll.gateway.answers import Because, Life, Roll, Served
from mailroll.gateway.lists import ListedDomain, ListEntry, MailName, Moment
from tests.directory.rolls import NOON


@dataclass
class Copy:
    """Domains with their addresses; `moments` counts how often it was gone through, which waits for `go`."""

    held: dict[UUID, tuple[ListedDomain, list[str]]] = field(default_factory=dict)
    at: datetime = NOON
    moments: int = 0
    away: bool = False
    go: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.go.set()

    def add(self, name: str, *addresses: str, shown: str = "", organization: UUID | None = None) -> ListedDomain:
        served = Served(uuid4(), name, Serving.SERVE, True, True, NOON, timedelta(days=3), empty=not addresses)
        domain = ListedDomain(served, organization or uuid4(), (MailName(name, shown),))
        self.held[served.id] = domain, [*addresses]
        return domain

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        self.go.wait()
        if self.away:
            raise OperationalError("the database is away")
        self.moments += 1
        yield self

    @property
    def roll(self) -> Roll:
        return self

    def domains(self) -> Sequence[ListedDomain]:
        return sorted((domain for domain, _ in self.held.values()), key=lambda domain: domain.served.name)

    def entries(self, domain: ListedDomain) -> Iterator[ListEntry]:
        for address in self.held[domain.served.id][1]:
            yield ListEntry(address, Because.LISTED)

    def served(self, name: str) -> Served | None:
        return next((domain.served for domain, _ in self.held.values() if name in domain.spellings), None)

    def life(self, domain: UUID, address: str) -> Life | None:
        return Life(None, None) if address in self.held[domain][1] else None

    def waits(self, domain: UUID, address: str) -> bool:
        return False


@dataclass
class Known:
    """Tokens in memory; `asked` are the texts that were looked up."""

    bearers: dict[str, frozenset[UUID]]
    asked: list[str] = field(default_factory=list)

    def known(self, text: str) -> Bearer | None:
        return None

    def bearer(self, text: str) -> Bearer | None:
        self.asked.append(text)
        reached = self.bearers.get(text)
        return None if reached is None else Bearer(UUID(int=0), "mx1", reached)
