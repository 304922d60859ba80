"""Who is asked what their mailboxes are for, of a tenant whose records are not all held: the most telling ones."""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, Final, TypeVar

from mailroll.reconcile.addresses import DomainName
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
    """Whether one of these texts, with or without its prefix, is an address in one of these domains."""
    parted = (text.rpartition("@") for text in texts)
    return any(at and domain.strip().lower() in accepts for _, at, domain in parted)


def telling(record: Record, key: ExternalId | None = None) -> tuple[int, float, ExternalId]:
    """Where somebody never asked stands among those who are due: without a licence or sign-in, then the others.

    `key`: the object's, where the record is one that it has in common with others.
    """
    plain = record.mailbox_plan is True and record.account_enabled is not False
    return (2 if plain else 0), 0.0, key or record.id


def trusty(record: Record, key: ExternalId | None = None) -> tuple[bool, bool, ExternalId]:
    """Where somebody stands among those whose refusal says most: first whose mailbox is surely in the cloud."""
    return record.synced is True, record.mailbox_plan is not True, key or record.id


_ORDERS: Final = (telling, trusty)
_HIGHEST: Final = ExternalId(chr(sys.maxunicode))
_Version = TypeVar("_Version", Record, Outline)


def _outlined(order: Callable[[Record, ExternalId], Any], outline: Outline) -> Any:
    return order(outline.common, outline.id)


def _foremost(most: int, versions: Iterable[_Version], order: Callable[[_Version], Any]) -> list[_Version]:
    """Return the first objects, each in that of its versions which goes first.

    A listing that changes on its way may show an object twice. It is asked for by id then, whichever version it has
    here; what counts is that it takes one place, and that nobody comes back whose place was taken.
    """
    first: dict[ExternalId, _Version] = {}
    for version in sorted(versions, key=order):
        first.setdefault(version.id, version)
    return list(islice(first.values(), most))


def _bar(place: tuple[Any, Any, ExternalId], last: tuple[Any, Any, ExternalId]) -> ExternalId:
    """The highest id with which an object that is alike stands no further back than the last one that is held."""
    if place[:2] == last[:2]:
        return last[2]
    return _HIGHEST if place[:2] < last[:2] else ExternalId("")


class Candidates:
    """The records of all who may be asked, if nobody ever was: the first `most` by both orders."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[Record] = []
        self._last: tuple[tuple[int, float, ExternalId], tuple[bool, bool, ExternalId]] | None = None

    def among(self, outlines: Sequence[Outline], is_asked: Callable[[Outline], bool]) -> set[ExternalId]:
        """Return those of some objects in outline that may be candidates; the others are none, whoever else comes.

        `is_asked`: whether one is asked at all. Whoever is not takes nobody's place.
        """
        if not self._most:
            return set()
        if self._last is not None:
            commons = {id(outline.common): outline.common for outline in outlines}
            due, trusted = self._last
            bars = {
                key: max(_bar(telling(common), due), _bar(trusty(common), trusted)) for key, common in commons.items()
            }
            outlines = [outline for outline in outlines if outline.id <= bars[id(outline.common)]]
        asked_outlines = [outline for outline in outlines if is_asked(outline)]
        first = (_foremost(self._most, asked_outlines, partial(_outlined, order)) for order in _ORDERS)
        return {outline.id for outline in chain(*first)}

    def take(self, records: Sequence[Record]) -> list[Record]:
        """Take more records, and return those that are none, or none any more."""
        self._held += records
        if len(self._held) <= 2 * self._most + _SPARE:
            return []
        due, trusted = (_foremost(self._most, self._held, order) for order in _ORDERS)
        if due and len(due) == self._most:  # fewer where many records are versions of few objects
            self._last = telling(due[-1]), trusty(trusted[-1])
        staying = {id(record): record for record in chain(due, trusted)}
        leaving = [record for record in self._held if id(record) not in staying]
        self._held = list(staying.values())
        return leaving

    def held(self) -> list[Record]:
        return self._held
