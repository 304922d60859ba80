"""Commands about the automatic sync of a domain: its switch and its interval."""

from typing import Annotated

import typer

from mailroll import promises
from mailroll.cli.output import OnOff, Output, acting, answers
from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.insight import retries
from mailroll.sync import pace, schedule

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
    found, who = queries.domain(domain), acting()
    if switch is OnOff.OFF:
        schedule.switch_off(found, who)
    elif without_preview:
        schedule.switch_on_unseen(found, who)
    else:
        schedule.switch_on(found, who)
    return _standing(found)


@answers
def interval(domain: str, minutes: Annotated[int, typer.Argument(help=_INTERVAL)]) -> Output:
    """Say how often a domain is synced by itself."""
    found = queries.domain(domain)
    schedule.set_interval(found, minutes, acting())
    return _standing(found)


def _standing(domain: Domain) -> Output:
    seen = schedule.view(domain, acting().now())
    document = {
        "domain": domain.name,
        "automatic": seen.automatic,
        "interval": seen.interval,
        "next_run_at": seen.next_run_at,
        "paused": seen.paused,
        "failures": seen.failures,
        "failing": seen.failing,
        "checks": {"number": seen.checks.number, "last_at": seen.checks.last_at} if seen.checks else None,
    }
    if not seen.automatic:
        return Output(document, f"Off. {domain.name} is synced only when somebody asks for it.")
    if seen.next_run_at is None:
        paused = seen.paused or {}
        return Output(document, f"On, paused. {paused.get('message', '')} {paused.get('help', '')}".rstrip())
    if told := retries.sentence(seen, retries.in_utc):
        return Output(document, f"On. {told}")
    return Output(document, f"On. Runs every {seen.interval} minutes, next at {seen.next_run_at:%Y-%m-%d %H:%M} UTC.")
