"""Commands about a customer's data as a whole: taken out, moved, erased."""

from pathlib import Path
from typing import Annotated

import typer

from mailroll.accounts.trail import Audience
from mailroll.cli.answering import Answer, acting, answers
from mailroll.customers import archive, files
from mailroll.directory import queries

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its id, or its name where that is unique.")]


@answers
def export(name: Name, file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, of a zip.")]) -> Answer:
    """Take out everything of an organization and all below it: JSON Lines and CSV in one zip, without credentials."""
    place, who = queries.organization(name), acting()
    archive.note_export(place, who)
    size = files.write_new(file.absolute(), archive.pieces(place, Audience(None), who.now()))
    document = {"organization": str(place.id), "file": str(file.absolute()), "bytes": size}
    return Answer(document, f"{file} has everything of {place.name} and below, {size:,} bytes. It holds personal data.")
