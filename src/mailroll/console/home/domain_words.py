"""How a domain stands, in the words of a page: a mark with its words, the next run, and what is asked of a person."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from mailroll.audit import clock
from mailroll.connectors.words import finding_sentence
from mailroll.connectors.words import headline as headline_of
from mailroll.console.runs import held_sentence
from mailroll.console.templatetags.words import day_of, say_time, span
from mailroll.insight import run_queries
from mailroll.insight.overview import Cause, Health, ShownStanding
from mailroll.insight.why import readings
from mailroll.sync.models import Trigger


@dataclass(frozen=True, slots=True)
class Item:
    """What is asked of a person: what is wrong, what it means for mail, and one way to the cure."""

    state: str
    headline: str
    consequence: str
    action: str
    url: str


def words(one: ShownStanding) -> str:
    """Say in a few words what stands beside the mark."""
    match one.cause:
        case Cause.NO_ACCESS:
            # Automatic runs end with the first that is refused; what people try later tells no beginning.
            first = one.run if one.run is not None and one.run.trigger == Trigger.AUTOMATIC else None
            return f"No access since {at(first.started_at)}" if first else "No access"
        case Cause.FAILED:
            return "Last run failed"
        case Cause.HELD:
            return f"Held: {held_sentence.counted(one.run)}".removesuffix(": ") if one.run else "Held"
        case Cause.DOUBT:
            return "Last reading in doubt"
        case Cause.PERMISSION:
            return "A permission is missing" if len(one.permissions) < 2 else "Permissions are missing"  # noqa: PLR2004 - one
        case Cause.CREDENTIAL:
            return _credential_ends(one)
        case Cause.LATE:
            return "Run is late"
        case None:
            return _quiet(one)


def _quiet(one: ShownStanding) -> str:
    match one.health:
        case Health.RUNNING:
            return "Sync running"
        case Health.OFF:
            return "Automatic off" if one.domain.has_source else _without_source(one)
        case Health.BEGIN if one.domain.proved_at is None:
            return "Not proved yet"
        case Health.BEGIN:
            return "Not synced yet" if one.previewed else "No preview yet" if one.sources else "No source yet"
        case _:
            return "Healthy"


def _without_source(one: ShownStanding) -> str:
    """Say why nothing is read: one that waits to be connected is off, too."""
    return "No source is on" if one.sources else "No source"


def next_run(one: ShownStanding) -> str:
    if one.health is Health.RUNNING:
        return "Now"
    kept = one.schedule
    if kept is None or not kept.automatic or kept.next_run_at is None:
        return "Off"
    if kept.paused is not None:
        return "Paused"
    if not one.domain.has_source:
        return _without_source(one)
    if one.cause is Cause.LATE:
        return "Late"
    if one.cause is Cause.HELD and not _goes_on(one) and _for_release(one):
        return "Waits for you"
    return at(kept.next_run_at)


def item(one: ShownStanding) -> Item | None:
    """What needs a person, or None where nothing does."""
    tab = reverse("console:domain", args=[one.domain.path])
    state = one.health.value
    match one.cause:
        case None:
            return None
        case Cause.NO_ACCESS:
            message = (one.schedule.paused or {}).get("message", "") if one.schedule else ""
            headline = headline_of(message) or "Microsoft 365 refuses access"
            return Item(state, headline, f"Runs are paused. {_in_use(one)}", "Reconnect", tab)
        case Cause.FAILED:
            message = (one.run.error or {}).get("message", "") if one.run else ""
            return Item(state, headline_of(message) or "The last run failed", _in_use(one), "Look", _run(one) or tab)
        case Cause.HELD:
            return Item(
                state, held_sentence.sentence(one.run) if one.run else "", _until(one), "Review", _run(one) or tab
            )
        case Cause.DOUBT:
            doubt = readings.pressing_doubt(one.run) if one.run else None
            headline = finding_sentence(doubt).partition(". ")[0] if doubt else "The last reading is in doubt"
            return Item(state, headline_of(headline), _in_use(one), "Look", _run(one) or tab)
        case Cause.PERMISSION:
            consequence = "What it is for cannot be read until it is granted. Mail is accepted as before."
            names = ", ".join(one.permissions) or "a permission that is needed"
            return Item(state, f"Microsoft 365 does not grant {names}", consequence, "Look", tab)
        case Cause.CREDENTIAL:
            return Item(state, _credential_ends(one), f"When it ends, sync stops. {_in_use(one)}", "Renew", tab)
        case Cause.LATE:
            return Item(state, "A run is late", f"No worker has taken it up. {_in_use(one)}", "Look", tab)


def _goes_on(one: ShownStanding) -> bool:
    """Whether only what takes away waits, and runs go on without it."""
    return one.run is not None and not run_queries.held_as_plan(one.run)


def at(moment: datetime) -> str:
    """Give a time today by its hour, another by its day."""
    day = day_of(moment)
    return f"{timezone.localtime(moment):%H:%M}" if day == "today" else day


def _for_release(one: ShownStanding) -> bool:
    return one.run is not None and run_queries.for_release(one.run)


def _until(one: ShownStanding) -> str:
    nothing = "Nothing was changed"
    if _goes_on(one):
        nothing = "Nobody was removed" if one.removals else "No address was taken away"
    end = one.run.valid_until if one.run else None
    decide = f" Decide before {say_time(end)}." if end else ""
    if not _for_release(one):
        decide = " Mend what it names, then read again."
    return f"{nothing}, mail is accepted as before.{decide}"


def _credential_ends(one: ShownStanding) -> str:
    if one.ends_at is None:
        return "The credential ends"
    left = one.ends_at - clock.shown()
    return f"Credential ends in {span(left)}" if left.total_seconds() > 0 else "Credential has ended"


def _in_use(one: ShownStanding) -> str:
    if not one.domain.has_source:
        return "The list stays as it is."
    if one.read_at is None:
        return "There is no list yet."
    return f"The list of {say_time(one.read_at)} stays in use."


def _run(one: ShownStanding) -> str | None:
    return reverse("console:run", args=[one.domain.path, one.run.id]) if one.run else None
