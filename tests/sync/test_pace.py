"""When a domain runs next: pure functions of the time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailroll.sync.schedules import pace

NOW = datetime(2026, 11, 23, 9, 14, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)

intervals = some.integers(5, 10_080).map(lambda minutes: timedelta(minutes=minutes))
jitters = some.floats(0, 1, exclude_max=True)
times = some.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


@given(times, intervals, jitters)
def test_the_next_slot_comes_within_one_interval_and_the_one_after_it_exactly_one_later(
    now: datetime, interval: timedelta, jitter: float
) -> None:
    first = pace.next_slot(now, interval, jitter)
    assert now < first <= now + interval
    assert pace.next_slot(first, interval, jitter) == first + interval


def test_the_jitter_is_the_place_within_the_interval() -> None:
    assert pace.next_slot(NOW, HOUR, 0.0) == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert pace.next_slot(NOW, HOUR, 0.25) == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    assert pace.next_slot(NOW, HOUR, 0.2) == datetime(2026, 11, 23, 10, 12, tzinfo=UTC)


def test_a_domain_with_a_weekly_interval_first_runs_within_the_hour() -> None:
    assert NOW < pace.first_slot(NOW, timedelta(days=7), 0.9) <= NOW + HOUR


@pytest.mark.parametrize(("rung", "minutes"), [(1, 5), (2, 15), (3, 60), (4, 360), (5, 1440), (5_000, 1440)])
def test_each_rung_is_longer_and_the_last_one_a_day(rung: int, minutes: int) -> None:
    assert pace.next_attempt(NOW, rung, 0.0) == NOW + timedelta(minutes=minutes)


@given(some.integers(1, 100), jitters, some.floats(0, 10**9))
def test_no_attempt_comes_before_it_was_asked_for_and_none_later_than_can_be(
    rung: int, jitter: float, after: float
) -> None:
    asked = timedelta(seconds=after)
    attempt = pace.next_attempt(NOW, rung, jitter, asked)
    assert NOW + min(asked, pace.LONGEST) <= attempt <= pace.latest(NOW, HOUR, 1)
    assert attempt >= NOW + pace.LADDER[0]


@given(times, some.lists(some.floats(0, 1200), min_size=1).map(sorted), jitters)
def test_behind_a_hint_there_are_four_looks_at_the_most_and_then_the_slot(
    hint: datetime, seconds: list[float], jitter: float
) -> None:
    """However often somebody looks meanwhile, and whenever."""
    named = set()
    for now in (hint + timedelta(seconds=later) for later in seconds):
        slot = pace.next_slot(now, HOUR, jitter)
        look = pace.next_look(slot, now, hint, jitter)
        assert now < look <= slot
        if now < hint + timedelta(minutes=15):
            assert look - now <= timedelta(minutes=5)
        if look != slot:
            assert look <= hint + pace.BEHIND
            named.add(look)
        ahead = pace.next_look(slot, now, now + timedelta(seconds=1), jitter)
        assert ahead == slot or ahead < now + timedelta(minutes=2)
        assert pace.next_look(slot, now, now + pace.SKEW + timedelta(seconds=1), jitter) == slot
        assert pace.next_look(slot, now, hint - pace.BEHIND, jitter) == slot
    assert len(named) <= 4
