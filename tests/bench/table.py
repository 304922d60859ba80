"""The one table of `make bench`: each figure beside its floor, or a peer, that was measured in the same run."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line: what was measured, what it is held against, and how often the second goes into the first.

    `aim` says in words what is wanted, and `held` whether it is so; None where nothing is.
    """

    work: str
    own: float
    unit: str
    beside: str
    floor: float
    aim: str = ""
    held: bool | None = None

    @property
    def times(self) -> float:
        return self.own / self.floor if self.floor else float("inf")


def at_most(work: str, own: float, unit: str, beside: str, floor: float, most: float) -> Ratio:  # noqa: PLR0917 - a line
    """A cost that may be so many times its floor."""
    return Ratio(work, own, unit, beside, floor, f"at most {most:.3g}", own <= most * floor)


def at_least(work: str, own: float, unit: str, beside: str, floor: float, least: float) -> Ratio:  # noqa: PLR0917 - a line
    """A rate that has to be so large a part of its floor."""
    return Ratio(work, own, unit, beside, floor, f"at least {least:g}", own >= least * floor)


def show(title: str, lines: Iterable[Ratio]) -> None:
    print(title)
    print(f"{'work':42}{'this':>12} {'unit':10}{'floor or peer':>14} {'ratio':>8}  {'aim':16}{'held':6}beside")
    for line in lines:
        held = {None: "", True: "yes", False: "NO"}[line.held]
        print(
            f"{line.work:42}{_figure(line.own):>12} {line.unit:10}{_figure(line.floor):>14} {line.times:8.2f}  "
            f"{line.aim:16}{held:6}{line.beside}"
        )


def _figure(number: float) -> str:
    digits = 0 if number >= 1000 else 1 if number >= 100 else 2 if number >= 10 else 3
    return f"{number:,.{digits}f}"
