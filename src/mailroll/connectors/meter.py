"""Keeps the questions of a process within what may be asked: each waits until there are units for it.

Units are leased in blocks from one ledger for all processes on all machines, so most questions cost it nothing. A lease
is void after `TERM`, counted from before it was asked for. So however many hold one, and whoever of them dies, all that
is asked in any span was leased in it or `TERM` before: a bucket that holds `burst` and gains `rate` gives out
`burst + rate * (span + TERM)` at the most. The few questions that most readings consist of need no lease at all: each
process has a `free` sum of its own, twice of which fits in a span.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

from mailroll.reconcile.errors import Retry

WAIT_MAX: Final = 60.0
"""Seconds that one question waits here; a longer wait is the scheduler's."""
TERM: Final = 2.0
"""Seconds for which a lease is good."""
PROCESSES: Final = 50
"""Processes whose free sums fit in what is kept for them."""
_BURST: Final = 0.2
_FREE: Final = 0.2
_BLOCK: Final = 0.02
"""The largest block, of what a span has."""
_BLOCK_LEAST: Final = 20
_BOOKS_MAX: Final = 5_000
_LEAST: Final = 0.05
"""Seconds between two tries to lease."""
SHORT: Final = 10.0
"""Seconds of a pause that everybody sits out; through a longer one only who was told of it holds its place."""
_PRESSED_FROM: Final = 0.8
"""From this share of its limit on an application is told how much it uses (throttling-limits)."""


@dataclass(frozen=True, slots=True)
class UnitScope:
    """What may be asked for by one application, of one tenant or of all: `quota` units in `span` seconds."""

    key: str
    quota: int
    span: float

    @property
    def burst(self) -> float:
        return self.quota * _BURST

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.quota * (1 - _BURST - _FREE) / (self.span + TERM)

    @property
    def free(self) -> float:
        return self.quota * _FREE / PROCESSES / 2


@dataclass(frozen=True, slots=True)
class UnitClaim:
    scope: UnitScope
    wanted: float


@dataclass(frozen=True, slots=True)
class UnitGrant:
    """Units that are leased, all that were wanted or none; if none, in how many seconds there may be some."""

    units: float
    wait: float = 0.0


class WaitingClock(Protocol):
    """Time, passed in so that a test need not wait."""

    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class UnitLedger(Protocol):
    """What all processes lease from."""

    def lease(self, claims: Sequence[UnitClaim], *, overdraw: bool = False) -> Sequence[UnitGrant]:
        """`overdraw`: give all that is wanted, although it is not there, or paused: who comes next waits for it."""

    def press(self, scope: UnitScope, *, debt: float = 0.0, pause: float = 0.0) -> None:
        """Lease nothing until a debt of units is paid, or for so many seconds."""


@dataclass(slots=True)
class _Book:
    """What this process may ask for in one scope. Times are of the clock that counts from the start of the machine."""

    free_from: float = float("-inf")
    free_used: float = 0.0
    leased: float = 0.0
    good_until: float = float("-inf")
    used: float = 0.0
    """Since the last lease: the next one is for twice as much."""
    pressed_at: float = float("-inf")
    not_before: float = float("-inf")
    told: object = None
    """The reading that was told to wait until then."""

    def can(self, scope: UnitScope, units: float, now: float) -> bool:
        if now < self.good_until and self.leased >= units:
            return True
        if not self.free_from <= now < self.free_from + scope.span:
            return units <= scope.free
        return self.free_used + units <= scope.free

    def take(self, scope: UnitScope, units: float, now: float) -> None:
        self.used += units
        if now < self.good_until and self.leased >= units:
            self.leased -= units
            return
        if not self.free_from <= now < self.free_from + scope.span:
            self.free_from, self.free_used = now, 0.0
        self.free_used += units

    def correct(self, units: float, now: float) -> None:
        self.used += units
        if now < self.good_until:
            self.leased -= units
        else:
            self.free_used += units

    def block(self, scope: UnitScope, units: float) -> float:
        """How much to lease at once."""
        return max(units, min(2 * self.used, scope.quota * _BLOCK), min(_BLOCK_LEAST, scope.quota * _BLOCK))

    def enter(self, grant: UnitGrant, asked_at: float, now: float) -> None:
        """Add a lease. What is left of an earlier one makes both end with that."""
        until = asked_at + TERM
        if now < self.good_until and self.leased > 0:
            until = min(until, self.good_until)
        else:
            self.leased = 0.0
        self.leased, self.good_until, self.used = self.leased + grant.units, until, 0.0


class UnitMeter:
    """That of a process; every reading of it asks here first."""

    def __init__(self, ledger: UnitLedger) -> None:
        self._ledger = ledger
        self._turn = threading.Lock()
        self._leasing = threading.Lock()
        self._books: OrderedDict[str, _Book] = OrderedDict()

    async def admit(
        self,
        scopes: Sequence[UnitScope],
        units: float,
        reader: object,
        clock: WaitingClock,
        chance: Random,
        *,
        by_person: bool = False,
    ) -> float:
        """Wait until so many units may be used in all scopes, and return for how long; raises `Retry` where it is long.

        `by_person`: a long pause that others were told of does not count. Microsoft has to say so itself, or answers: a
        person can always try now.

        1. While a scope is told to wait, wait or leave.
        2. Use what is leased, or free.
        3. Lease what is lacking, or wait until there is something to lease; a person takes more than there is.
        """
        waited = 0.0
        while True:
            now = clock.monotonic()
            pause = self._pause(scopes, reader, now, by_person=by_person)
            if not pause:
                if self._take(scopes, units, now):
                    return waited
                # What others were told is nothing that this one was told: it goes on, and is told by Microsoft.
                teller = None if by_person else reader
                pause = await asyncio.to_thread(self._lease, scopes, units, teller, clock)
                if by_person and pause > SHORT:
                    pause = await asyncio.to_thread(self._lease, scopes, units, teller, clock, overdraw=True)
            if pause:
                pause *= 1 + chance.random() / 10
                if waited + pause > WAIT_MAX:
                    raise _paused(pause)
                await clock.sleep(pause)
                waited += pause

    def correct(self, scopes: Sequence[UnitScope], units: float, now: float) -> None:
        """Note that a question cost so much more, or less, than was reckoned."""
        with self._turn:
            for scope in scopes:
                self._book(scope, now).correct(units, now)

    async def press(self, scope: UnitScope, share: float, now: float) -> None:
        """Slow down, as so large a share of the limit is used: by whom, is not told. Once in a while is enough."""
        with self._turn:
            book = self._book(scope, now)
            if now < book.pressed_at + TERM:
                return
            book.pressed_at, book.leased = now, 0.0
        debt = max(0.0, share - _PRESSED_FROM) * scope.quota
        await asyncio.to_thread(self._ledger.press, scope, debt=debt)

    async def pause(self, scope: UnitScope, seconds: float, reader: object, now: float) -> None:
        """Ask nothing in a scope for so long: a reading was told to wait, and it is meant for all."""
        with self._turn:
            book = self._book(scope, now)
            book.leased = 0.0
            if now + seconds > book.not_before:
                book.not_before, book.told = now + seconds, reader
        await asyncio.to_thread(self._ledger.press, scope, pause=seconds)

    def _pause(self, scopes: Sequence[UnitScope], reader: object, now: float, *, by_person: bool) -> float:
        """For how long to wait; raises `Retry` for who would only hold a place that others need."""
        with self._turn:
            longest = 0.0
            for scope in scopes:
                book = self._book(scope, now)
                wait = book.not_before - now
                if wait > SHORT and book.told is not reader:
                    if by_person:
                        continue
                    raise _paused(wait)
                longest = max(longest, wait)
        return longest

    def _take(self, scopes: Sequence[UnitScope], units: float, now: float) -> bool:
        """Use units of all scopes, or of none where they lack in one; tell whether they were there."""
        with self._turn:
            books = [(scope, self._book(scope, now)) for scope in scopes]
            enough = all(book.can(scope, units, now) for scope, book in books)
            for scope, book in books if enough else ():
                book.take(scope, units, now)
            return enough

    def _lease(
        self, scopes: Sequence[UnitScope], units: float, reader: object, clock: WaitingClock, *, overdraw: bool = False
    ) -> float:
        """Lease what is lacking; return for how long to wait. One after the other: the first may be enough for all."""
        with self._leasing:
            now = clock.monotonic()
            with self._turn:
                books = [(scope, self._book(scope, now)) for scope in scopes]
                claims = [
                    UnitClaim(scope, units if overdraw else book.block(scope, units))
                    for scope, book in books
                    if not book.can(scope, units, now)
                ]
            if not claims:
                return 0.0
            grants = self._ledger.lease(claims, overdraw=overdraw)
            return self._enter(claims, grants, reader, asked_at=now, now=clock.monotonic())

    def _enter(
        self,
        claims: Sequence[UnitClaim],
        grants: Sequence[UnitGrant],
        reader: object,
        *,
        asked_at: float,
        now: float,
    ) -> float:
        """Note leases; return for how long to wait where there was none."""
        with self._turn:
            for claim, grant in zip(claims, grants, strict=True):
                book = self._book(claim.scope, now)
                if grant.units > 0:
                    book.enter(grant, asked_at, now)
                elif now + grant.wait > book.not_before:
                    book.not_before, book.told = now + grant.wait, reader
        return max((max(grant.wait, _LEAST) for grant in grants if grant.units <= 0), default=0.0)

    def _book(self, scope: UnitScope, now: float) -> _Book:
        book = self._books.get(scope.key)
        if book is None:
            book = self._books[scope.key] = _Book()
        self._books.move_to_end(scope.key)
        if len(self._books) > _BOOKS_MAX:
            # One in which a free sum was begun lately is kept: it would be given twice.
            oldest, idle = next(iter(self._books.items()))
            if max(idle.free_from + scope.span, idle.good_until, idle.not_before) < now:
                del self._books[oldest]
        return book


def _paused(seconds: float) -> Retry:
    return Retry(
        "throttled",
        "Microsoft Graph asks for a pause.",
        "Automatic sync goes on by itself once the pause is over; else try again then.",
        after=seconds,
    )
