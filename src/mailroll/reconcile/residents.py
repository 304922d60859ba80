"""Residents: users of the roll who are, to the last word of their rows, what their objects would make of them today.

When everybody is compared that is nearly everybody. What becomes of such a one is known: nothing. So no record and no
user is made of a resident, only of all others; what residents add to the whole is told in sums (`Current.rest`,
`Newcomers.residents`).

What is compared is what a row says now with what the directory says now, by hashes of 128 bits of both that are made
for it. A newcomer of the same object would get that very row (`sieve`), and it says that no person decided anything
about it. Nobody else has or wants one of its addresses, as is asked of a newcomer. So the user keeps its addresses, and
all else it has is what it should have. A test holds this way against the one that compares everybody.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from mailroll.reconcile.crowd import Crowd
from mailroll.reconcile.model import Current, Headcount, Reading, RollUser, Scope, Sum
from mailroll.reconcile.newcomers import Newcomers, Occupied, shown_addresses
from mailroll.reconcile.sieve import Sieve, users_of

_SIZE: Final = 16
"""Bytes of a user's id, and of a hash."""
_NO_HASH: Final = bytes(_SIZE)


class RowHashes:
    """What the rows of a roll say, hashed as `storage.content_hash` does: 32 bytes of each user.

    Who is known to be no resident may be without a hash.
    """

    def __init__(self) -> None:
        self._parts = [bytearray() for _ in range(256)]

    def extend(self, users: Iterable[bytes], hashes: Iterable[bytes]) -> None:
        parts = self._parts
        for user, content in zip(users, hashes, strict=True):
            parts[user[0]] += user + content

    def add(self, user: bytes) -> None:
        self._parts[user[0]] += user + _NO_HASH

    def __iter__(self) -> Iterator[set[bytes]]:
        """Yield them by the first byte of each user, as `Crowd.row_hashes` does."""
        for part in self._parts:
            rows = bytes(part)
            yield {rows[start : start + 2 * _SIZE] for start in range(0, len(rows), 2 * _SIZE)}

    def compare(self, crowd: Crowd) -> "RollComparison":
        """Compare them with the rows that a crowd would be given."""
        new: set[str] = set()
        others: list[UUID] = []
        for there, shown in zip(self, crowd.row_hashes(), strict=True):
            if shown != there:
                users = {row[:_SIZE] for row in there}
                new.update(row[:_SIZE].hex() for row in shown - there if row[:_SIZE] not in users)
                others += [UUID(bytes=row[:_SIZE]) for row in there - shown]
        return RollComparison(frozenset(new), tuple(sorted(others)))


@dataclass(frozen=True, slots=True)
class RollComparison:
    """A roll beside a crowd: `new` users (hexadecimal) it does not have, and all it has but residents, `others`."""

    new: frozenset[str]
    others: tuple[UUID, ...]


def settle(  # noqa: PLR0917 - what was shown, and what is there
    readings: Sequence[Reading],
    current: Current,
    scope: Scope,
    sieve: Sieve,
    comparison: RollComparison,
    load: Callable[[Collection[UUID]], Iterable[RollUser]],
) -> tuple[Newcomers, Current]:
    """Part newcomers and residents of a domain's only source from all others; return the former, and the roll.

    `current`: the others of the comparison, and whoever else is to be looked at. `load` gives the rows of users whom
    somebody rivals. The reading shows all objects but those that the sieve has, which lets go of them.
    """
    (shot,) = (reading.snapshot for reading in readings if reading.snapshot is not None)
    source, so_far = sieve.source.id, sieve.found
    shown = [*shot.records, *(answer for answer in shot.asked.values() if answer is not None)]
    so_far.wanted.update(address for record in shown for address in set(shown_addresses(record)))
    newcomers = Newcomers(so_far.crowd, {source: shot.records}, sieve.again, so_far.beyond, so_far.left_out)
    newcomers = newcomers.send_back(readings, Occupied.of(current, scope, [shot]).beside(so_far))
    arrivals = _new(so_far.crowd, comparison)
    there = {user.id for user in current.users}
    back = {UUID(bytes=user_id) for user_id in users_of(scope, [*so_far.crowd.left_out])}
    users = (*current.users, *load([user_id for user_id in sorted(back - there) if user_id.hex not in comparison.new]))
    staying = len(so_far.crowd) - len(arrivals)
    residents = Sum(staying, so_far.crowd.billable - arrivals.billable, so_far.crowd.held - arrivals.held)
    rest = Headcount({source: residents}, owned=True) if staying else Headcount()
    current = replace(current, users=tuple(sorted(users, key=lambda user: user.id)), rest=rest)
    sieve.forget()
    return replace(newcomers, arrivals=arrivals, residents={source: staying}), current


def _new(crowd: Crowd, comparison: RollComparison) -> Crowd:
    """Return those of a crowd who are newcomers."""
    new_crowd = Crowd()
    if comparison.new:
        for arrival in crowd:
            if arrival.user in comparison.new:
                row = arrival.external_id, arrival.primary, arrival.display_name, arrival.aliases
                new_crowd.extend(arrival.manner, [row], [bytes.fromhex(arrival.user)])
    return new_crowd
