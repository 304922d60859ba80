"""Who is asked what their mailboxes are for, of a tenant whose records are not all held: the most telling ones."""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple, TypeVar

from mailroll.reconcile.addresses import DomainName, mail_domain
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Outline, Record

_SPARE: Final = 100
"""Records that wait until it is looked who of them stays: less often than with each page."""


def is_asked_about(record: Record, accepts: frozenset[DomainName]) -> bool:
    """Users with an address here; a guest's mailbox is in another organization."""
    if record.type is not ObjectType.USER or record.guest or record.proxies is UNSET:
        return False
    return has_address_in(accepts, (proxy.text for proxy in record.proxies))


def has_address_in(accepts: frozenset[DomainName], texts: Iterable[str]) -> bool:
    """Whether one of these texts, with or without its prefix, is an address in one of these domains.

    In which labels Graph tells the name of an international domain, Microsoft's reference of `proxyAddresses` does not
    say, so both count, as in the roll.
    """
    parted = (text.rpartition("@") for text in texts)
    return any(at and _canonical(domain) in accepts for _, at, domain in parted)


def _canonical(domain: str) -> str:
    # Nearly all names are plain, and there may be a million.
    return domain.strip().lower() if domain.isascii() else mail_domain(domain)


Place = tuple[int, float]
"""Where somebody stands in an order. Of those who are alike, the lowest id comes first."""


def never_asked(record: Record) -> Place:
    """Among those who are due: without a licence or sign-in, then changed, then the others, then long ago."""
    is_plain = record.mailbox_plan is True and record.account_enabled is not False
    return (2 if is_plain else 0), 0.0


def asked_before(asked_at: float, *, is_same: bool) -> Place:
    """As `never_asked`, of who is due again. `is_same`: nothing about the object changed since."""
    return (3 if is_same else 1), asked_at


def trust(record: Record, *, is_known: bool) -> Place:
    """Among those whose refusal says most: who told once (`is_known`), then whose mailbox is surely in the cloud."""
    return 4 * (not is_known) + 2 * (record.synced is True) + (record.mailbox_plan is not True), 0.0


class AskingTurn(NamedTuple):
    """Where an object stands in either order. `due` is None where it is not due."""

    due: Place | None
    trust: Place

    @classmethod
    def of_new(cls, record: Record) -> "AskingTurn":
        """Of an object that nobody ever asked."""
        return cls(never_asked(record), trust(record, is_known=False))


_LAST: Final = sys.maxsize, 0.0
_HIGHEST: Final = ExternalId(chr(sys.maxunicode))
_NO_BAR: Final = _LAST, _HIGHEST
_Version = TypeVar("_Version", Record, Outline)


def _foremost(
    most: int, versions: Iterable[tuple[AskingTurn, _Version]], order: Callable[[AskingTurn], Place]
) -> list[tuple[AskingTurn, _Version]]:
    """Return the first objects, each in that of its versions which goes first.

    A listing that changes on its way may show an object twice. It is asked for by id then, whichever version it has
    here; what counts is that it takes one place, and that nobody comes back whose place was taken.
    """
    first: dict[ExternalId, tuple[AskingTurn, _Version]] = {}
    for turn, version in sorted(versions, key=lambda pair: (order(pair[0]), pair[1].id)):
        first.setdefault(version.id, (turn, version))
    return list(islice(first.values(), most))


def _first_of_both(
    most: int, versions: Sequence[tuple[AskingTurn, _Version]]
) -> tuple[list[tuple[AskingTurn, _Version]], list[tuple[AskingTurn, _Version]]]:
    due = [pair for pair in versions if pair[0].due is not None]
    return _foremost(most, due, lambda turn: turn.due or _LAST), _foremost(most, versions, lambda turn: turn.trust)


def _bar(place: Place | None, last: tuple[Place, ExternalId]) -> ExternalId:
    """The highest id with which an object that is alike stands no further back than the last one that is held."""
    if place == last[0]:
        return last[1]
    return _HIGHEST if place is not None and place < last[0] else ExternalId("")


class Candidates:
    """The records of all who may be asked: the first `most` of those who are due, and of those whose refusal counts."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[tuple[AskingTurn, Record]] = []
        self._last: tuple[tuple[Place, ExternalId], tuple[Place, ExternalId]] | None = None

    def among(
        self, outlines: Sequence[Outline], turn: Callable[[Record], AskingTurn], is_asked: Callable[[Outline], bool]
    ) -> set[ExternalId]:
        """Return those of some objects in outline that may be candidates; the others are none, whoever else comes.

        `turn`: of all who have a record in common. `is_asked`: whether one is asked at all. Whoever is not takes
        nobody's place.
        """
        if not self._most:
            return set()
        commons = {id(outline.common): outline.common for outline in outlines}
        turns = {key: turn(common) for key, common in commons.items()}
        if self._last is not None:
            due, trusted = self._last
            bars = {key: max(_bar(place.due, due), _bar(place.trust, trusted)) for key, place in turns.items()}
            outlines = [outline for outline in outlines if outline.id <= bars[id(outline.common)]]
        asked_outlines = [(turns[id(outline.common)], outline) for outline in outlines if is_asked(outline)]
        return {outline.id for _, outline in chain(*_first_of_both(self._most, asked_outlines))}

    def take(self, records: Iterable[tuple[AskingTurn, Record]]) -> list[Record]:
        """Take more records, and return those that are none, or none any more."""
        self._held += records
        if len(self._held) <= 2 * self._most + _SPARE:
            return []
        due, trusted = _first_of_both(self._most, self._held)
        if self._most:
            # As long as they are few, whoever comes is held. So it is where many records are versions of few objects.
            last_due = (due[-1][0].due or _LAST, due[-1][1].id) if len(due) == self._most else _NO_BAR
            last_trusted = (trusted[-1][0].trust, trusted[-1][1].id) if len(trusted) == self._most else _NO_BAR
            self._last = last_due, last_trusted
        staying = {id(record): (turn, record) for turn, record in chain(due, trusted)}
        leaving = [record for _, record in self._held if id(record) not in staying]
        self._held = list(staying.values())
        return leaving

    def held(self) -> list[Record]:
        return [record for _, record in self._held]
