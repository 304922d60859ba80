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
    actor = acting()
    on = _review(review, as_static=as_static, owner=owner)
    chosen_domains = [queries.domain(domain)] if domain else list(Domain.objects.filter(proved_at__isnull=False))
    if csv and len(chosen_domains) != 1:
        raise BadInput("domain_missing", "A file of static addresses is for one domain.", "Name it with --domain.")
    names = {
        spelling
        for chosen_domain in chosen_domains
        for name in queries.accepted(chosen_domain)
        for spelling in (name, u_labels(name))
    } - {""}
    mail_logs = [Log(file) for file in logs]
    comparison = compared(mail_logs, frozenset(names), actor.now(), timezone.localdate(), days)
    domains = {recipient.id: recipient for recipient in chosen_domains}
    faults = {str(log.file): log.broken for log in mail_logs if log.broken}
    if csv:
        for line in _troubles(comparison, faults):
            typer.echo(line, err=True)
        statics = (_static(chosen_domain, owner, on) for chosen_domain in comparison.missed if not chosen_domain.ended)
        return Output(
            _document(comparison, {}, (), faults),
            "".join(lines(statics)).rstrip(),
            Exit.FAILED if faults else Exit.DONE,
        )
    close = {
        recipient.address: near(Address(recipient.address), domains[recipient.domain])
        for recipient in comparison.missed[:_SHOWN]
    }
    additions = list(_add(comparison.missed, owner, on, actor)) if as_static else []
    text = "\n".join(
        [*_lines(comparison, close, days, as_static=as_static), *_additions(additions), *_troubles(comparison, faults)]
    )
    failed = bool(faults) or any(addition.problem for addition in additions)
    return Output(_document(comparison, close, additions, faults), text, Exit.FAILED if failed else Exit.DONE)


def _review(text: str, *, as_static: bool, owner: str) -> date:
    if as_static and not owner.strip():
        raise BadInput("owner_missing", "Static addresses need somebody who answers for them.", "Give --owner.")
    if not text:
        return timezone.localdate() + _REVIEW
    try:
        review_date = day(text)
    except ValueError:
        review_date = None
    if review_date is None:
        raise BadInput("review_malformed", no_day(text), "Give --review such a day, or leave it out.")
    return review_date


def _add(missed: Sequence[Missed], owner: str, review: date, actor: Acting) -> Iterator[_Made]:
    """Make static addresses of all but those who left: what ended on purpose is not brought back in bulk."""
    domains = {domain.id: domain for domain in Domain.objects.filter(id__in={row.domain for row in missed})}
    for recipient in missed:
        if recipient.ended:
            continue
        try:
            edit.add_static(domains[recipient.domain], _static(recipient, owner, review), actor)
        except MailrollError as problem:
            yield _Made(recipient.address, str(problem))
        else:
            yield _Made(recipient.address, None)


def _static(recipient: Missed, owner: str, review: date) -> edit.Static:
    note = f"{recipient.messages:,} messages in a mail log, the last on {recipient.last}"
    return edit.Static(recipient.address, (), owner, note, review)


def _lines(comparison: Comparison, close: _Close, days: int, *, as_static: bool) -> Iterator[str]:
    if not comparison.recipients:
        yield f"No mail for these domains in the last {days} days, in {comparison.lines:,} lines."
        return
    if not comparison.missed:
        mail = f"{comparison.messages:,} messages in {days} days"
        yield f"All {comparison.recipients:,} recipients of {mail} would be accepted."
        return
    rows = [
        (
            recipient.address,
            f"{recipient.messages:,}",
            recipient.last.isoformat(),
            "left" if recipient.ended else "",
            ", ".join(close[recipient.address]),
        )
        for recipient in comparison.missed[:_SHOWN]
    ]
    yield table(("Recipient", "Messages", "Last", "", "Meant, perhaps"), rows)
    if len(comparison.missed) > _SHOWN:
        yield f"... and {len(comparison.missed) - _SHOWN:,} more; see --json"
    yield (
        f"{len(comparison.missed):,} of {comparison.recipients:,} recipients got mail in {days} days and would be"
        f" refused. {comparison.messages:,} messages were counted, from {comparison.first} to {comparison.last}."
    )
    if not as_static:
        yield "Make static addresses of them with --as-static --owner NAME, or add one: mailroll static add."
        yield "Or print a file of them with --csv --domain NAME, and look through it on the Gateway tab."


def _additions(additions: Sequence[_Made]) -> Iterator[str]:
    if added := sum(addition.problem is None for addition in additions):
        yield f"Static addresses made: {added:,}. Mail for them is accepted."
    yield from (f"{addition.address} was not added: {addition.problem}" for addition in additions if addition.problem)


def _troubles(comparison: Comparison, faults: dict[str, str]) -> Iterator[str]:
    yield from (f"{file} was not read to its end: {reason}" for file, reason in faults.items())
    if comparison.unreadable:
        yield f"Lines that could not be read: {comparison.unreadable:,}."
    if comparison.uncounted:
        yield f"Messages to more recipients than can be counted: {comparison.uncounted:,}. Name one --domain."
    if comparison.internal and not comparison.recipients:
        yield f"{comparison.internal:,} deliveries went to a filter on the same machine and say nothing of recipients."


def _document(
    comparison: Comparison, close: _Close, additions: Sequence[_Made], faults: dict[str, str]
) -> dict[str, Any]:
    return {
        "missed": [
            {
                "address": recipient.address,
                "messages": recipient.messages,
                "last": recipient.last,
                "left": recipient.ended,
                "near": list(close.get(recipient.address, ())),
            }
            for recipient in comparison.missed
        ],
        "recipients": comparison.recipients,
        "messages": comparison.messages,
        "first": comparison.first,
        "last": comparison.last,
        "lines": comparison.lines,
        "unreadable": comparison.unreadable,
        "elsewhere": comparison.elsewhere,
        "older": comparison.older,
        "uncounted": comparison.uncounted,
        "broken": faults,
        "added": [addition.address for addition in additions if addition.problem is None],
        "not_added": [
            {"address": addition.address, "problem": addition.problem} for addition in additions if addition.problem
        ],
    }
