"""How often something is tried, and how long is waited in between."""

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.http.patience import (
    LATER,
    TOTAL_MAX,
    TRIES,
    WAIT_MAX,
    Passing,
    Patience,
    SystemClock,
)
from mailroll.reconcile.errors import Broken, Retry
from tests.connectors.hostile import FakeClock


def busy(asked: float | None = None, *, throttled: bool = False) -> Passing:
    return Passing(Retry("busy", "Busy.", after=LATER), wait=asked, throttled=throttled)


def insisted(failures: list[Passing], seed: int = 1, *, takes: float = 0.0) -> tuple[FakeClock, list[str]]:
    """Insist on something that fails so often, each time after so many seconds; returns the clock and what happened."""
    clock, happened = FakeClock(), []
    left = list(failures)

    async def attempt() -> str:
        happened.append("tried")
        clock.passed += takes
        if left:
            raise left.pop(0)
        return "done"

    happened.append(asyncio.run(Patience(clock, Random(seed)).insist(attempt)))
    return clock, happened


def test_what_passes_is_tried_again() -> None:
    clock, happened = insisted([busy(), busy()])
    assert happened == ["tried", "tried", "tried", "done"]
    assert len(clock.slept) == 2


def test_five_tries_are_all() -> None:
    with pytest.raises(Retry) as caught:
        insisted([busy()] * TRIES)
    assert caught.value.after >= LATER
    assert insisted([busy()] * (TRIES - 1))[1][-1] == "done"


def test_what_does_not_pass_ends_as_its_own_error() -> None:
    with pytest.raises(Broken) as caught:
        insisted([Passing(Broken("page_cut_short", "Cut."))] * TRIES)
    assert caught.value.code == "page_cut_short"


@given(st.floats(0.001, WAIT_MAX), st.integers())
def test_a_wait_that_was_asked_for_is_kept_and_a_little_more(asked: float, seed: int) -> None:
    """Never earlier, and not at the same moment as all others who were told so."""
    clock, _ = insisted([busy(asked)], seed)
    [slept] = clock.slept
    assert asked <= slept <= asked * 1.1


def test_who_is_told_to_wait_for_the_same_time_comes_back_at_different_ones() -> None:
    assert len({insisted([busy(30.0)], seed)[0].slept[0] for seed in range(20)}) == 20


@pytest.mark.parametrize("asked", [WAIT_MAX + 1, 3600.0, 1e9])
def test_a_long_wait_is_handed_to_the_caller_whole(asked: float) -> None:
    with pytest.raises(Retry) as caught:
        insisted([busy(asked)])
    assert caught.value.after == asked


def test_waits_are_bounded_in_all_and_the_last_wish_is_handed_on() -> None:
    with pytest.raises(Retry) as caught:
        insisted([busy(50.0)] * 4, takes=55)
    assert caught.value.after == 50.0
    assert insisted([busy(45.0)] * 3, takes=50)[0].passed <= TOTAL_MAX + 50


@given(st.integers())
def test_without_a_wish_a_throttled_request_waits_nearly_a_minute(seed: int) -> None:
    clock, _ = insisted([busy(throttled=True)] * 2, seed)
    assert all(45 <= each <= WAIT_MAX for each in clock.slept)
    assert clock.slept[0] != clock.slept[1]


def test_a_minute_is_the_longest_wait_inside_a_reading() -> None:
    assert WAIT_MAX == 60.0


@given(st.integers())
def test_waits_grow_and_differ(seed: int) -> None:
    clock, _ = insisted([busy()] * 4, seed)
    assert all(each <= 2.0**number for number, each in enumerate(clock.slept, 1))
    assert len(set(clock.slept)) == 4


def test_the_systems_clock_runs() -> None:
    async def go() -> None:
        clock = SystemClock()
        begun = clock.monotonic()
        await clock.sleep(0.001)
        assert clock.monotonic() > begun
        assert clock.time() > 1_700_000_000

    asyncio.run(go())


@pytest.mark.parametrize("asked", [0.0, None])
def test_no_wish_and_a_wish_for_none_still_leave_a_pause(asked: float | None) -> None:
    clock, _ = insisted([busy(asked)])
    assert 0 < clock.slept[0] <= 2
