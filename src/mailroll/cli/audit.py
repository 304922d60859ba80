"""The command about the audit trail: everything that was done, as a file for other programs."""

from typing import Annotated

import typer

from mailroll.accounts import trail, trail_files
from mailroll.audit.models import AuditEntry
from mailroll.cli import storage
from mailroll.cli.output import acting, complaining
from mailroll.directory import queries, tree
from mailroll.directory.models import Organization


def export(
    organization: Annotated[
        str | None, typer.Option(help="Of this organization and all below it: its id, or its name where unique.")
    ] = None,
    after: Annotated[
        int, typer.Option(metavar="ID", min=0, help="Only entries after this one: the last that was taken before.")
    ] = 0,
) -> None:
    """Print the audit trail as JSON Lines, the oldest entry first; that it was taken out is an entry of its own."""
    with complaining(as_json=False):
        storage.ready()
        place = None if organization is None else queries.organization(organization)
        entries = AuditEntry.objects.filter(id__gt=after)
        if place is not None:
            entries = entries.filter(organization__in=tree.below(place).values("id"))
        places = [place] if place else list(Organization.objects.filter(parent=None).order_by("id"))
        trail_files.note_export(acting(), places, format="jsonl")
        for line in trail_files.as_json_lines(entries, trail.Audience(None)):
            print(line, end="")
