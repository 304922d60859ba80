"""Exports the list to files, has a command run after a change, and stands for what is missing in the roll."""

import hashlib
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from mailroll.cli.output import Exit, Output, acting, answers
from mailroll.directory import queries
from mailroll.gateway import export as exporting
from mailroll.gateway import losses
from mailroll.gateway.departures import StoredDepartures
from mailroll.gateway.export import Exported, Shrunk, Wish
from mailroll.gateway.formats import FORMS
from mailroll.gateway.generations import CURRENT, Disk, Generations
from mailroll.gateway.stored_lists import StoredListing
from mailroll.reconcile.errors import BadInput, Broken

_WAITED: Final = 300
"""Seconds that a command may take."""


@answers
def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="One of: " + ", ".join(FORMS))],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A folder for this form alone.")],
    domain: Annotated[list[str] | None, typer.Argument(metavar="DOMAIN...", help="Whose addresses; or --all.")] = None,
    then: Annotated[str, typer.Option(metavar="COMMAND", help="What to run after a change, without a shell.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every domain there is at the time.")] = False,
    accept_shrink: Annotated[
        str, typer.Option(metavar="REASON", help="Why addresses may be missing that nothing accounts for.")
    ] = "",
) -> Output:
    """Write the list in a form that mail servers read: DIR/current is always whole, and new where it changed.

    A list that lacks addresses without a reason is refused with exit code 3, and the old one stays.
    """
    if bool(domain) == everything:
        raise BadInput("domains_not_named", "Nothing says whose addresses to export.", "Name domains, or give --all.")
    if form not in FORMS:
        raise BadInput("format_unknown", f"There is no format “{form}”.", f"Choose one of: {', '.join(FORMS)}.")
    names = None if everything else tuple({queries.domain(key).name for key in domain or ()})
    command = _parted(then)
    wish = Wish(FORMS[form], names)
    generations = Generations(to.absolute(), Disk())
    with generations.locked():
        outcome = _export(wish, generations, accept_shrink)
        code = _run(command, generations, outcome) if command else None
    return _answer(outcome, to, command, code)


@answers
def accept_shrink(domain: str) -> Output:
    """Let gateways refuse what vanished from a domain although no run and no edit accounts for it."""
    loss = losses.accept(domain, acting())
    return Output({"domain": loss.name, "count": loss.count}, f"{loss.count} addresses of {loss.name} are let go.")


def _export(wish: Wish, generations: Generations, reason: str) -> Exported:
    actor = acting()
    listing, departures = StoredListing(actor.now), StoredDepartures()
    try:
        return exporting.export(wish, listing, generations, departures)
    except Shrunk as shrunk:
        if not reason.strip():
            raise
        exporting.accept(shrunk.missing, reason.strip(), actor)
        return exporting.export(replace(wish, accepted=shrunk.missing), listing, generations, departures)


def _parted(then: str) -> list[str]:
    try:
        return shlex.split(then)
    except ValueError as error:
        raise BadInput("command_malformed", f"“{then}” is no command: {error}.", "Close its quotes.") from None


def _run(command: Sequence[str], generations: Generations, outcome: Exported) -> int | None:
    """Run a command unless it has succeeded for these very files; what it prints goes to stderr."""
    files = hashlib.sha256(json.dumps(exporting.read(outcome.manifest), sort_keys=True).encode()).hexdigest()
    if generations.announcement() == files:
        return None
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_WAITED, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Broken(
            "command_not_run",
            f"The list is exported, but {command[0]} could not be run ({error}).",
            "It is tried again with the next export.",
        ) from error
    sys.stderr.write((ran.stdout + ran.stderr).decode(errors="replace"))
    if ran.returncode == 0:
        generations.tell(files)
    return ran.returncode


def _answer(outcome: Exported, to: Path, command: Sequence[str], code: int | None) -> Output:
    manifest = outcome.manifest
    document = {
        "format": manifest.form,
        "generation": manifest.generation,
        "changed": outcome.changed,
        "addresses": manifest.count,
        "domains": manifest.domains,
        "files": {name: file for name, file in manifest.files.items() if not name.startswith(".")},
        "folder": to.absolute() / CURRENT,
        "command": None if code is None else {"command": [*command], "exit": code},
    }
    opening = "Generation" if outcome.changed else "Nothing changed; generation"
    lines = [f"{opening} {manifest.generation} in {to / CURRENT}: {manifest.count:,} addresses."]
    lines += [
        f"{domain['name']}: every address is accepted ({domain['accepts_all']})."
        for domain in manifest.domains
        if domain["accepts_all"]
    ]
    if code:
        lines.append(f"{command[0]} ended with exit code {code}; it is tried again with the next export.")
    return Output(document, "\n".join(lines), Exit.FAILED if code else Exit.DONE)
