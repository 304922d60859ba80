"""The same command where the settings are such that nothing else can be looked at."""

import os
from typing import Annotated

import typer

from mailroll.cli.doctor.report import tell
from mailroll.insight.doctor import settings
from mailroll.insight.doctor.diagnosis import Examined
from mailroll.settings import BadSettingsError, Settings


def doctor(
    letter: Annotated[str, typer.Option(metavar="ADDRESS")] = "",  # noqa: ARG001 - what the command takes
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say which settings are wrong."""
    try:
        Settings.read(os.environ)
    except BadSettingsError as error:
        tell([Examined("settings", "Settings", settings.refused(error.problems))], as_json=as_json)
