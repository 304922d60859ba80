"""Commands about the automatic sync of a domain: its switch and its interval."""

from typing import Annotated

import typer

from mailroll import promises
from mailroll.cli.output import OnOff, Output, acting, answers
from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.insight import retries
from mailroll.sync.schedules import pace, schedule

_INTERVAL = (
    f"From {pace.minutes(pace.SHORTEST)} to {pace.minutes(pace.LONGEST)}, which is {promises.in_words(pace.LONGEST)}."
)


@answers
def automatic(
    domain: str,
    switch: OnOff,
    without_preview: Annotated[
        bool,
        typer.Option("--without-preview", help="Although nobody looked at a preview; the audit trail says so."),
    ] = False,
) -> Output:
    """Sync a domain by itself, or no longer."""
    row, actor = queries.domain(domain), acting()
    if switch is OnOff.OFF:
        schedule.switch_off(row, actor)
    elif without_preview:
        schedule.switch_on_unseen(row, actor)
    else:
        schedule.switch_on(row, actor)
    return _standing(row)


@answers
def interval(domain: str, minutes: Annotated[int, typer.Argument(help=_INTERVAL)]) -> Output:
    """Say how often a domain is synced by itself."""
    row = queries.domain(domain)
    schedule.set_interval(row, minutes, acting())
    return _standing(row)


def _standing(domain: Domain) -> Output:
    view = schedule.view(domain, acting().now())
    document = {
        "domain": domain.name,
        "automatic": view.automatic,
        "interval": view.interval,
        "next_run_at": view.next_run_at,
        "paused": view.paused,
        "failures": view.failures,
        "failing": view.failing,
        "checks": {"number": view.checks.number, "last_at": view.checks.last_at} if view.checks else None,
    }
    if not view.automatic:
        return Output(document, f"Off. {domain.name} is synced only when somebody asks for it.")
    if view.next_run_at is None:
        paused = view.paused or {}
        says = " ".join(filter(None, (paused.get("message"), paused.get("help"))))
        onwards = f"Nothing is tried by itself: once it is mended, mailroll sync {domain.name}."
        return Output(document, f"On, paused. {says} {onwards}")
    if sentence := retries.sentence(view, retries.in_utc):
        return Output(document, f"On. {sentence}")
    return Output(document, f"On. Runs every {view.interval} minutes, next at {view.next_run_at:%Y-%m-%d %H:%M} UTC.")
