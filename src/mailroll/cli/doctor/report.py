"""Prints what checks found, and ends the command."""

from collections.abc import Sequence

import typer

from mailroll.cli.complaints import as_document
from mailroll.insight.doctor.diagnosis import Examined, any_fails, document
from mailroll.reconcile.text import shown

_FAILED = 1


def tell(examined: Sequence[Examined], *, as_json: bool) -> None:
    print(as_document(document(examined)) if as_json else shown(_text(examined)))
    raise typer.Exit(_FAILED if any_fails(examined) else 0)


def _text(examined: Sequence[Examined]) -> str:
    state = max(len(one.diagnosis.condition.value) for one in examined) + 2
    title = max(len(one.title) for one in examined) + 2
    lines = []
    for one in examined:
        lines.append(f"{one.diagnosis.condition.value:<{state}}{one.title:<{title}}{one.diagnosis.found}")
        if one.diagnosis.fix:
            lines.append(f"{'':<{state}}{'':<{title}}-> {one.diagnosis.fix}")
    return "\n".join(lines)
