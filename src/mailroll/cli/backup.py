"""Commands about backups: one file with everything, and the way back into an empty installation."""

import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from mailroll.backup import maker, restorer
from mailroll.backup.restorer import Restored
from mailroll.cli import storage
from mailroll.cli.files import text
from mailroll.cli.output import Exit, Output, acting, answering
from mailroll.cli.secrets import as_json, lines_of
from mailroll.reconcile.errors import BadInput

PASSPHRASE: Final = "MAILROLL_BACKUP_PASSPHRASE"  # noqa: S105 - the variable, not what is in it

_NAMED: Final = 20
"""Domains that a person is told."""

PassphraseFile = Annotated[
    Path | None,
    typer.Option(help=f"A file with the passphrase; else {PASSPHRASE}, else it is asked for."),
]


@answering(storage.as_it_is)
def backup(
    file: Path,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Put the sealing keys inside, sealed with a passphrase.")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> Output:
    """Write everything into one file, while everybody goes on working."""
    archive = maker.make(file, _passphrase(passphrase_file, twice=True) if with_keys else None, acting())
    manifest = archive.manifest
    document = {
        "file": file,
        "bytes": archive.size,
        "made_at": manifest.made_at,
        "version": manifest.version,
        "rows": {part.table: part.rows for part in manifest.parts},
        "keys": list(manifest.keys),
        "keys_inside": manifest.keys_inside,
    }
    keys = (
        "The keys are inside, sealed with the passphrase: without it, they are lost."
        if manifest.keys_inside
        else "The keys are not inside: keep a copy elsewhere. Without them, every tenant has to be connected anew."
    )
    return Output(document, f"{file}: {manifest.rows:,} rows, {archive.size:,} bytes, every checksum is right.\n{keys}")


@answering(storage.start)
def restore(
    file: Path,
    without_keys: Annotated[
        bool,
        typer.Option("--without-keys", help="Do without the keys in it: the passphrase is lost."),
    ] = False,
    passphrase_file: PassphraseFile = None,
    watch_all: Annotated[
        bool,
        typer.Option("--watch-all", help="Have no domain refuse anybody until somebody has looked through its list."),
    ] = False,
) -> Output:
    """Bring a backup back into an empty installation. Nothing in it is trusted until it was read anew."""
    passphrase = None
    if not without_keys and restorer.needs_passphrase(file):
        passphrase = _passphrase(passphrase_file, twice=False)
    outcome = restorer.restore(file, passphrase, acting(), watch_all=watch_all)
    lost_secrets = [secret for secret in outcome.secrets if not secret.opens]
    document = {
        "made_at": outcome.manifest.made_at,
        "version": outcome.manifest.version,
        "rows": outcome.manifest.rows,
        "switched_off": list(outcome.distrusted.switched_off),
        "watched": list(outcome.distrusted.watched),
        "discarded_plans": outcome.distrusted.discarded,
        "operators": outcome.distrusted.operators,
        "tokens": outcome.distrusted.tokens,
        "secrets": as_json(outcome.secrets),
    }
    return Output(document, "\n".join(_outcome_lines(outcome)), Exit.HELD if lost_secrets else Exit.DONE)


def _outcome_lines(outcome: Restored) -> list[str]:
    manifest, distrusted = outcome.manifest, outcome.distrusted
    lines = [
        f"Restored: {manifest.rows:,} rows of {manifest.made_at:%Y-%m-%d %H:%M} UTC, by Mailroll {manifest.version}.",
        "Until a source was read, mail servers are told “cannot say” of whoever is not in the list.",
        "Nobody is signed in, and links that waited have ended.",
    ]
    if distrusted.switched_off:
        names = _name_domains(distrusted.switched_off)
        lines.append(f"Automatic sync was on and is off: {names}. Look at a preview of each before you switch it on.")
    if distrusted.discarded:
        lines.append(f"Plans that waited and are discarded: {distrusted.discarded}.")
    if distrusted.watched:
        lines.append(
            "Watched only, as no source brings back what was entered by hand since: "
            f"{_name_domains(distrusted.watched)}. "
            "Look through their lists, then run: mailroll domain serving DOMAIN --mode serve"
        )
    if distrusted.operators or distrusted.tokens:
        lines.append(
            f"Valid as they were then: {distrusted.operators} operators and {distrusted.tokens} tokens. "
            "What was taken away after the backup is back: see mailroll operator list and mailroll token list."
        )
    return [*lines, "", *lines_of(outcome.secrets)]


def _name_domains(domains: Sequence[str]) -> str:
    """Name the first of them; all are in the document and in the audit log."""
    more = len(domains) - _NAMED
    return ", ".join(domains[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _passphrase(file: Path | None, *, twice: bool) -> str:
    """Never an argument of the command line, which everybody on the machine can read while it runs."""
    if file is not None:
        return text(file)
    if preset := os.environ.get(PASSPHRASE):
        return preset
    if not sys.stdin.isatty():
        raise BadInput(
            "passphrase_missing",
            "There is no passphrase, and nobody to ask for it.",
            f"Name a file with --passphrase-file, or set {PASSPHRASE}.",
        )
    passphrase = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != passphrase:
        raise BadInput("passphrase_differs", "The two passphrases are not the same.", "Type it twice again.")
    return passphrase
