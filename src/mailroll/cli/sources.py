"""Commands for User Sources: what they take, by which filter, and where it goes."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mailroll.cli.files import readable
from mailroll.cli.filter_counts import counted
from mailroll.cli.output import OnOff, Output, acting, answers, table
from mailroll.connections import connections, filters, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import queries
from mailroll.directory.models import User
from mailroll.insight import retries
from mailroll.insight.why.steps import written
from mailroll.reconcile.errors import BadInput
from mailroll.sync.schedules import schedule

Named = Annotated[str, typer.Argument(metavar="SOURCE", help="Its id, or its name where that is unique.")]


class Remaining(StrEnum):
    """What becomes of the users of a source that is removed."""

    KEEP = "keep"
    RETIRE = "retire"


@answers
def add_source(
    domain: str,
    connection: Annotated[str, typer.Option("--connection", help="The id of a connection.")],
    group: Annotated[str | None, typer.Option(help="Where its users go; Main unless given.")] = None,
    precedence: Annotated[int | None, typer.Option(min=0, help="The lowest is tried first.")] = None,
) -> Output:
    """Say where the people of a domain come from."""
    source = sources.add(
        queries.domain(domain), connections.find(connection), acting(), group=group, precedence=precedence
    )
    return Output({"id": source.owner_id}, f"Source of {domain} added: {source.owner_id}")


@answers
def list_sources(domain: str) -> Output:
    """List the sources of a domain, the first to be tried first."""
    row = queries.domain(domain)
    all_sources = sources.ordered(row)
    rows = [
        (
            str(source.precedence),
            source.owner.label,
            "on" if source.enabled else "off",
            "-" if source.read_at is None else written(source.read_at),
            filters.describe(source),
            ", ".join(_also(source)) or "nothing",
            source.group,
            str(source.owner_id),
        )
        for source in all_sources
    ]
    text = (
        table(("", "Source", "", "Last good reading", "Takes", "Beside people", "Group", "Id"), rows)
        if rows
        else "No source yet."
    )
    sentence = retries.sentence(schedule.view(row, acting().now()), retries.in_utc)
    return Output([_json(source) for source in all_sources], f"{text}\n{sentence}" if sentence else text)


@answers
def filter_source(
    source: Named,
    file: Annotated[Path | None, typer.Option("--file", help="A filter in JSON; - reads it from the input.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take everyone again.")] = False,
    count: Annotated[bool, typer.Option("--count", help="Read, say whom it would take, and save nothing.")] = False,
) -> Output:
    """Show the filter of a source as JSON, set it from a file, or count whom it takes.

    Nothing is changed where anything is wrong with it. Saving changes no user: the next run does.
    """
    row = sources.named(source)
    if clear and (count or file is not None):
        other = "--count" if count else "--file"
        raise BadInput("options_exclude", f"{other} and --clear exclude each other.", "Give one of them.")
    if count:
        return counted(row, filters.read(row) if file is None else filters.load(row, _content(file)))
    if clear:
        schedule.save_filter(row, filters.EVERYONE, acting())
    elif file is not None:
        schedule.save_filter(row, filters.load(row, _content(file)), acting())
    else:
        document = filters.export(row)
        return Output(document, json.dumps(document, indent=2, ensure_ascii=False))
    sentence = f"{row.owner.label} takes: {filters.describe(row)}."
    return Output(filters.export(row), f"{sentence} See what that changes: mailroll preview {row.domain.name}")


@answers
def set_source(
    source: Named,
    groups: Annotated[bool | None, typer.Option("--groups/--no-groups", help="Take groups with mail.")] = None,
    contacts: Annotated[bool | None, typer.Option("--contacts/--no-contacts", help="Take contacts.")] = None,
    guests: Annotated[bool | None, typer.Option("--guests/--no-guests", help="Take guests.")] = None,
    adopt: Annotated[bool | None, typer.Option("--adopt/--no-adopt", help="Take over users made by hand.")] = None,
    group: Annotated[str | None, typer.Option(help="Where its users go; made where it is missing.")] = None,
) -> Output:
    """Set what a source takes beside people, and where its users go."""
    row = sources.named(source)
    for switch, on in (
        (SourceSwitch.GROUPS, groups),
        (SourceSwitch.CONTACTS, contacts),
        (SourceSwitch.GUESTS, guests),
        (SourceSwitch.ADOPTS, adopt),
    ):
        if on is not None:
            sources.set_switch(row, switch, acting(), on=on)
    if group is not None:
        group_exists = queries.group_called(row.domain, group) is not None
        (sources.send_to if group_exists else sources.send_to_new)(row, group, acting())
    objects = ", ".join(("people", *_also(row)))
    return Output(_json(row), f"{row.owner.label} takes {objects}, into “{row.group}”.")


@answers
def switch_source(source: Named, switch: OnOff) -> Output:
    """Let runs pass a source over, with its users as they are; or read it again."""
    row = sources.named(source)
    sources.set_switch(row, SourceSwitch.ENABLED, acting(), on=switch is OnOff.ON)
    if switch is OnOff.ON:
        return Output(_json(row), f"{row.owner.label} is read again from the next run on.")
    sentence = f"Runs pass {row.owner.label} over from now on. Its users stay as they are."
    return Output(_json(row), sentence)


@answers
def remove_source(
    source: Named,
    users: Annotated[
        Remaining | None, typer.Option(help="Keep its users, by hand from then on; or have the next run retire them.")
    ] = None,
) -> Output:
    """Remove a source. Where it has users, --users says what becomes of them."""
    row = sources.named(source)
    label, domain = row.owner.label, row.domain.name
    number = User.objects.filter(owner=row.owner_id, retired_at__isnull=True).count()
    if number and users is None:
        raise BadInput(
            "users_undecided",
            f"{label} of {domain} has {number:,} user{'' if number == 1 else 's'}. Nothing was removed.",
            "Say what becomes of them. --users keep: they stay in the list as they are, and no sync changes them. "
            "--users retire: the next run plans to retire those whom no other source has, within the usual limits.",
        )
    if users is Remaining.RETIRE:
        sources.remove_retiring_users(row, acting())
        sentence = f"{label} is removed. Nobody is retired before a run: see whom with mailroll preview {domain}"
        return Output({"id": row.owner_id, "kept": 0}, sentence)
    kept_count = sources.remove_keeping_users(row, acting())
    sentence = (
        f"{label} is removed. {kept_count:,} user{' stays' if kept_count == 1 else 's stay'}, kept by hand from now on."
    )
    return Output(
        {"id": row.owner_id, "kept": kept_count}, sentence if kept_count else f"{label} is removed. It had no users."
    )


def _also(source: Source) -> tuple[str, ...]:
    names = ("groups", "contacts", "guests")
    return tuple(name for name in names if getattr(source, name))


def _json(source: Source) -> dict[str, Any]:
    return {
        "id": source.owner_id,
        "name": source.owner.label,
        "precedence": source.precedence,
        "connection": source.connection_id,
        "enabled": source.enabled,
        "read_at": source.read_at,
        "group": source.group,
        "groups": source.groups,
        "contacts": source.contacts,
        "guests": source.guests,
        "adopts": source.adopts,
        "filter": filters.export(source),
    }


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(filters.TEXT_MAX + 1)
    with readable(file), file.open("rb") as opened:
        return opened.read(filters.TEXT_MAX + 1)
