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
    row = queries.domain(domain)
    static = edit.Static(address, tuple(alias or ()), owner, note, on)
    entry = listing.find(row, timezone.localdate(), edit.add_static(row, static, acting()))
    if entry is None:
        raise RuntimeError("a static address that was just added is not there")
    return Output(_document(entry), f"{entry.address} is in the list of {row.name}.")


@answers
def everything(domain: str) -> Output:
    """List the static addresses of a domain, those that are due for review first."""
    entries = list(listing.everything(queries.domain(domain), timezone.localdate()))
    rows = [
        (
            entry.address,
            ", ".join(entry.aliases),
            entry.note,
            entry.owner,
            f"{entry.review or ''}{' (due)' if entry.late else ''}",
        )
        for entry in entries
    ]
    heads = ("Address", "Further addresses", "What for", "Owner", "Review")
    return Output([_document(entry) for entry in entries], table(heads, rows) if rows else "No static address yet.")


@answers
def remove(domain: str, address: str) -> Output:
    """Remove a static address: mail for it is refused at once."""
    row = queries.domain(domain)
    canonical_address = given(address)
    known = (
        None
        if isinstance(canonical_address, AddressFault)
        else listing.by_address(row, timezone.localdate(), canonical_address)
    )
    if known is None:
        raise BadInput(
            "static_unknown",
            f"{row.name} has no static address {address}.",
            f"List them with: mailroll static list {row.name}",
        )
    edit.remove_static(row, known.id, acting())
    return Output(_document(known), f"{known.address} is removed. Mail for it is refused.")


@answers
def bring(
    domain: str,
    file: Path,
    yes: Annotated[bool, typer.Option("--yes", help="Write it; without this it is only shown.")] = False,
) -> Output:
    """Show what a CSV file would add and change, and with --yes do all of it or nothing."""
    row, file_content = queries.domain(domain), content(file)
    try:
        prepared, parsed = static_uploads.preview_file(file_content, row)
        if yes:
            prepared = static_uploads.take(file_content, row, acting())
    except edit.BadList as problem:
        return refused(problem)
    return _answer(row, prepared, parsed.elsewhere, applied=yes)


def _answer(domain: Domain, prepared: edit.Prepared, elsewhere: int, *, applied: bool) -> Output:
    added, changed = ([_step(step) for step in steps] for steps in (prepared.added, prepared.changed))
    document = {
        "applied": applied,
        "added": added,
        "changed": changed,
        "unchanged": prepared.unchanged,
        "lines_of_other_domains": elsewhere,
        "problems": [],
    }
    rows = [
        (way, entry["address"], ", ".join(entry["aliases"]), entry["note"])
        for way, entries in (("change", changed), ("add", added))
        for entry in entries
    ]
    lines = [table(("", "Address", "Further addresses", "What for"), rows[:_SHOWN])] if rows else []
    lines += [f"... and {len(rows) - _SHOWN:,} more; see --json" for _ in [0] if len(rows) > _SHOWN]
    verb = "Added" if applied else "Would be added"
    lines.append(f"{verb}: {len(added):,}. Changed: {len(changed):,}. As they are: {prepared.unchanged:,}.")
    if elsewhere:
        lines.append(f"Left out, as they are about other domains alone: {elsewhere:,} lines.")
    if not applied and rows:
        lines.append(f"Nothing was written to {domain.name}. Write it with --yes.")
    return Output(document, "\n".join(lines))


def refused(problem: edit.BadList) -> Output:
    """Tell everything that is wrong with a file, line by line."""
    problems = [
        {"line": line_problem.line, "field": line_problem.field, "message": line_problem.message}
        for line_problem in problem.problems
    ]
    error = {"code": problem.code, "message": problem.message, "help": problem.help, "problems": problems}
    lines = [f"Line {line_problem.line}: {line_problem.message}" for line_problem in problem.problems]
    return Output({"error": error}, "\n".join([*lines, problem.help, f"({problem.code})"]), Exit.FAILED)


def _step(step: StaticStep) -> dict[str, Any]:
    return {
        "address": step.state.primary or "",
        "aliases": list(step.state.aliases),
        "owner": step.about.owner,
        "note": step.about.note,
        "review": step.about.review or None,
    }


def _document(entry: listing.ListedStatic) -> dict[str, Any]:
    return {
        "address": entry.address,
        "aliases": list(entry.aliases),
        "owner": entry.owner,
        "note": entry.note,
        "review": entry.review,
        "review_due": entry.late,
    }
