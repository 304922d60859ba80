"""Prints what checks found, and ends the command: also where the settings are such that nothing can be looked at."""

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from mailroll.cli.complaints import as_document
from mailroll.insight.doctor import settings
from mailroll.insight.doctor.diagnosis import Examined, any_fails, document
from mailroll.reconcile.text import shown
from mailroll.settings import BadSettingsError, Settings

_FAILED = 1


def refused(
    letter: Annotated[str, typer.Option(metavar="ADDRESS")] = "",  # noqa: ARG001 - what the command takes
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say which settings are wrong."""
    try:
        Settings.read(os.environ)
    except BadSettingsError as error:
        tell([Examined("settings", "Settings", settings.refused(error.problems))], as_json=as_json)


def tell(examined: Sequence[Examined], *, as_json: bool) -> None:
    print(as_document(document(examined)) if as_json else shown(_text(examined)))
    raise typer.Exit(_FAILED if any_fails(examined) else 0)


def _text(examined: Sequence[Examined]) -> str:
    state = max(len(examination.diagnosis.condition.value) for examination in examined) + 2
    title = max(len(examination.title) for examination in examined) + 2
    lines = []
    for check in examined:
        lines.append(f"{check.diagnosis.condition.value:<{state}}{check.title:<{title}}{check.diagnosis.found}")
        if check.diagnosis.fix:
            lines.append(f"{'':<{state}}{'':<{title}}-> {check.diagnosis.fix}")
    return "\n".join(lines)
