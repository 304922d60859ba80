"""Message traces of Exchange Online as CSV: of `Get-MessageTraceV2 | Export-Csv`, and the reports to download.

The reports' columns: learn.microsoft.com/exchange/monitoring/trace-an-email-message/message-trace-modern-eac.
`Recipient_status` holds `ADDRESS##Receive, Deliver` for each recipient, parted by semicolons.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from mailroll.gateway.compare.delivery import Calendar, Delivery, SkippedLine

_RECIPIENTS = ("recipientstatus", "recipientaddress", "recipient")
_DAYS = ("received", "origintimestamp", "datetime", "date")
# A list that was expanded took the message too: dynamic lists are what is looked for.
_GOT_IT = {"delivered", "expanded", "resolved", "filteredasspam", "deliver", "expand", "send"}
_ISO = re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)")
_DOTTED = re.compile(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d\d?)[/-](\d\d?)[/-](\d{4})")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row is what is looked for; None where the file lacks it."""

    recipients: int
    day: int
    status: int | None


def columns(head: Sequence[str]) -> Columns | None:
    """Find the columns by their heads, however they are spelt; None where it is no message trace."""
    names = [re.sub(r"[^a-z]", "", heading.lower()) for heading in head]
    recipients = next((names.index(heading) for heading in _RECIPIENTS if heading in names), None)
    day = next((place for heading in _DAYS for place, name in enumerate(names) if name.startswith(heading)), None)
    if recipients is None or day is None:
        return None
    status = next((names.index(heading) for heading in ("status", "eventid") if heading in names), None)
    return Columns(recipients, day, None if names[recipients] == "recipientstatus" else status)


def is_head(line: str) -> bool:
    """Whether a first line is the head of a message trace."""
    return columns(_cells(line)) is not None


def deliveries(lines: Iterable[str], calendar: Calendar) -> Iterator[Delivery | SkippedLine]:
    """Read rows below a head; a row with several recipients gives several."""
    remaining_lines = iter(lines)
    head = next((line for line in remaining_lines if not line.startswith("#TYPE")), "")
    column_places = columns(_cells(head))
    if column_places is None:
        yield SkippedLine.UNREADABLE
        return
    rows = csv.reader(remaining_lines, delimiter=_delimiter(head))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:  # a field beyond measure: a quote that nobody closed
            yield SkippedLine.UNREADABLE
            continue
        if row:
            yield from _of_row(row, column_places, calendar)


def _of_row(row: Sequence[str], column_places: Columns, calendar: Calendar) -> Iterator[Delivery | SkippedLine]:
    try:
        on = _day(row[column_places.day], calendar)
        recipients, status = (
            row[column_places.recipients],
            None if column_places.status is None else row[column_places.status],
        )
    except (IndexError, ValueError):
        yield SkippedLine.UNREADABLE
        return
    for recipient in filter(None, (part.strip() for part in recipients.split(";"))):
        address, marked, own = recipient.partition("##")
        state = own.rpartition(",")[2] if marked else status
        if state is not None and re.sub(r"[^a-z]", "", state.lower()) not in _GOT_IT:
            yield SkippedLine.OTHER
        else:
            yield Delivery(address, on)


def _day(text: str, calendar: Calendar) -> date:
    if iso := _ISO.match(text):
        return date(*map(int, iso.groups()))
    if dotted := _DOTTED.match(text):
        day, month, year = map(int, dotted.groups())
        return date(year, month, day)
    if slashed := _SLASHED.match(text):
        first, second, year = map(int, slashed.groups())
        if re.search(r"[AP]M", text, re.IGNORECASE):  # a clock of twelve hours: the United States' month first
            return date(year, first, second) if first <= 12 else date(year, second, first)  # noqa: PLR2004 - months
        return calendar.either(first, second, year)
    raise ValueError("no day")


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line.lstrip("\ufeff")], delimiter=_delimiter(line)), [])
    except csv.Error:
        return []
