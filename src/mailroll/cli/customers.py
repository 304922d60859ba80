"""Commands about a customer's data as a whole: taken out, moved, erased."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from mailroll.accounts.trail import Audience
from mailroll.cli.output import Output, acting, answers
from mailroll.customers import archive, erasure, files, relocation
from mailroll.directory import queries
from mailroll.insight.doctor.diagnosis import spell

_SINGULAR: Final = {
    "organizations": "organization",
    "domains": "domain",
    "users": "user",
    "runs": "run",
    "people": "person",
    "entries": "entry",
}

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its id, or its name where that is unique.")]


@answers
def export(name: Name, file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, of a zip.")]) -> Output:
    """Take out everything of an organization and all below it: JSON Lines and CSV in one zip, without credentials."""
    place, actor = queries.organization(name), acting()
    archive.note_export(place, actor)
    size = files.write_new(file.absolute(), archive.pieces(place, Audience(None), actor.now()))
    document = {"organization": place.id, "file": file.absolute(), "bytes": size}
    return Output(document, f"{file} has everything of {place.name} and below, {size:,} bytes. It holds personal data.")


@answers
def erase(
    name: Name,
    confirm: Annotated[str, typer.Option(metavar="NAME", help="Its name, typed; else it is asked for.")] = "",
    although_served: Annotated[
        bool, typer.Option("--although-served", help="Also where gateways are told of its domains.")
    ] = False,
) -> Output:
    """Erase an organization and all below it: lists, runs, credentials, people, and names in the audit log."""
    place = queries.organization(name)
    if not confirm and sys.stdin.isatty():
        print(f"Type {place.name} to erase it with all that is kept of it:", file=sys.stderr)
        confirm = sys.stdin.readline().strip()
    counts = erasure.erase(place, confirm, acting(), although_served=although_served)
    document = asdict(counts)
    *parts, entries = (spell(number, _SINGULAR[field], field) for field, number in document.items())
    text = f"{place.name} is erased: {', '.join(parts)}. What stays of the audit log, without names: {entries}."
    return Output(document, text)


@answers
def move(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN")],
    to: Annotated[
        str, typer.Option("--to", metavar="NAME", help="The organization: its id, or its name where unique.")
    ],
    although_served: Annotated[
        bool, typer.Option("--although-served", help="Also where gateways read it by token, and none is for NAME.")
    ] = False,
) -> Output:
    """Move a domain with its list and its history to another organization; sources are connected anew there."""
    row, place = queries.domain(domain), queries.organization(to)
    outcome = relocation.move_domain(row, place, acting(), by=None, although_served=although_served)
    text = (
        f"{row.name} is in {place.name}, with {outcome.users:,} users and {outcome.runs:,} runs. Automatic sync is off."
    )
    if outcome.disconnected:
        text += f" Connect anew: {', '.join(outcome.disconnected)}."
    return Output({"organization": place.id, **asdict(outcome)}, text)
