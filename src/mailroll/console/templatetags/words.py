"""Words: times in the reader's zone, numbers, and the sentences of reasons and findings."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.template import Library
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from mailroll import promises
from mailroll.accounts.models import Operator
from mailroll.audit import clock
from mailroll.connectors.words import parted, sentence
from mailroll.reconcile import storage
from mailroll.reconcile.reasons import Reason

register = Library()

_UTC = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC", re.ASCII)
MINUS = "\N{MINUS SIGN}"
_HOUR = 60
_DAY = 24 * _HOUR
_HOURS_WITH_DAYS = 2 * _DAY


@register.simple_tag
def promise(name: str) -> str:
    """Tell a time that is promised, by its name in `promises`."""
    return promises.in_words(getattr(promises, name))


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """“today 09:02”, “yesterday 17:40”, “20 Nov 09:02”; the year only if it is another."""
    if moment is None:
        return "Never"
    return _time(moment, say_time(moment))


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """The shorter form for tables: today's by its time, others by their day."""
    if at is None:
        return "Never"
    local = timezone.localtime(at)
    day = _day(local)
    return _time(at, f"{local:%H:%M}" if day == "today" else day)


@register.filter
def day(at: datetime | None) -> SafeString | str:
    return "Never" if at is None else _time(at, day_of(at))


@register.filter
def calendar(on: date) -> str:
    """Name a day of the calendar; the year only if it is another."""
    return f"{on.day} {on:%b}" if on.year == timezone.localtime(clock.shown()).year else f"{on.day} {on:%b} {on.year}"


@register.filter
def age(at: datetime | None) -> SafeString | str:
    """How long ago: “12 min”, “6 h 12 min”, “11 days”."""
    return "None" if at is None else _time(at, span(clock.shown() - at))


@register.filter
def ahead(at: datetime | None) -> SafeString | str:
    """How long until then: “in 48 min”; “now” where it is due."""
    if at is None:
        return ""
    left = at - clock.shown()
    return _time(at, "now" if left <= timedelta(0) else f"in {span(left)}")


def day_of(at: datetime) -> str:
    return _day(timezone.localtime(at))


def _day(local: datetime) -> str:
    """Name the day of a time in the reader's zone."""
    today = clock.shown().astimezone(local.tzinfo)
    match (today.date() - local.date()).days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case -1:
            return "tomorrow"
        case _:
            return f"{local.day} {local:%b}" + (f" {local.year}" if local.year != today.year else "")


def say_time(at: datetime) -> str:
    """Say a time without its mark, for a sentence or a field."""
    local = timezone.localtime(at)
    return f"{_day(local)} {local:%H:%M}"


def say_next(at: datetime) -> str:
    """“at 10:02”, or with the day where that is not today."""
    return f"at {timezone.localtime(at):%H:%M}" if day_of(at) == "today" else say_time(at)


def span(length: timedelta) -> str:
    """A length of time in the two largest units that matter; seconds only below a minute."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return f"{max(0, int(length.total_seconds()))} s"
    if minutes < _HOUR:
        return f"{minutes} min"
    if minutes < _HOURS_WITH_DAYS:
        hours, rest = divmod(minutes, _HOUR)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes // _DAY} days"


def _time(at: datetime, words: str) -> SafeString:
    iso = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    # A list has some hundred of them: `format_html` would look at each part by itself.
    return SafeString(f'<time datetime="{iso}" title="{iso}">{escape(words)}</time>')


@register.filter
def grouped(number: int | None) -> str:
    """1204 as “1,204”."""
    return "" if number is None else f"{number:,}".replace("-", MINUS)


@register.filter
def signed(number: int) -> str:
    """A difference: +7, or 1 with a true minus, and nothing for none."""
    return f"{number:+,}".replace("-", MINUS) if number else ""


@register.filter
def reason(reason_or_json: Reason | Mapping[str, storage.Json]) -> str:
    """Say a reason of a plan, whether as a value or as the row keeps it."""
    plan_reason = (
        reason_or_json if isinstance(reason_or_json, Reason) else storage.reasons_from_json([reason_or_json])[0]
    )
    return sentence(plan_reason)


def in_local_time(text: str) -> str:
    """Say the times of a stored sentence as the rest of its page does; it was written before anybody read it."""

    def local(match: re.Match[str]) -> str:
        try:
            at = datetime.strptime(match[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        except ValueError:
            return match[0]
        return say_time(at)

    return _UTC.sub(local, text)


@register.filter
def without_numbers(message: str) -> str:
    """What an error says, without the numbers that its page has behind Details."""
    return parted(message)[0]


@register.filter
def fingers(digest: str) -> str:
    """The first eight places of a plan's digest, in two groups that a person can compare."""
    return f"{digest[:4]} {digest[4:8]}"


@register.filter
def initials(person: Operator) -> str:
    """Up to two letters for the disc beside the name."""
    words = person.name.split() or [person.email]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
