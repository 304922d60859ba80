"""Where in its life an address is: at every border, and in one order whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.directory.lifecycle import Stage, stage
from mailroll.promises import GRACE, LATER

T = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)
ORDER = [Stage.IN_SERVICE, Stage.ENDING, Stage.LATER, Stage.ENDED]

spans = st.timedeltas(-3 * DAY, 9 * DAY)


@pytest.mark.parametrize(
    ("ending_since", "confirmed_at", "now", "expected"),
    [
        (None, None, T, Stage.IN_SERVICE),
        (T, None, T, Stage.ENDING),
        (T, None, T + 400 * DAY, Stage.ENDING),
        (T, T, T + GRACE - A_MOMENT, Stage.ENDING),
        (T, T, T + GRACE, Stage.LATER),
        (T, T, T + GRACE + LATER - A_MOMENT, Stage.LATER),
        (T, T, T + GRACE + LATER, Stage.ENDED),
        (T, T + 5 * DAY, T + 5 * DAY, Stage.LATER),
        (T, T + 5 * DAY, T + 5 * DAY + LATER, Stage.ENDED),
    ],
)
def test_the_borders(
    ending_since: datetime | None, confirmed_at: datetime | None, now: datetime, expected: Stage
) -> None:
    assert stage(ending_since, confirmed_at, now) is expected


@given(spans, spans, spans)
def test_time_only_moves_it_on(confirmed: timedelta, first: timedelta, second: timedelta) -> None:
    early, late = sorted((T + first, T + second))
    assert ORDER.index(stage(T, T + confirmed, early)) <= ORDER.index(stage(T, T + confirmed, late))


@given(spans)
def test_nothing_ends_without_a_reading_that_confirms_it(later: timedelta) -> None:
    assert stage(T, None, T + later) is Stage.ENDING
