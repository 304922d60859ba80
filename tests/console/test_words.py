"""Words on pages: times in the reader's zone, numbers, marks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from mailroll.console.templatetags import marks, words
from mailroll.reconcile.model import Kind
from mailroll.reconcile.plan import Action


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=3), "3 s"),
        (timedelta(minutes=12, seconds=40), "12 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=6, minutes=12), "6 h 12 min"),
        (timedelta(days=11, hours=3), "11 days"),
        (timedelta(seconds=-5), "0 s"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_units(length: timedelta, said: str) -> None:
    assert words.span(length) == said


def test_days_near_today_have_names() -> None:
    now = timezone.now()
    assert [words.day_of(now + timedelta(days=days)) for days in (-1, 0, 1)] == ["yesterday", "today", "tomorrow"]


def test_a_year_is_said_only_if_it_is_another() -> None:
    assert words.day_of(datetime(2019, 11, 20, 9, 0, tzinfo=UTC)) == "20 Nov 2019"


def test_times_are_in_the_zone_of_the_reader_with_the_moment_beside_them() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        said = words.when(datetime(2019, 6, 1, 21, 30, tzinfo=UTC))
    assert ">2 Jun 2019 09:30<" in said
    assert 'title="2019-06-01T21:30:00Z"' in said


def test_numbers_have_commas_and_a_true_minus() -> None:
    assert words.grouped(1204) == "1,204"
    assert [words.signed(number) for number in (7, 0, -1)] == ["+7", "", "\N{MINUS SIGN}1"]


def test_every_kind_and_every_action_has_a_mark_with_a_word() -> None:
    for kind in Kind:
        assert marks.kind_of(kind)[1]
    for action in Action:
        assert "<span>" in marks.sign(action)


def test_what_others_typed_is_text_and_never_markup() -> None:
    assert "<b>" not in marks.before_after("<b>", "</b>")
    assert "<b>" not in marks.status("ok", "<b>")
