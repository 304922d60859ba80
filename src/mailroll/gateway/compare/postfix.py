"""Lines of Postfix: `to=<...>, orig_to=<...>, relay=..., status=sent`, with either kind of syslog's times."""

import re
from datetime import date
from typing import Final

from mailroll.gateway.compare.delivery import Calendar, Delivery, SkippedLine

MONTHS: Final = {
    name.encode(): number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}

# RFC 3164 (`Nov  9 12:00:00 host`), which maillog_file writes too, or RFC 3339 (`2026-11-09T12:00:00+01:00 host`).
TIME: Final = rb"(?:(?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) \d|(?P<iso>\d{4}-\d\d-\d\d)[T ])"
_ADDRESS = rb'(?:[^<>"\\]|"(?:[^"\\]|\\.)*"|\\.)*'
# `orig_to` is there where an alias rewrote the recipient: it is what the sender used (postfix, src/global/log_adhoc.c).
_SENT = re.compile(
    rb"(?:<\d+>)?" + TIME + rb".*? to=<(?P<to>" + _ADDRESS + rb")>, (?:orig_to=<(?P<orig_to>" + _ADDRESS + rb")>, )?"
    rb"relay=(?P<relay>[^,]*), .*status=sent"
)
# A content filter behind the gateway's back; the message comes again and is delivered then.
_INTERNAL = (b"127.", b"localhost", b"[::1]", b"[127.")


def delivery(line: bytes, calendar: Calendar) -> Delivery | SkippedLine:
    if b"status=sent" not in line or b" to=<" not in line:
        return SkippedLine.OTHER
    match = _SENT.match(line)
    if match is None:
        return SkippedLine.UNREADABLE
    if match["relay"].startswith(_INTERNAL):
        return SkippedLine.INTERNAL
    try:
        recipient = (match["orig_to"] or match["to"]).decode()
        return Delivery(recipient, day(match, calendar))
    except ValueError:
        return SkippedLine.UNREADABLE


def day(match: re.Match[bytes], calendar: Calendar) -> date:
    """Return the day of a match of TIME. Raises ValueError where there is no such day."""
    if match["iso"]:
        return date.fromisoformat(match["iso"].decode())
    month = MONTHS.get(match["month"])
    if month is None:
        raise ValueError("a month has another name")
    return calendar.without_year(month, int(match["day"]))
