"""Runs and sources in words: states, triggers, what was done and what would be."""

from typing import Any

from django.http import QueryDict
from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mailroll.audit import clock
from mailroll.connections.models import Source
from mailroll.connectors.words import parted
from mailroll.console.addresses import address
from mailroll.console.connect import connection_view
from mailroll.console.runs import held_sentence
from mailroll.console.templatetags.marks import icon, pill, status
from mailroll.console.templatetags.words import day_of, say_next, when
from mailroll.directory.models import Domain
from mailroll.insight import retries as told_of_failures
from mailroll.insight import run_queries
from mailroll.insight.actions import Sign, number
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.schedules import schedule

register = Library()

_STATES = {
    RunState.READING: ("running", "Reading"),
    RunState.APPLYING: ("running", "Applying"),
    RunState.PLANNED: ("info", "Waiting"),
    RunState.HELD: ("held", "Held"),
    RunState.APPLIED: ("ok", "Applied"),
    RunState.UNCHANGED: ("ok", "No change"),
    RunState.FAILED: ("failed", "Failed"),
    RunState.SUPERSEDED: ("off", "Overtaken"),
    RunState.DISCARDED: ("off", "Discarded"),
    RunState.LAPSED: ("off", "Lapsed"),
    RunState.CANCELLED: ("off", "Cancelled"),
}
_TRIGGERS = {
    Trigger.PREVIEW: "preview",
    Trigger.MANUAL: "Sync & Save",
    Trigger.AUTOMATIC: "automatic",
    Trigger.HELD: "removals that wait",
    Trigger.IMPORT: "import",
}
_CALLED = {
    Trigger.PREVIEW: "Sync & Save of a preview",
    Trigger.MANUAL: "Sync & Save",
    Trigger.AUTOMATIC: "Automatic run",
    Trigger.HELD: "Release",
    Trigger.IMPORT: "Import",
}
_HOUR = 60
_DAY = 24 * _HOUR


@register.simple_tag
def run_mark(run: Run, why: bool = True) -> SafeString:  # noqa: FBT001, FBT002 - said in a template
    """Say how a run ended, or stands: a shape and words; `why` it failed where the page does not say that already."""
    now = clock.shown()
    over = run_queries.over(run, now)
    state, words = _STATES[RunState.LAPSED if over else RunState(run.state)]
    if run.state == RunState.FAILED and run.error and why:
        words = f"Failed: {parted(run.error['message'])[0]}"
    elif run.trigger == Trigger.PREVIEW and not run.took_effect:
        words = f"Preview, {words[0].lower()}{words[1:]}"
    elif run.decision_reason and run.state in {RunState.APPLIED, RunState.UNCHANGED}:
        words = "Released and applied" if run.state == RunState.APPLIED else "Released, and all are still there"
    elif run.state == RunState.HELD and not over:
        words = f"Held: {held_sentence.counted(run)}".removesuffix(": ")
    elif run.state == RunState.APPLIED and run.waits is not None and not run_queries.over(run.waits, now):
        state, words = "held", "Applied, removals held"
    return status(state, words)


@register.simple_tag
def run_pill(run: Run) -> SafeString:
    """Say the same beside an h1, shortly."""
    return pill(*_STATES[RunState(run.state)])


@register.filter
def trigger_word(trigger: str) -> str:
    return _TRIGGERS[Trigger(trigger)]


@register.filter
def called(run: Run) -> str:
    """What a run is, as its page and every list call it: a preview until it took effect, a release once it was one."""
    if run.took_effect:
        return _CALLED[Trigger(run.trigger)]
    if run.trigger == Trigger.HELD:
        return "Held changes" if run_queries.held_whole(run) else "Held removals"
    return _TRIGGERS[Trigger(run.trigger)].capitalize()


@register.filter
def took(run: Run) -> str:
    """How long a run worked; nothing where it has not ended, or waited for a person in between."""
    seconds = sum(float(spent) for spent in run.timings.values())
    if not seconds:
        return ""
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:,.0f} s"  # noqa: PLR2004 - one place below ten


@register.filter
def interval(minutes: int) -> str:
    """“hour”, “15 minutes”: what stands after “every”."""
    if minutes == _HOUR:
        return "hour"
    if minutes % _DAY == 0:
        days = minutes // _DAY
        return "day" if days == 1 else f"{days} days"
    if minutes % _HOUR == 0:
        return f"{minutes // _HOUR} hours"
    return f"{minutes} minutes"


@register.filter
def next_time(at: Any) -> str | SafeString:
    """“at 10:02”, or with the day where that is not today."""
    if at is None:
        return "soon"
    return say_next(at) if day_of(at) == "today" else when(at)


@register.simple_tag
def retrying(auto: schedule.View, why: bool = True) -> str:  # noqa: FBT001, FBT002 - said in a template
    """Say when the next try comes, and how many failed in a row; nothing where none did."""
    return told_of_failures.sentence(auto, say_next, with_reason=why)


@register.filter
def added(run: Run) -> int:
    return number(run.counts, Sign.ADD, Sign.RESTORE)


@register.filter
def created(run: Run) -> int:
    return number(run.counts, Sign.ADD)


@register.filter
def updated(run: Run) -> int:
    return number(run.counts, Sign.CHANGE)


@register.filter
def removed(run: Run) -> int:
    return number(run.counts, Sign.REMOVE)


@register.filter
def to_do(run: Run) -> str:
    """“9 to add, 4 to change, 3 to remove, 1 to restore”; what is none is left out."""
    parts = ((number(run.counts, sign), sign) for sign in (Sign.ADD, Sign.CHANGE, Sign.REMOVE, Sign.RESTORE))
    return ", ".join(f"{count:,} to {sign}" for count, sign in parts if count)


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def of(query: QueryDict, name: str) -> str:
    return query.get(name, "")


@register.simple_tag
def back_to_sync(domain: Domain) -> SafeString:
    back = address("console:user-sync", domain.path)
    return format_html('<a class="back" href="{}">{}User Sync of {}</a>', back, icon("left"), domain.name)


@register.inclusion_tag("console/sync/source_tabs.html", takes_context=True)
def source_tabs(context: Context, source: Source) -> dict[str, Any]:
    """The pages on which a source is edited."""
    path = context["request"].path
    pages = (("Source", "source"), ("Filters", "source-filters"), ("Destination", "source-destination"))
    links = [(words, _of_source(name, source)) for words, name in pages]
    return {"tabs": [(words, url, url == path) for words, url in links], "source": source}


@register.simple_tag
def source_badge(source: Source) -> SafeString:
    """Say how a source stands, in the same words on every page of it."""
    return pill(*connection_view.badge(source, clock.now()))


@register.simple_tag
def source_editor(source: Source) -> str:
    return _of_source("source", source)


def _of_source(name: str, source: Source) -> str:
    return address(f"console:{name}", source.domain.path, source.owner_id)
