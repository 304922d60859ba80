"""Counts who got mail in the last days, and asks the roll about each by the one rule of all gateways."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import connection

from mailroll.directory.models import Serving
from mailroll.gateway.answers import Because, Life, Served, answer, forms, split
from mailroll.gateway.compare.delivery import Calendar, Delivery, SkippedLine
from mailroll.gateway.compare.log import Log
from mailroll.gateway.recipients import StoredRoll

RECIPIENTS_MAX: Final = 200_000
"""Different recipients that are counted, some 60 MB: behind a server that takes everything spam invents more."""

_AT_ONCE = 2_000
# Whoever the list lacks is missed whether or not it is read lately: what comes of that is for the guards of the answer.
_LACKING = frozenset({Because.NOT_LISTED, Because.ENDED, Because.STALE, Because.EMPTY})


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody who got mail and would be refused."""

    address: str
    domain: UUID
    messages: int
    last: date
    ended: bool
    """Whether the roll had the address, and it has come to its end."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What logs tell beside the roll. Nothing else of them is kept."""

    missed: tuple[Missed, ...]
    """Those with the most messages first."""
    recipients: int
    """Different ones of the domains that were asked about."""
    messages: int
    lines: int
    unreadable: int
    internal: int
    elsewhere: int
    """Messages to domains that were not asked about."""
    older: int
    uncounted: int
    """Messages to recipients beyond as many as are counted."""
    first: date | None
    last: date | None


@dataclass(slots=True)
class _Tally:
    """Counts by recipient: how many messages, and the last day."""

    counts: dict[str, tuple[int, date]]
    skipped: Counter[str]
    first: date | None = None
    last: date | None = None

    def add(self, recipient: str, day: date) -> None:
        self.first, self.last = min(self.first or day, day), max(self.last or day, day)
        count, last = self.counts.get(recipient, (0, day))
        if count or len(self.counts) < RECIPIENTS_MAX:
            self.counts[recipient] = (count + 1, max(last, day))
        else:
            self.skipped["uncounted"] += 1


def compare(logs: Iterable[Log], names: frozenset[str], now: datetime, today: date, days: int) -> Comparison:
    """Count the deliveries of the last days to domains by their names, and find those whom the roll would refuse.

    `names` are in A-labels and U-labels, lower case; `today` is a day where the logs were written.
    """
    calendar, since = Calendar(today), today - timedelta(days=days)
    tally = _Tally({}, Counter())
    for log in logs:
        for delivery in log.deliveries(calendar):
            tally.skipped["lines"] += 1
            if isinstance(delivery, SkippedLine):
                tally.skipped[delivery.value] += 1
            else:
                _count(delivery, names, since, tally)
    missed = _missed(tally.counts, now)
    return Comparison(
        missed=missed,
        recipients=len(tally.counts),
        messages=sum(count for count, _ in tally.counts.values()),
        lines=tally.skipped["lines"],
        unreadable=tally.skipped[SkippedLine.UNREADABLE],
        internal=tally.skipped[SkippedLine.INTERNAL],
        elsewhere=tally.skipped["elsewhere"],
        older=tally.skipped["older"],
        uncounted=tally.skipped["uncounted"],
        first=tally.first,
        last=tally.last,
    )


def _count(delivery: Delivery, names: frozenset[str], since: date, tally: _Tally) -> None:
    local, name = split(delivery.recipient)
    if not local or name not in names:
        tally.skipped["elsewhere"] += 1
    elif delivery.day < since:
        tally.skipped["older"] += 1
    elif "\0" in local:
        tally.skipped[SkippedLine.UNREADABLE] += 1
    else:
        tally.add(f"{local}@{name}", delivery.day)


def _missed(counts: dict[str, tuple[int, date]], now: datetime) -> tuple[Missed, ...]:
    missed_by_address: dict[str, Missed] = {}
    names = _Names()
    for chunk in _chunks(counts):
        roll = _Roll.of(chunk, names)
        for recipient in chunk:
            verdict = answer(recipient, roll, now)
            if verdict.because not in _LACKING or verdict.domain is None:
                continue
            # Those that differ by their tags alone are one.
            local, name = split(recipient)
            served_domain = names.served(name)
            address = forms(local, served_domain)[-1] if served_domain is not None else recipient
            count, last = counts[recipient]
            had = missed_by_address.get(address)
            missed_by_address[address] = Missed(
                address=address,
                domain=verdict.domain,
                messages=count + (had.messages if had else 0),
                last=max(last, had.last) if had else last,
                ended=verdict.because is Because.ENDED,
            )
    return tuple(sorted(missed_by_address.values(), key=lambda missed: (-missed.messages, missed.address)))


def _chunks(keys: Iterable[str]) -> Iterator[Sequence[str]]:
    remaining_keys = iter(keys)
    while chunk := list(islice(remaining_keys, _AT_ONCE)):
        yield chunk


class _Names:
    """Domains by name as they would be served, each read once: a domain that is only watched would refuse as well."""

    def __init__(self) -> None:
        self._known: dict[str, Served | None] = {}

    def served(self, name: str) -> Served | None:
        if name not in self._known:
            domain = StoredRoll().served(name)
            self._known[name] = None if domain is None else replace(domain, serving=Serving.SERVE)
        return self._known[name]


@dataclass(frozen=True, slots=True)
class _Roll:
    """The rows for some addresses, read at once."""

    names: _Names
    lives: dict[tuple[UUID, str], Life]
    waiting: frozenset[tuple[UUID, str]]

    @classmethod
    def of(cls, recipients: Sequence[str], names: _Names) -> "_Roll":
        keys: list[str] = []
        for recipient in recipients:
            local, name = split(recipient)
            if (served_domain := names.served(name)) is not None:
                keys += forms(local, served_domain)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT domain_id, address, ending_since, confirmed_at FROM directory_address"
                " WHERE address = ANY(%s) AND domain_id IS NOT NULL",
                [keys],
            )
            lives = {(domain, address): Life(*life) for domain, address, *life in cursor}
            cursor.execute("SELECT domain_id, address FROM directory_waitingaddress WHERE address = ANY(%s)", [keys])
            waiting_addresses = frozenset((domain, address) for domain, address in cursor)
        return cls(names, lives, waiting_addresses)

    def served(self, name: str) -> Served | None:
        return self.names.served(name)

    def life(self, domain: UUID, address: str) -> Life | None:
        return self.lives.get((domain, address))

    def waits(self, domain: UUID, address: str) -> bool:
        return (domain, address) in self.waiting
