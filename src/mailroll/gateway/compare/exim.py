"""Lines of Exim's main log: `=>`, `->` and `>>` say that somebody got a message (its specification, chapter 53)."""

import re
from datetime import date

from mailroll.gateway.compare.delivery import Calendar, Delivery, SkippedLine

# The id has 16 characters, or 23 since Exim 4.97. What stands between the arrow and the first field such as `R=` is the
# address; where it was rewritten, the one that the sender used comes last, in angle brackets.
_DELIVERED = re.compile(
    rb"(?P<day>\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d[.\d]* (?:[-+]\d{4} )?(?:\[\d+\] )?"
    rb"[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4} (?:=>|->|>>) (?P<to>.*?) [A-Z]{1,3}="
)
_ORIGINAL = re.compile(rb"<([^<>\s]+@[^<>\s]+)>$")
_ARROWS = (b" => ", b" -> ", b" >> ")


def delivery(line: bytes, _calendar: Calendar) -> Delivery | SkippedLine:
    if not any(arrow in line for arrow in _ARROWS):
        return SkippedLine.OTHER
    match = _DELIVERED.search(line)
    if match is None:
        return SkippedLine.OTHER
    original = _ORIGINAL.search(match["to"])
    try:
        recipient = (original[1] if original else match["to"].split(b" ", 1)[0]).decode()
        return Delivery(recipient, date.fromisoformat(match["day"].decode()))
    except ValueError:
        return SkippedLine.UNREADABLE
