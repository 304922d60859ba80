"""Whether the data folder has room left: PostgreSQL stops for want of it, and copies of the roll are no longer kept."""

import shutil
from typing import Final

from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, unasked, warns

_LEAST: Final = 200_000_000
_ENOUGH: Final = 2_000_000_000
"""Bytes: PostgreSQL alone keeps a GB of its log as it comes (max_wal_size), and an upgrade needs as much again."""


def examine(circumstances: Circumstances, *, least: int = _LEAST, enough: int = _ENOUGH) -> Diagnosis:
    folder = circumstances.settings.data_dir
    try:
        existing_folder = next((path for path in (folder, *folder.parents) if path.is_dir()), None)
        if existing_folder is None:
            return unasked(f"The data folder {folder} is not there.", "Set MAILROLL_DATA_DIR to a folder that is.")
        free = shutil.disk_usage(existing_folder).free
    except OSError as problem:
        # Home asks this, too, of a process that perhaps keeps nothing there.
        cause = problem.strerror or type(problem).__name__
        return unasked(f"The data folder {folder} cannot be looked at ({cause}).", "Let whoever runs this read it.")
    sentence = f"{free / 1_000_000_000:,.1f} GB are free where the data folder {folder} is."
    fix = "Make room there, or move the folder and set MAILROLL_DATA_DIR."
    if free < least:
        return fails(sentence, fix)
    return warns(sentence, fix) if free < enough else good(sentence)
