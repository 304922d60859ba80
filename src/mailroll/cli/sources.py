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
from mailroll.sync import schedule

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
    made = sources.add(
        queries.domain(domain), connections.find(connection), acting(), group=group, precedence=precedence
    )
    return Output({"id": made.owner_id}, f"Source of {domain} added: {made.owner_id}")


@answers
def list_sources(domain: str) -> Output:
    """List the sources of a domain, the first to be tried first."""
    asked = queries.domain(domain)
    found = sources.ordered(asked)
    rows = [
        (
            str(each.precedence),
            each.owner.label,
            "on" if each.enabled else "off",
            "-" if each.read_at is None else written(each.read_at),
            filters.describe(each),
            ", ".join(_also(each)) or "nothing",
            each.group,
            str(each.owner_id),
        )
        for each in found
    ]
    text = (
        table(("", "Source", "", "Last good reading", "Takes", "Beside people", "Group", "Id"), rows)
        if rows
        else "No source yet."
    )
    told = retries.sentence(schedule.view(asked, acting().now()), retries.in_utc)
    return Output([_json(each) for each in found], f"{text}\n{told}" if told else text)


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
    found = sources.named(source)
    if clear and (count or file is not None):
        other = "--count" if count else "--file"
        raise BadInput("options_exclude", f"{other} and --clear exclude each other.", "Give one of them.")
    if count:
        return counted(found, filters.read(found) if file is None else filters.load(found, _content(file)))
    if clear:
        schedule.save_filter(found, filters.EVERYONE, acting())
    elif file is not None:
        schedule.save_filter(found, filters.load(found, _content(file)), acting())
    else:
        written = filters.export(found)
        return Output(written, json.dumps(written, indent=2, ensure_ascii=False))
    told = f"{found.owner.label} takes: {filters.describe(found)}."
    return Output(filters.export(found), f"{told} See what that changes: mailroll preview {found.domain.name}")


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
    found = sources.named(source)
    for switch, on in (
        (SourceSwitch.GROUPS, groups),
        (SourceSwitch.CONTACTS, contacts),
        (SourceSwitch.GUESTS, guests),
        (SourceSwitch.ADOPTS, adopt),
    ):
        if on is not None:
            sources.set_switch(found, switch, acting(), on=on)
    if group is not None:
        there = queries.group_called(found.domain, group) is not None
        (sources.send_to if there else sources.send_to_new)(found, group, acting())
    taken = ", ".join(("people", *_also(found)))
    return Output(_json(found), f"{found.owner.label} takes {taken}, into “{found.group}”.")


@answers
def switch_source(source: Named, switch: OnOff) -> Output:
    """Let runs pass a source over, with its users as they are; or read it again."""
    found = sources.named(source)
    sources.set_switch(found, SourceSwitch.ENABLED, acting(), on=switch is OnOff.ON)
    if switch is OnOff.ON:
        return Output(_json(found), f"{found.owner.label} is read again from the next run on.")
    told = f"Runs pass {found.owner.label} over from now on. Its users stay as they are."
    return Output(_json(found), told)


@answers
def remove_source(
    source: Named,
    users: Annotated[
        Remaining | None, typer.Option(help="Keep its users, by hand from then on; or have the next run retire them.")
    ] = None,
) -> Output:
    """Remove a source. Where it has users, --users says what becomes of them."""
    found = sources.named(source)
    label, domain = found.owner.label, found.domain.name
    number = User.objects.filter(owner=found.owner_id, retired_at__isnull=True).count()
    if number and users is None:
        raise BadInput(
            "users_undecided",
            f"{label} of {domain} has {number:,} user{'' if number == 1 else 's'}. Nothing was removed.",
            "Say what becomes of them. --users keep: they stay in the list as they are, and no sync changes them. "
            "--users retire: the next run plans to retire those whom no other source has, within the usual limits.",
        )
    if users is Remaining.RETIRE:
        sources.remove_retiring_users(found, acting())
        told = f"{label} is removed. Nobody is retired before a run: see whom with mailroll preview {domain}"
        return Output({"id": found.owner_id, "kept": 0}, told)
    kept = sources.remove_keeping_users(found, acting())
    told = f"{label} is removed. {kept:,} user{' stays' if kept == 1 else 's stay'}, kept by hand from now on."
    return Output({"id": found.owner_id, "kept": kept}, told if kept else f"{label} is removed. It had no users.")


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
