"""The run strip: one bar a run, readable at a glance and without colour. The stylesheet has the colours."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.utils import timezone

from mailroll.reconcile.plan import Action
from mailroll.sync.models import Run, RunState

HEIGHT = 22
_PITCH = 6
_WIDTH = 5
_FLAT = 5


class BarLook(StrEnum):
    """How a bar looks. The heights of changes are steps, so that one user and a thousand both can be seen."""

    NONE = "none"
    SAME = "same"
    FEW = "few"
    SOME = "some"
    MANY = "many"
    HELD = "held"
    FAILED = "failed"


_HEIGHTS = {
    BarLook.NONE: _FLAT,
    BarLook.SAME: _FLAT,
    BarLook.FEW: 9,
    BarLook.SOME: 13,
    BarLook.MANY: 17,
    BarLook.FAILED: 15,
}
_FEW, _SOME = 2, 9
_NO_RUN = {RunState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Bar:
    """One run, or the place where there was none."""

    look: BarLook
    title: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One rectangle or, with `points`, one polygon of the drawing; with `path`, all places without a run at once."""

    look: BarLook
    title: str
    x: int = 0
    y: int = 0
    width: int = _WIDTH
    height: int = _FLAT
    points: str = ""
    path: str = ""


def bar(run: Run) -> Bar:
    """Judge a run by its state, then by how much it changed."""
    changes = changed(run.counts)
    when = _time(run.happened_at)
    if run.state == RunState.FAILED:
        return Bar(BarLook.FAILED, f"{when}: failed")
    if run.waits is not None:
        return Bar(BarLook.HELD, f"{when}: held")
    if not changes or run.state not in {RunState.APPLIED, RunState.APPLYING}:
        return Bar(BarLook.SAME, f"{when}: no change")
    look = BarLook.FEW if changes <= _FEW else BarLook.SOME if changes <= _SOME else BarLook.MANY
    return Bar(look, f"{when}: {changes:,} {'change' if changes == 1 else 'changes'}")


def changed(counts: Mapping[str, int]) -> int:
    return sum(int(counts.get(action.value, 0)) for action in Action)


def bars(runs: Iterable[Run], *, places: int) -> list[Bar]:
    """The newest runs at the right, hollow places before them where there were fewer."""
    drawn = [run for run in runs if run.state not in _NO_RUN]
    shown_bars = [bar(run) for run in sorted(drawn, key=lambda run: (run.fence, run.number))][-places:]
    return [Bar(BarLook.NONE)] * (places - len(shown_bars)) + shown_bars


def width(drawn: Sequence[Bar]) -> int:
    return max(1, len(drawn) * _PITCH - (_PITCH - _WIDTH))


def draw(strip: Sequence[Bar]) -> list[Shape]:
    hollow = tuple(place for place, bar in enumerate(strip) if bar.look is BarLook.NONE)
    drawn = [Shape(BarLook.NONE, "", path=_hollow(hollow))] if hollow else []
    return drawn + [
        shape
        for place, bar in enumerate(strip)
        if bar.look is not BarLook.NONE
        for shape in _shapes(bar, place * _PITCH)
    ]


@lru_cache(maxsize=256)
def _hollow(places: tuple[int, ...]) -> str:
    """Outline these places as one path: most strips of a page have the same, and nobody points at one of them."""
    inset, side = 0.5, _FLAT - 1
    top = HEIGHT - _FLAT + inset
    return "".join(f"M{place * _PITCH + inset} {top}h{side}v{side}h-{side}z" for place in places)


def _shapes(bar: Bar, x: int) -> list[Shape]:
    if bar.look is BarLook.HELD:
        return [
            Shape(bar.look, bar.title, x, HEIGHT - 9, height=9),
            Shape(bar.look, bar.title, x, HEIGHT - 19, height=8),
        ]
    height = _HEIGHTS[bar.look]
    shapes = [Shape(bar.look, bar.title, x, HEIGHT - height, height=height)]
    if bar.look is BarLook.FAILED:
        shapes.append(Shape(bar.look, bar.title, points=f"{x},1 {x + _WIDTH},1 {x + _WIDTH / 2},5"))
    return shapes


_COUNTED = (
    (frozenset({BarLook.FAILED}), "failed"),
    (frozenset({BarLook.HELD}), "held"),
    (frozenset({BarLook.FEW, BarLook.SOME, BarLook.MANY}), "with changes"),
    (frozenset({BarLook.SAME}), "without a change"),
)


def say(strip: Sequence[Bar], of: str) -> str:
    """Say the strip in a sentence, like: Runs of kestrel.example: 4 failed, 3 with changes, 17 without a change."""
    counts = Counter(bar.look for bar in strip)
    parts = [f"{number} {words}" for looks, words in _COUNTED if (number := sum(counts[look] for look in looks))]
    return f"Runs{' of ' + of if of else ''}: {', '.join(parts) or 'none yet'}."


LEGEND = tuple(
    (draw([Bar(look)]), words)
    for look, words in (
        (BarLook.SAME, "No change"),
        (BarLook.SOME, "Changed"),
        (BarLook.HELD, "Held"),
        (BarLook.FAILED, "Failed"),
        (BarLook.NONE, "No run"),
    )
)


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%-d %b %H:%M")
