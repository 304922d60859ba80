"""The wait that is asked for, however it is written."""

import math
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.http.patience import date_of, retry_after

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("values", "wait"),
    [
        ((), None),
        (("",), None),
        (("5",), 5.0),
        (("0",), 0.0),
        (("-3",), 0.0),
        (("1.5",), 1.5),
        ((" 7 ",), 7.0),
        (("1000000000",), 1e9),
        (("5,7",), 7.0),
        (("7, 5",), 7.0),
        (("5", "9"), 9.0),
        (("soon",), None),
        (("5, soon",), 5.0),
        (("nan",), None),
        (("inf",), None),
        (("1e3",), None),
        (("0x10",), None),
        (("٣",), None),
        (("9" * 400,), None),
        ((formatdate(NOW + 90, usegmt=True),), 90.0),
        ((formatdate(NOW - 90, usegmt=True),), 0.0),
        (("Sunday, 06-Nov-94 08:49:37 GMT",), 0.0),
        (("Wed, 99 Foo 2026 00:00:00 GMT",), None),
        (("Wed, 21 Oct 999999 07:28:00 GMT",), None),
    ],
)
def test_every_way_of_writing_it_is_read(values: tuple[str, ...], wait: float | None) -> None:
    assert retry_after(values, now=NOW) == wait


@given(st.lists(st.text(), max_size=4))
def test_no_text_is_too_strange(values: list[str]) -> None:
    wait = retry_after(values, now=NOW)
    assert wait is None or (wait >= 0 and math.isfinite(wait))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_of_several_waits_none_is_cut_short(waits: list[int]) -> None:
    assert retry_after([",".join(map(str, waits))], now=NOW) == max(waits)
    assert retry_after(list(map(str, waits)), now=NOW) == max(waits)


@given(st.integers(-(10**8), 10**8))
def test_a_date_asks_for_the_time_until_then(offset: int) -> None:
    written = formatdate(NOW + offset, usegmt=True)
    assert date_of(written) == NOW + offset
    assert retry_after([written], now=NOW) == max(0, offset)
