"""Whether the settings are all known, and the files that they name can be read."""

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, spell, warns
from mailroll.settings import SettingProblem, Settings

_BESIDE: Final = frozenset({"MAILROLL_GATEWAY_TOKEN", "MAILROLL_BACKUP_PASSPHRASE"})
"""Variables that are read outside of `Settings`."""


def examine(circumstances: Circumstances) -> Diagnosis:
    """Find files that cannot be read first, then names that nothing reads."""
    unread = [f"{name} names {path}" for name, path in _files(circumstances.settings) if not _is_readable(path)]
    if unread:
        return fails(
            f"{'; '.join(unread)}: {'that file' if len(unread) == 1 else 'those files'} cannot be read.",
            "Bring the file back, let this account read it, or name another.",
        )
    variables = {*Settings.variables()} | _BESIDE
    strange = sorted(name for name in circumstances.environ if name.startswith("MAILROLL_") and name not in variables)
    if strange:
        return warns(
            f"Nothing reads {', '.join(strange)}.",
            " ".join(_meant(name, variables) for name in strange),
        )
    count = len(circumstances.environ.keys() & Settings.variables())
    return good(f"{spell(count, 'variable is', 'variables are')} set, and the rest is as it comes.")


def refused(problems: Sequence[SettingProblem]) -> Diagnosis:
    """Tell of settings that no command starts with."""
    return fails(
        " ".join(f"{problem.variable} {problem.wrong}." for problem in problems),
        " ".join(f"{problem.variable}: {problem.way_out}" for problem in problems),
    )


def _files(settings: Settings) -> list[tuple[str, Path]]:
    paths = {
        "MAILROLL_CUSTOM_CA_FILE": settings.custom_ca_file,
        "MAILROLL_M365_SECRET_FILE": settings.m365_secret_file,
        "MAILROLL_M365_CERTIFICATE_FILE": settings.m365_certificate_file,
        "MAILROLL_M365_KEY_FILE": settings.m365_key_file,
        "MAILROLL_ADMIN_PASSWORD_FILE": settings.admin_password_file,
    }
    if settings.issuer is not None:
        paths["MAILROLL_OIDC_SECRET_FILE"] = settings.issuer.secret_file
    return [(name, path) for name, path in paths.items() if path is not None]


def _is_readable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.R_OK)


def _meant(name: str, variables: set[str]) -> str:
    close = get_close_matches(name, sorted(variables), 1, cutoff=0.8)
    return f"Write {close[0]} in place of {name}." if close else f"Take {name} away."
