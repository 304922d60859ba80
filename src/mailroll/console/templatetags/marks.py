"""Marks: a shape and a word, always both, so that no state is told by colour alone."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.contrib.messages.storage.base import Message
from django.template import Library
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from mailroll.connectors.words import parted
from mailroll.console import explanation, strip
from mailroll.insight.actions import LOOKS, Sign
from mailroll.reconcile.model import Kind
from mailroll.reconcile.plan import Action

register = Library()

_STATUSES = {
    "ok": "Healthy",
    "running": "Running",
    "held": "Held",
    "attention": "Attention",
    "late": "Late",
    "failed": "Failed",
    "off": "Automatic off",
    "begin": "No preview yet",
    "info": "Note",
}
_SIGNS = {**{sign.value: sign.capitalize() for sign in Sign}, "skip": "Skip", "same": "No change"}
_DONE = {**{sign.value: sign.done for sign in Sign}, "skip": "skipped"}
_KINDS: Mapping[str, tuple[str, str]] = {
    Kind.USER: ("user", "User"),
    Kind.SHARED: ("shared", "Shared"),
    Kind.ROOM: ("room", "Room"),
    Kind.EQUIPMENT: ("equipment", "Equipment"),
    Kind.LINKED: ("user", "Linked"),
    Kind.OTHERS: ("user", "Other"),
    Kind.SHARED_OR_RESOURCE: ("shared", "Shared or resource"),
    Kind.UNLICENSED: ("unlicensed", "Unlicensed"),
    Kind.AGENT: ("agent", "Agent"),
    Kind.GROUP: ("group", "Group"),
    Kind.CONTACT: ("contact", "Contact"),
    Kind.STATIC: ("static", "Static"),
}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A mark without a word; the word stands beside it, or names the button it is in.

    A long page has hundreds of some twenty.
    """
    drawings = static("console/icons.svg")
    return format_html(
        '<svg class="icon icon-{}" width="16" height="16" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        name,
        drawings,
        name,
    )


@register.simple_tag
def status(state: str, words: str = "") -> SafeString:
    """Say how something stands: ok, running, held, attention, late, failed, off or begin."""
    return format_html(
        '<span class="status is-{}">{}<span>{}</span></span>', state, icon(state), words or _STATUSES[state]
    )


@register.simple_tag
def pill(state: str, words: str = "") -> SafeString:
    """Say the same beside an h1."""
    return format_html(
        '<span class="pill is-{}">{}<span>{}</span></span>', state, icon(state), words or _STATUSES[state]
    )


@register.simple_tag
def sign(change: str) -> SafeString:
    """Name what a run does to a user; takes an action of a plan or a sign's own name."""
    name = sign_of(change)
    return format_html('<span class="sign sign-{}">{}<span>{}</span></span>', name, icon(name), _SIGNS[name])


@register.simple_tag
def counted(change: str, number: int) -> SafeString:
    """Count what a run did to users: “2 added”. A zero is grey."""
    name = sign_of(change)
    return format_html(
        '<span class="sign sign-{}{}">{}<span>{} {}</span></span>',
        name,
        "" if number else " zero",
        icon(name),
        f"{number:,}",
        _DONE[name],
    )


def sign_of(change: str) -> str:
    return change if change in _SIGNS else LOOKS[Action(change)].sign.value


@register.simple_tag
def kind(value: str) -> SafeString:
    name, words = kind_of(value)
    return format_html('<span class="kind">{}<span>{}</span></span>', icon(name), words)


def kind_of(value: str) -> tuple[str, str]:
    return _KINDS[value]


@register.simple_tag
def runstrip(bars: Sequence[strip.Bar], of: str = "") -> SafeString:
    """Draw one bar a run, with a sentence for those who do not see them."""
    return format_html(
        '<svg class="strip" role="img" aria-label="{}" width="{w}" height="{h}" viewBox="0 0 {w} {h}">{}</svg>',
        strip.say(bars, of),
        _drawn(strip.draw(bars)),
        w=strip.width(bars),
        h=strip.HEIGHT,
    )


@register.simple_tag
def runstrip_legend() -> SafeString:
    svg = '<li><svg class="strip" aria-hidden="true" width="5" height="22" viewBox="0 0 5 22">{}</svg>{}</li>'
    entries = format_html_join("", svg, ((_drawn(drawn), words) for drawn, words in strip.LEGEND))
    return format_html('<ul class="legend">{}</ul>', entries)


def _drawn(shapes: Iterable[strip.Shape]) -> SafeString:
    # A page of home has a thousand of these: a template of its own for each strip took most of the page's time.
    return SafeString("".join(map(_shape, shapes)))


def _shape(shape: strip.Shape) -> str:
    if shape.path:
        return f'<path class="bar-{shape.look}" d="{shape.path}"/>'
    if shape.points:
        return f'<polygon class="bar-{shape.look}" points="{shape.points}"/>'
    title = f"<title>{escape(shape.title)}</title>" if shape.title else ""
    at = f'x="{shape.x}" y="{shape.y}" width="{shape.width}" height="{shape.height}"'
    return f'<rect class="bar-{shape.look}" {at} rx="1">{title}</rect>'


@register.inclusion_tag("console/marks/fault.html")
def fault(error: Mapping[str, str], then: str = "") -> dict[str, str]:
    """Say an error (code, message, help) in words first; what a directory's support asks for stands behind Details."""
    said, trail = parted(error["message"])
    return {
        "said": said,
        "help": error.get("help", ""),
        "then": then,
        "code": error["code"],
        "page": explanation.page_of(error["code"]),
        "trail": trail,
    }


@register.simple_tag
def about(code: str) -> SafeString:
    """Lead to what the documentation says of a code; nothing where there is none."""
    if not code:
        return SafeString("")
    return format_html('<a href="{}">What {} means</a>', explanation.page_of(code), code)


@register.simple_tag
def about_message(message: Message) -> SafeString:
    """Lead to what the documentation says of the error that a message tells."""
    return about(explanation.code_of(message.extra_tags or ""))


@register.simple_tag
def before_after(before: object, after: object) -> SafeString:
    """Show a change: what it was, struck, and what it is."""
    return format_html(
        '<span class="change"><span class="unseen">from </span><del>{}</del> {} '
        '<span class="unseen">to </span><ins>{}</ins></span>',
        before,
        icon("right"),
        after,
    )
