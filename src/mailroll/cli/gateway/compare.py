"""The command that finds in a mail log who got mail and would be refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from django.utils import timezone

from mailroll import promises
from mailroll.audit.actor import Acting
from mailroll.cli.output import Exit, Output, acting, answers, table
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from mailroll.directory.sheets.statics import day, lines, no_day
from mailroll.gateway.compare import Comparison, Log, Missed
from mailroll.gateway.compare import compare as compared
from mailroll.insight.near import near
from mailroll.reconcile.addresses import Address, u_labels
from mailroll.reconcile.errors import BadInput, MailrollError

_SHOWN = 50
"""Rows of the table, and those for which addresses are sought that may have been meant; the rest is in --json."""

_Close = Mapping[str, tuple[str, ...]]
"""By recipient: addresses in service that are one slip away."""

_REVIEW: Final = promises.REVIEW
_REVIEW_HELP: Final = f"With --as-static: when to ask; else in {promises.in_words(_REVIEW)}."


@dataclass(frozen=True, slots=True)
class _Made:
    """An address that became static, or why it did not."""

    address: str
    problem: str | None


@answers
def compare(
    logs: Annotated[list[Path], typer.Argument(metavar="MAILLOG...", help="Of Postfix or Exim, or a message trace.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far to look back.")] = promises.COMPARED.days,
    domain: Annotated[str, typer.Option(help="Only this domain, with its alias domains.")] = "",
    as_static: Annotated[bool, typer.Option("--as-static", help="Make static addresses of those found.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print a file of them that the Gateway tab takes.")] = False,
    owner: Annotated[str, typer.Option(help="With --as-static: who knows whether they are still needed.")] = "",
    review: Annotated[str, typer.Option(metavar="DATE", help=_REVIEW_HELP)] = "",
) -> Output:
    """Tell who got mail lately and would be refused: read a mail log, keep nothing of it but counts."""
    who = acting()
    on = _review(review, as_static=as_static, owner=owner)
    chosen = [queries.domain(domain)] if domain else list(Domain.objects.filter(proved_at__isnull=False))
    if csv and len(chosen) != 1:
        raise BadInput("domain_missing", "A file of static addresses is for one domain.", "Name it with --domain.")
    names = {spelling for one in chosen for name in queries.accepted(one) for spelling in (name, u_labels(name))} - {""}
    read = [Log(file) for file in logs]
    done = compared(read, frozenset(names), who.now(), timezone.localdate(), days)
    domains = {one.id: one for one in chosen}
    broken = {str(log.file): log.broken for log in read if log.broken}
    if csv:
        for line in _troubles(done, broken):
            typer.echo(line, err=True)
        statics = (_static(one, owner, on) for one in done.missed if not one.ended)
        return Output(
            _document(done, {}, (), broken), "".join(lines(statics)).rstrip(), Exit.FAILED if broken else Exit.DONE
        )
    close = {one.address: near(Address(one.address), domains[one.domain]) for one in done.missed[:_SHOWN]}
    made = list(_add(done.missed, owner, on, who)) if as_static else []
    text = "\n".join([*_lines(done, close, days, as_static=as_static), *_additions(made), *_troubles(done, broken)])
    failed = bool(broken) or any(one.problem for one in made)
    return Output(_document(done, close, made, broken), text, Exit.FAILED if failed else Exit.DONE)


def _review(text: str, *, as_static: bool, owner: str) -> date:
    if as_static and not owner.strip():
        raise BadInput("owner_missing", "Static addresses need somebody who answers for them.", "Give --owner.")
    if not text:
        return timezone.localdate() + _REVIEW
    try:
        found = day(text)
    except ValueError:
        found = None
    if found is None:
        raise BadInput("review_malformed", no_day(text), "Give --review such a day, or leave it out.")
    return found


def _add(missed: Sequence[Missed], owner: str, review: date, who: Acting) -> Iterator[_Made]:
    """Make static addresses of all but those who left: what ended on purpose is not brought back in bulk."""
    domains = {one.id: one for one in Domain.objects.filter(id__in={one.domain for one in missed})}
    for one in missed:
        if one.ended:
            continue
        try:
            edit.add_static(domains[one.domain], _static(one, owner, review), who)
        except MailrollError as problem:
            yield _Made(one.address, str(problem))
        else:
            yield _Made(one.address, None)


def _static(one: Missed, owner: str, review: date) -> edit.Static:
    note = f"{one.messages:,} messages in a mail log, the last on {one.last}"
    return edit.Static(one.address, (), owner, note, review)


def _lines(done: Comparison, close: _Close, days: int, *, as_static: bool) -> Iterator[str]:
    if not done.recipients:
        yield f"No mail for these domains in the last {days} days, in {done.lines:,} lines."
        return
    if not done.missed:
        yield f"All {done.recipients:,} recipients of {done.messages:,} messages in {days} days would be accepted."
        return
    rows = [
        (
            one.address,
            f"{one.messages:,}",
            one.last.isoformat(),
            "left" if one.ended else "",
            ", ".join(close[one.address]),
        )
        for one in done.missed[:_SHOWN]
    ]
    yield table(("Recipient", "Messages", "Last", "", "Meant, perhaps"), rows)
    if len(done.missed) > _SHOWN:
        yield f"... and {len(done.missed) - _SHOWN:,} more; see --json"
    yield (
        f"{len(done.missed):,} of {done.recipients:,} recipients got mail in {days} days and would be refused. "
        f"{done.messages:,} messages were counted, from {done.first} to {done.last}."
    )
    if not as_static:
        yield "Make static addresses of them with --as-static --owner NAME, or add one: mailroll static add."
        yield "Or print a file of them with --csv --domain NAME, and look through it on the Gateway tab."


def _additions(made: Sequence[_Made]) -> Iterator[str]:
    if added := sum(one.problem is None for one in made):
        yield f"Static addresses made: {added:,}. Mail for them is accepted."
    yield from (f"{one.address} was not added: {one.problem}" for one in made if one.problem)


def _troubles(done: Comparison, broken: dict[str, str]) -> Iterator[str]:
    yield from (f"{file} was not read to its end: {why}" for file, why in broken.items())
    if done.unreadable:
        yield f"Lines that could not be read: {done.unreadable:,}."
    if done.uncounted:
        yield f"Messages to more recipients than can be counted: {done.uncounted:,}. Name one --domain."
    if done.internal and not done.recipients:
        yield f"{done.internal:,} deliveries went to a filter on the same machine and say nothing of recipients."


def _document(done: Comparison, close: _Close, made: Sequence[_Made], broken: dict[str, str]) -> dict[str, Any]:
    return {
        "missed": [
            {
                "address": one.address,
                "messages": one.messages,
                "last": one.last,
                "left": one.ended,
                "near": list(close.get(one.address, ())),
            }
            for one in done.missed
        ],
        "recipients": done.recipients,
        "messages": done.messages,
        "first": done.first,
        "last": done.last,
        "lines": done.lines,
        "unreadable": done.unreadable,
        "elsewhere": done.elsewhere,
        "older": done.older,
        "uncounted": done.uncounted,
        "broken": broken,
        "added": [one.address for one in made if one.problem is None],
        "not_added": [{"address": one.address, "problem": one.problem} for one in made if one.problem],
    }
