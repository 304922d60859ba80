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
    alerts = list(alert_list.in_order(rows, show))
    names = {key: domain.name for key, domain in alert_list.domains_of(alerts).items()}
    documents = [_document(alert, names) for alert in alerts]
    table_rows = [
        (
            *(
                str(document["id"]),
                document["severity"],
                document["title"],
                ", ".join(document["domains"][:3]),
                document["organization"],
            ),
            document["since"].isoformat(),
        )
        for document in documents
    ]
    heads = ("Alert", "Severity", "What happened", "Domains", "Organization", "Since")
    return Output(documents, table(heads, table_rows) if table_rows else "There is none.")


@answers
def snooze(alert: str, length: Annotated[Snooze, typer.Argument(help="For how long.")]) -> Output:
    """Put an alert off. What is urgent can be put off for a day at the most."""
    row = _find(alert)
    until = attention.snooze(row, length, acting())
    said = f"{until:%Y-%m-%d %H:%M} UTC" if until else "it changes"
    return Output(_document(Alert.objects.get(id=row.id), {}), f"Put off until {said}.")


@answers
def acknowledge(alert: str, note: Annotated[str, typer.Option(help="What others need to know.")] = "") -> Output:
    """Say that somebody sees to it."""
    row = _find(alert)
    attention.acknowledge(row, note, acting())
    return Output(_document(Alert.objects.get(id=row.id), {}), "Acknowledged.")


@answers
def reopen(alert: str) -> Output:
    """Take an acknowledgement, and a snooze, back."""
    row = _find(alert)
    attention.reopen(row, acting())
    return Output(_document(Alert.objects.get(id=row.id), {}), "Open again.")


def _find(text: str) -> Alert:
    try:
        alert = Alert.objects.filter(id=UUID(text)).first()
    except ValueError:
        alert = None
    if alert is None:
        raise BadInput("alert_unknown", f"There is no alert {text}.", "List them with: mailroll alerts list")
    return alert


def _document(alert: Alert, names: dict[UUID, str]) -> dict[str, Any]:
    words = describe(alert, names)
    return {
        "id": alert.id,
        "cause": alert.cause,
        "severity": alert.severity,
        "title": words.headline,
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
