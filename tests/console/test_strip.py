"""The run strip: a bar a run, told by shape, and by a sentence for those who do not see it."""

from datetime import UTC, datetime

import pytest

from mailroll.console.strip import Bar, BarLook, bar, bars, draw, say, width
from mailroll.sync.models import Run, RunState

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _run(state: RunState = RunState.APPLIED, hour: int = 9, **counts: int) -> Run:
    return Run(number=hour, fence=hour, state=state, counts=counts, started_at=NOON.replace(hour=hour))


@pytest.mark.parametrize(
    ("changes", "look", "height"),
    [
        (0, BarLook.SAME, 5),
        (1, BarLook.FEW, 9),
        (2, BarLook.FEW, 9),
        (3, BarLook.SOME, 13),
        (9, BarLook.SOME, 13),
        (10, BarLook.MANY, 17),
    ],
)
def test_a_bar_grows_with_the_changes_in_three_steps(changes: int, look: BarLook, height: int) -> None:
    made = bar(_run(create=changes, unchanged=400, skipped=18))
    assert made.look is look
    assert [shape.height for shape in draw([made])] == [height]


def test_what_is_held_is_two_bars_and_what_failed_has_a_mark_on_top() -> None:
    held, failed = bar(_run(RunState.HELD, retire=43)), bar(_run(RunState.FAILED))
    assert [bool(shape.points) for shape in draw([held])] == [False, False]
    assert [bool(shape.points) for shape in draw([failed])] == [False, True]


def test_the_newest_run_is_at_the_right_and_places_without_a_run_are_hollow() -> None:
    drawn = bars([_run(hour=11, create=1), _run(hour=10)], places=4)
    assert [one.look for one in drawn] == [BarLook.NONE, BarLook.NONE, BarLook.SAME, BarLook.FEW]
    assert drawn[3].title == "23 Nov 11:00: 1 change"
    assert [(shape.look, shape.path.count("M")) for shape in draw(drawn)] == [
        (BarLook.NONE, 2),
        (BarLook.SAME, 0),
        (BarLook.FEW, 0),
    ]
    assert width(drawn) == 23


def test_a_run_that_was_cancelled_is_no_bar() -> None:
    assert bars([_run(RunState.CANCELLED)], places=1) == [Bar(BarLook.NONE)]


def test_the_strip_is_said_in_a_sentence() -> None:
    drawn = [Bar(look) for look in (BarLook.NONE, BarLook.SAME, BarLook.SAME, BarLook.MANY, BarLook.FAILED)]
    assert say(drawn, "kestrel.example") == "Runs of kestrel.example: 1 failed, 1 with changes, 2 without a change."
    assert say([Bar(BarLook.NONE)], "") == "Runs: none yet."
