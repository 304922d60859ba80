"""Commands about alerts: which there are, and what is done with one."""

from typing import Annotated, Any
from uuid import UUID

import typer

from mailroll.alerts import alert_list, attention, evaluation
from mailroll.alerts.alert_list import Shown
from mailroll.alerts.attention import Snooze
from mailroll.alerts.models import Alert
from mailroll.alerts.sentences import describe
from mailroll.audit import clock
from mailroll.cli.output import Output, acting, answers, table
from mailroll.directory import queries
from mailroll.reconcile.errors import BadInput


@answers
def everything(
    organization: Annotated[str, typer.Option(help="Only those of this organization.")] = "",
    show: Annotated[Shown, typer.Option(help="Which ones.")] = Shown.OPEN,
    check: Annotated[
        bool, typer.Option("--check", help="Look for causes first, as a worker does every minute.")
    ] = False,
) -> Output:
    """List alerts, the most pressing first: what happened, whose mail it is about, and since when."""
    now = clock.now()
    if check:
        evaluation.evaluate(now)
    rows = Alert.objects.filter(alert_list.in_state(show, now)).select_related("organization")
    if organization:
        rows = rows.filter(organization=queries.organization(organization))
    found = list(alert_list.in_order(rows, show))
    names = {key: domain.name for key, domain in alert_list.domains_of(found).items()}
    documents = [_document(one, names) for one in found]
    shown = [
        (
            *(str(one["id"]), one["severity"], one["title"], ", ".join(one["domains"][:3]), one["organization"]),
            one["since"].isoformat(),
        )
        for one in documents
    ]
    heads = ("Alert", "Severity", "What happened", "Domains", "Organization", "Since")
    return Output(documents, table(heads, shown) if shown else "There is none.")


@answers
def snooze(alert: str, length: Annotated[Snooze, typer.Argument(help="For how long.")]) -> Output:
    """Put an alert off. What is urgent can be put off for a day at the most."""
    found = _find(alert)
    until = attention.snooze(found, length, acting())
    said = f"{until:%Y-%m-%d %H:%M} UTC" if until else "it changes"
    return Output(_document(Alert.objects.get(id=found.id), {}), f"Put off until {said}.")


@answers
def acknowledge(alert: str, note: Annotated[str, typer.Option(help="What others need to know.")] = "") -> Output:
    """Say that somebody sees to it."""
    found = _find(alert)
    attention.acknowledge(found, note, acting())
    return Output(_document(Alert.objects.get(id=found.id), {}), "Acknowledged.")


@answers
def reopen(alert: str) -> Output:
    """Take an acknowledgement, and a snooze, back."""
    found = _find(alert)
    attention.reopen(found, acting())
    return Output(_document(Alert.objects.get(id=found.id), {}), "Open again.")


def _find(text: str) -> Alert:
    try:
        found = Alert.objects.filter(id=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise BadInput("alert_unknown", f"There is no alert {text}.", "List them with: mailroll alerts list")
    return found


def _document(alert: Alert, names: dict[UUID, str]) -> dict[str, Any]:
    words = describe(alert, names)
    return {
        "id": alert.id,
        "cause": alert.cause,
        "severity": alert.severity,
        "title": words.told,
        "meaning": words.meaning,
        "organization": alert.organization.name,
        "domains": sorted(names[key] for key in alert.domains if key in names),
        "users": alert.users,
        "since": alert.since,
        "ended_at": alert.ended_at,
        "snoozed_until": "change" if alert.snoozed_until_change else alert.snoozed_until,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
        "note": alert.acknowledged_note,
    }
