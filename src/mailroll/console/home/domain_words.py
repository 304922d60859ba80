"""How a domain stands, in the words of a page: a mark with its words, the next run, and what is asked of a person."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from mailroll.audit import clock
from mailroll.connectors.words import finding_sentence
from mailroll.connectors.words import headline as headline_of
from mailroll.console.addresses import address
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


def words(standing: ShownStanding) -> str:
    """Say in a few words what stands beside the mark."""
    match standing.cause:
        case Cause.NO_ACCESS:
            # Automatic runs end with the first that is refused; what people try later tells no beginning.
            first = standing.run if standing.run is not None and standing.run.trigger == Trigger.AUTOMATIC else None
            return f"No access since {at(first.started_at)}" if first else "No access"
        case Cause.FAILED:
            return "Last run failed"
        case Cause.HELD:
            return f"Held: {held_sentence.counted(standing.run)}".removesuffix(": ") if standing.run else "Held"
        case Cause.DOUBT:
            return "Last reading in doubt"
        case Cause.PERMISSION:
            return "A permission is missing" if len(standing.permissions) < 2 else "Permissions are missing"  # noqa: PLR2004 - one
        case Cause.CREDENTIAL:
            return _credential_ends(standing)
        case Cause.LATE:
            return "Run is late"
        case None:
            return _quiet(standing)


def _quiet(standing: ShownStanding) -> str:
    match standing.health:
        case Health.RUNNING:
            return "Sync running"
        case Health.OFF:
            return "Automatic off" if standing.domain.has_source else _without_source(standing)
        case Health.BEGIN if standing.domain.proved_at is None:
            return "Not proved yet"
        case Health.BEGIN:
            return "Not synced yet" if standing.previewed else "No preview yet" if standing.sources else "No source yet"
        case _:
            return "Healthy"


def _without_source(standing: ShownStanding) -> str:
    """Say why nothing is read: one that waits to be connected is off, too."""
    return "No source is on" if standing.sources else "No source"


def next_run(standing: ShownStanding) -> str:
    if standing.health is Health.RUNNING:
        return "Now"
    schedule = standing.schedule
    if schedule is None or not schedule.automatic or schedule.next_run_at is None:
        return "Off"
    if schedule.paused is not None:
        return "Paused"
    if not standing.domain.has_source:
        return _without_source(standing)
    if standing.cause is Cause.LATE:
        return "Late"
    if standing.cause is Cause.HELD and not _goes_on(standing) and _for_release(standing):
        return "Waits for you"
    return at(schedule.next_run_at)


def item(standing: ShownStanding) -> Item | None:
    """What needs a person, or None where nothing does."""
    tab = address("console:domain", standing.domain.path)
    state = standing.health.value
    match standing.cause:
        case None:
            return None
        case Cause.NO_ACCESS:
            message = (standing.schedule.paused or {}).get("message", "") if standing.schedule else ""
            headline = headline_of(message) or "Microsoft 365 refuses access"
            return Item(state, headline, f"Runs are paused. {_in_use(standing)}", "Reconnect", tab)
        case Cause.FAILED:
            message = (standing.run.error or {}).get("message", "") if standing.run else ""
            return Item(
                state, headline_of(message) or "The last run failed", _in_use(standing), "Look", _run(standing) or tab
            )
        case Cause.HELD:
            return Item(
                state,
                held_sentence.sentence(standing.run) if standing.run else "",
                _until(standing),
                "Review",
                _run(standing) or tab,
            )
        case Cause.DOUBT:
            doubt = readings.pressing_doubt(standing.run) if standing.run else None
            headline = finding_sentence(doubt).partition(". ")[0] if doubt else "The last reading is in doubt"
            return Item(state, headline_of(headline), _in_use(standing), "Look", _run(standing) or tab)
        case Cause.PERMISSION:
            consequence = "What it is for cannot be read until it is granted. Mail is accepted as before."
            names = ", ".join(standing.permissions) or "a permission that is needed"
            return Item(state, f"Microsoft 365 does not grant {names}", consequence, "Look", tab)
        case Cause.CREDENTIAL:
            return Item(
                state, _credential_ends(standing), f"When it ends, sync stops. {_in_use(standing)}", "Renew", tab
            )
        case Cause.LATE:
            return Item(state, "A run is late", f"No worker has taken it up. {_in_use(standing)}", "Look", tab)


def _goes_on(standing: ShownStanding) -> bool:
    """Whether only what takes away waits, and runs go on without it."""
    return standing.run is not None and not run_queries.held_as_plan(standing.run)


def at(moment: datetime) -> str:
    """Give a time today by its hour, another by its day."""
    day = day_of(moment)
    return f"{timezone.localtime(moment):%H:%M}" if day == "today" else day


def _for_release(standing: ShownStanding) -> bool:
    return standing.run is not None and run_queries.for_release(standing.run)


def _until(standing: ShownStanding) -> str:
    nothing = "Nothing was changed"
    if _goes_on(standing):
        nothing = "Nobody was removed" if standing.removals else "No address was taken away"
    end = standing.run.valid_until if standing.run else None
    decide = f" Decide before {say_time(end)}." if end else ""
    if not _for_release(standing):
        decide = " Mend what it names, then read again."
    return f"{nothing}, mail is accepted as before.{decide}"


def _credential_ends(standing: ShownStanding) -> str:
    if standing.ends_at is None:
        return "The credential ends"
    left = standing.ends_at - clock.shown()
    return f"Credential ends in {span(left)}" if left.total_seconds() > 0 else "Credential has ended"


def _in_use(standing: ShownStanding) -> str:
    if not standing.domain.has_source:
        return "The list stays as it is."
    if standing.read_at is None:
        return "There is no list yet."
    return f"The list of {say_time(standing.read_at)} stays in use."


def _run(standing: ShownStanding) -> str | None:
    return address("console:run", standing.domain.path, standing.run.id) if standing.run else None
