"""The command that prints the units of systemd, or writes them."""

import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from mailroll.accounts import installation
from mailroll.cli.output import Output, answering
from mailroll.cli.service.units import ACCOUNT, BACKUPS, ENVIRONMENT, units
from mailroll.reconcile.errors import BadInput, Refused

_SYSTEM: Final = Path("/etc/systemd/system")
_HIDDEN: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - what services do not see
_SPECIAL: Final = frozenset(" \t\n\"'\\$%;")
"""What systemd reads as something else than itself, or as the end of a word."""


@answering(lambda: None)
def service(
    folder: Annotated[Path, typer.Argument(help="Where --write puts them.")] = _SYSTEM,
    printed: Annotated[bool, typer.Option("--print", help="Print the units.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write each into a file of its own.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over units that are there and differ.")] = False,
    embedded: Annotated[
        bool | None,
        typer.Option(
            "--embedded/--own-database",
            help="Which PostgreSQL they run with; without it, a DATABASE_URL that is set decides.",
        ),
    ] = None,
    program: Annotated[Path | None, typer.Option(help="The mailroll command; else the one that you call.")] = None,
) -> Output:
    """Print or write the units of systemd for this installation."""
    if printed == write:
        raise BadInput("service_which", "Nothing is done.", "Give --print, or --write with a folder.")
    own = installation.settings().database_url is not None
    unit_files = units(str(_program(program)), embedded=not own if embedded is None else embedded)
    if write:
        return _write_unit_files(unit_files, folder, force=force)
    return Output(dict(unit_files), "\n".join(f"# {name}\n{text}" for name, text in unit_files.items()))


def _program(named_path: Path | None) -> Path:
    """Find the command as an absolute path that a service can reach. Links to it stay links: an update moves them."""
    program = named_path or Path(sys.executable).with_name("mailroll")
    if not program.is_absolute() or not program.is_file() or not os.access(program, os.X_OK):
        raise BadInput(
            "service_program", f"There is no program {program}.", "Name mailroll by --program /PATH/mailroll."
        )
    if _SPECIAL & set(str(program)):
        raise BadInput(
            "service_program_name", f"The path {program} means something else to systemd.", "Install it elsewhere."
        )
    interpreter = Path(sys.executable).resolve()
    if named_path is None and any(path.is_relative_to(hidden) for path in (program, interpreter) for hidden in _HIDDEN):
        raise BadInput(
            "service_program_hidden",
            f"mailroll is installed as {program}, and run by {interpreter}: services are kept from looking there.",
            "Install it below /opt or /usr/local, with a Python of the system, or name another by --program.",
        )
    return program


def _write_unit_files(unit_files: Mapping[str, str], folder: Path, *, force: bool) -> Output:
    """1. Look what is there  2. refuse what would be lost  3. put each in its place whole."""
    news = {name: text for name, text in unit_files.items() if _content(folder / name) != text.encode()}
    existing_files = sorted(name for name in news if os.path.lexists(folder / name))
    if existing_files and not force:
        raise Refused(
            "service_exists",
            f"There is another {' and '.join(existing_files)} in {folder}.",
            "Nothing was written. Look at the difference, or give --force. What is yours belongs into a drop-in:"
            " systemctl edit NAME.",
        )
    try:
        for name, text in news.items():
            _put(folder / name, text, over=force)
    except OSError as error:
        raise BadInput(
            "service_unwritable",
            f"{folder} cannot be written to ({error.strerror}).",
            "Be root, or name another folder.",
        ) from error
    document = {"folder": str(folder), "written": sorted(news), "unchanged": sorted(set(unit_files) - set(news))}
    lines = [f"{folder / name}: written" if name in news else f"{folder / name}: as it was" for name in unit_files]
    return Output(document, "\n".join([*lines, "", _next(unit_files)]))


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _put(file: Path, text: str, *, over: bool) -> None:
    """Write a file whole or not at all; one that has come since is not lost either, unless it shall be."""
    handle, beside = tempfile.mkstemp(prefix=".mailroll-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(text.encode())
            os.fchmod(opened.fileno(), 0o644)
            opened.flush()
            os.fsync(opened.fileno())
        if over:
            Path(beside).replace(file)
        else:
            os.link(beside, file)
    finally:
        with suppress(FileNotFoundError):
            Path(beside).unlink()


def _next(unit_files: Mapping[str, str]) -> str:
    unit_names = " ".join(
        sorted(name for name in unit_files if name.endswith((".timer", ".service")) and "-backup.s" not in name)
    )
    return "\n".join(
        [
            "Next, as root:",
            f"  useradd --system --user-group --home-dir /var/lib/mailroll --shell /usr/sbin/nologin {ACCOUNT}",
            f"  install -d -m 0750 -g {ACCOUNT} {ENVIRONMENT.parent}",
            f"  $EDITOR {ENVIRONMENT}     # MAILROLL_URL and other settings, a line each",
            "  systemctl daemon-reload",
            f"  systemctl enable --now {unit_names}",
            f"Backups lie in /var/lib/{BACKUPS}.",
        ]
    )
