"""Everything that the list of alerts shows, put together for one reader."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db.models import QuerySet

from mailroll.accounts import access
from mailroll.accounts.models import Operator, Role
from mailroll.accounts.places import told_apart_among
from mailroll.alerts import alert_list, attention, evaluation
from mailroll.alerts.alert_list import Shown
from mailroll.alerts.attention import Snooze
from mailroll.alerts.causes import Severity
from mailroll.alerts.models import Alert, AlertDelivery
from mailroll.alerts.sentences import AlertWords, describe
from mailroll.console.alerts.forms import AlertSearch
from mailroll.console.tables import Chip, cut_page
from mailroll.console.templatetags.actors import names, said
from mailroll.console.templatetags.words import say_time
from mailroll.directory.models import Domain
from mailroll.reconcile.cells import write_line

PAGE: Final = 25
NAMED: Final = 20
"""Domains of one alert that a list names; its own page names more."""
MARKS: Final[Mapping[Severity, str]] = {
    Severity.URGENT: "failed",
    Severity.DECIDE: "held",
    Severity.IMPORTANT: "attention",
    Severity.SOON: "late",
}
"""The shape of each severity, one of those that there are for how a domain stands."""
COLUMNS: Final = (
    *("alert", "cause", "severity", "what", "meaning", "organization", "domains", "users"),
    *("since", "ended", "snoozed_until", "acknowledged", "acknowledged_by", "note"),
)


@dataclass(frozen=True, slots=True)
class AlertRow:
    alert: Alert
    words: AlertWords
    mark: str
    severity: str
    organization: str
    domains: Sequence[Domain]
    more: int
    """How many domains are not among those named."""
    by: str
    snoozes: Sequence[Snooze]
    asleep: bool
    may_attend: bool

    @property
    def over(self) -> bool:
        return self.alert.ended_at is not None


def compose(operator: Operator, form: AlertSearch, now: datetime) -> dict[str, object]:
    """1. Count by state and severity  2. cut one page out  3. read what is said of it."""
    seen_alerts = alert_list.seen_by(operator)
    alerts = alert_list.matching(seen_alerts, form.text)
    counts = alert_list.counted(alerts, now)
    listed_alerts = alerts.filter(alert_list.in_state(form.shown, now))
    severities = alert_list.by_severity(listed_alerts)
    matching = severities[form.only] if form.only else sum(severities.values())
    page, part = cut_page(matching, form.number, PAGE)
    return {
        "form": form,
        "open": counts[Shown.OPEN] if not form.text else alert_list.counted(seen_alerts, now)[Shown.OPEN],
        "checked_at": evaluation.last_check(),
        "states": [
            Chip("" if state is Shown.OPEN else state, state.words, state is form.shown, counts[state])
            for state in Shown
        ],
        "severities": [
            Chip("", "Every severity", form.only is None),
            *(
                Chip(severity, severity.words, severity is form.only, severities[severity], MARKS[severity])
                for severity in Severity
            ),
        ],
        "rows": rows_of(_fetch(_ordered(listed_alerts, form)[part], form), operator, now),
        "page": page,
        "total": sum(severities.values()),
    }


def rows_of(alerts: Sequence[Alert], operator: Operator, now: datetime, most: int = NAMED) -> list[AlertRow]:
    # A connection may serve organizations of which somebody sees a part: the others are counted, and not named.
    visible = None if access.everywhere(operator) else set(access.organizations(operator).values_list("id", flat=True))
    attends = {shown_alert.organization_id for shown_alert in alerts}
    if not access.everywhere(operator, Role.TECHNICIAN):
        reach = access.organizations_as(operator, Role.TECHNICIAN).filter(id__in=attends)
        attends = set(reach.values_list("id", flat=True))
    domains_by_id = {
        key: domain
        for key, domain in alert_list.domains_of(alerts).items()
        if visible is None or domain.organization_id in visible
    }
    places = told_apart_among([shown_alert.organization for shown_alert in alerts], access.reach(operator))
    actors = names(shown_alert.acknowledged_by for shown_alert in alerts)

    def row(alert: Alert) -> AlertRow:
        domains = sorted(
            (domains_by_id[key] for key in alert.domains if key in domains_by_id), key=lambda domain: domain.name
        )
        until, severity = alert.snoozed_until, Severity(alert.severity)
        return AlertRow(
            alert=alert,
            words=describe(alert, {domain.id: domain.path for domain in domains}, say_time),
            mark=MARKS[severity],
            severity=severity.words,
            organization=places[alert.organization_id],
            domains=domains[:most],
            more=len(alert.domains) - len(domains[:most]),
            by=said(alert.acknowledged_by, operator, actors) if alert.acknowledged_by else "",
            snoozes=attention.choices(alert),
            asleep=alert.snoozed_until_change or (until is not None and until > now),
            may_attend=alert.organization_id in attends and alert.ended_at is None,
        )

    return [row(shown_alert) for shown_alert in alerts]


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom a message about an alert went, or is to go.

    `answer` is empty where the channel is of an organization that the reader does not see: it names its host.
    """

    to: str
    turn: str
    delivery: AlertDelivery
    answer: str


_TURNS: Final = {
    "opened": "New",
    "changed": "Changed",
    "again": "Still there",
    "ended": "Over",
    "open": "In a daily digest",
}
_TOLD: Final = 50


def tellings(alert: Alert, operator: Operator) -> list[Telling]:
    """Who was told of it, the latest first. Colleagues are named to those alone who administer its organization."""
    rows = AlertDelivery.objects.filter(alerts__contains=[alert.id]).select_related("channel__organization", "operator")
    open_to = access.may_settle(operator, alert.organization)
    tellings = []
    for delivery in rows.order_by("-created_at", "id")[:_TOLD]:
        answer = delivery.answer
        if delivery.channel is not None:
            to = delivery.channel.name
            answer = answer if access.may_view(operator, delivery.channel.organization) else ""
        else:
            to = delivery.operator.email if delivery.operator is not None and open_to else "An administrator"
        turns = [_TURNS[event["turn"]] for event in delivery.events if event["alert"] == str(alert.id)]
        tellings.append(Telling(to, ", ".join(turns), delivery, answer))
    return tellings


def lines(operator: Operator, form: AlertSearch, now: datetime) -> Iterator[str]:
    """Write the alerts that the list is narrowed to as CSV, all of its pages; no cell of them is a formula."""
    yield write_line(COLUMNS)
    alerts = alert_list.matching(alert_list.seen_by(operator), form.text).filter(alert_list.in_state(form.shown, now))
    for alert in _ordered(alerts, form).select_related("organization").iterator(chunk_size=500):
        yield write_line(_cells(rows_of([alert], operator, now)[0]))


def _cells(row: AlertRow) -> Iterable[str]:
    alert, words = row.alert, describe(row.alert, {})
    until = "change" if alert.snoozed_until_change else _time(alert.snoozed_until)
    return (
        *(str(alert.id), alert.cause, alert.severity, words.headline, words.meaning, alert.organization.name),
        *(" ".join(domain.name for domain in row.domains), str(alert.users), _time(alert.since)),
        *(_time(alert.ended_at), until, _time(alert.acknowledged_at), alert.acknowledged_by, alert.acknowledged_note),
    )


def _ordered(alerts: "QuerySet[Alert]", form: AlertSearch) -> "QuerySet[Alert]":
    if form.only:
        alerts = alerts.filter(severity=form.only.value)
    return alert_list.in_order(alerts, form.shown)


def _fetch(cut: "QuerySet[Alert]", form: AlertSearch) -> list[Alert]:
    """Read the alerts of one page with their organizations: of all that are sorted the latter would be read as well."""
    rows = Alert.objects.filter(id__in=cut.values("id")).select_related("organization")
    return list(alert_list.in_order(rows, form.shown))


def _time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
