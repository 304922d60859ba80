"""Commands about static addresses: kept by hand or from a file, and never touched by a sync."""

from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone

from mailroll.cli.files import content
from mailroll.cli.output import Exit, Output, acting, answers, table
from mailroll.directory import edit, queries, static_uploads
from mailroll.directory import statics as listing
from mailroll.directory.edit.static_list import StaticStep
from mailroll.directory.models import Domain
from mailroll.directory.sheets.statics import day, no_day
from mailroll.reconcile.addresses import AddressFault, given
from mailroll.reconcile.errors import BadInput

_SHOWN = 50
"""Rows of a preview; the rest is in --json."""


@answers
def add(
    domain: str,
    address: str,
    alias: Annotated[list[str] | None, typer.Option(help="A further address; may be given several times.")] = None,
    owner: Annotated[str, typer.Option(help="Who knows whether it is still needed.")] = "",
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    review: Annotated[str, typer.Option(metavar="DATE", help="When to ask again, like 2027-03-01.")] = "",
) -> Output:
    """Add a static address: mail for it is accepted at once, and no sync removes it."""
    try:
        on = day(review)
    except ValueError:
        raise BadInput("review_malformed", no_day(review), "Give --review such a day, or leave it out.") from None
    found = queries.domain(domain)
    given = edit.Static(address, tuple(alias or ()), owner, note, on)
    made = listing.find(found, timezone.localdate(), edit.add_static(found, given, acting()))
    if made is None:
        raise RuntimeError("a static address that was just added is not there")
    return Output(_document(made), f"{made.address} is in the list of {found.name}.")


@answers
def everything(domain: str) -> Output:
    """List the static addresses of a domain, those that are due for review first."""
    found = list(listing.everything(queries.domain(domain), timezone.localdate()))
    rows = [
        (
            one.address,
            ", ".join(one.aliases),
            one.note,
            one.owner,
            f"{one.review or ''}{' (due)' if one.late else ''}",
        )
        for one in found
    ]
    heads = ("Address", "Further addresses", "What for", "Owner", "Review")
    return Output([_document(one) for one in found], table(heads, rows) if rows else "No static address yet.")


@answers
def remove(domain: str, address: str) -> Output:
    """Remove a static address: mail for it is refused at once."""
    found = queries.domain(domain)
    asked = given(address)
    known = None if isinstance(asked, AddressFault) else listing.by_address(found, timezone.localdate(), asked)
    if known is None:
        raise BadInput(
            "static_unknown",
            f"{found.name} has no static address {address}.",
            f"List them with: mailroll static list {found.name}",
        )
    edit.remove_static(found, known.id, acting())
    return Output(_document(known), f"{known.address} is removed. Mail for it is refused.")


@answers
def bring(
    domain: str,
    file: Path,
    yes: Annotated[bool, typer.Option("--yes", help="Write it; without this it is only shown.")] = False,
) -> Output:
    """Show what a CSV file would add and change, and with --yes do all of it or nothing."""
    found, brought = queries.domain(domain), content(file)
    try:
        prepared, parsed = static_uploads.preview_file(brought, found)
        if yes:
            prepared = static_uploads.take(brought, found, acting())
    except edit.BadList as problem:
        return refused(problem)
    return _answer(found, prepared, parsed.elsewhere, applied=yes)


def _answer(domain: Domain, prepared: edit.Prepared, elsewhere: int, *, applied: bool) -> Output:
    added, changed = ([_step(one) for one in steps] for steps in (prepared.added, prepared.changed))
    document = {
        "applied": applied,
        "added": added,
        "changed": changed,
        "unchanged": prepared.unchanged,
        "lines_of_other_domains": elsewhere,
        "problems": [],
    }
    rows = [
        (way, one["address"], ", ".join(one["aliases"]), one["note"])
        for way, some in (("change", changed), ("add", added))
        for one in some
    ]
    lines = [table(("", "Address", "Further addresses", "What for"), rows[:_SHOWN])] if rows else []
    lines += [f"... and {len(rows) - _SHOWN:,} more; see --json" for _ in [0] if len(rows) > _SHOWN]
    done = "Added" if applied else "Would be added"
    lines.append(f"{done}: {len(added):,}. Changed: {len(changed):,}. As they are: {prepared.unchanged:,}.")
    if elsewhere:
        lines.append(f"Left out, as they are about other domains alone: {elsewhere:,} lines.")
    if not applied and rows:
        lines.append(f"Nothing was written to {domain.name}. Write it with --yes.")
    return Output(document, "\n".join(lines))


def refused(problem: edit.BadList) -> Output:
    """Tell everything that is wrong with a file, line by line."""
    problems = [{"line": one.line, "field": one.field, "message": one.message} for one in problem.problems]
    error = {"code": problem.code, "message": problem.message, "help": problem.help, "problems": problems}
    lines = [f"Line {one.line}: {one.message}" for one in problem.problems]
    return Output({"error": error}, "\n".join([*lines, problem.help, f"({problem.code})"]), Exit.FAILED)


def _step(step: StaticStep) -> dict[str, Any]:
    return {
        "address": step.state.primary or "",
        "aliases": list(step.state.aliases),
        "owner": step.about.owner,
        "note": step.about.note,
        "review": step.about.review or None,
    }


def _document(one: listing.ListedStatic) -> dict[str, Any]:
    return {
        "address": one.address,
        "aliases": list(one.aliases),
        "owner": one.owner,
        "note": one.note,
        "review": one.review,
        "review_due": one.late,
    }
