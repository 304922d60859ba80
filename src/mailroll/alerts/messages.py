"""What a message says: the events of a delivery, put into words when it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from mailroll.accounts import installation
from mailroll.alerts import alert_list
from mailroll.alerts.causes import Severity, Turn
from mailroll.alerts.models import Alert, AlertDelivery
from mailroll.alerts.sentences import AlertWords, Say, describe, utc

_NAMED: Final = 3
_SENT: Final = 100
"""Domains of one alert that a webhook names."""


@dataclass(frozen=True, slots=True)
class Told:
    """One alert of a message, and what has become of it."""

    alert: Alert
    turn: Turn
    words: AlertWords
    domains: Sequence[str]

    @property
    def urgent(self) -> bool:
        return self.alert.severity == Severity.URGENT

    @property
    def whose(self) -> str:
        """The domains, the organization, and how many users they have."""
        place, number = self.alert.organization.name, len(self.alert.domains)
        if not number:
            return place
        more = f" and {number - _NAMED:,} more" if number > _NAMED else ""
        return f"{', '.join(self.domains[:_NAMED])}{more} of {place}, {self.alert.users:,} users"

    @property
    def url(self) -> str:
        return installation.settings().console_url + reverse("console:alert", args=[self.alert.id])

    @property
    def line(self) -> str:
        """All of it in plain text, for a service."""
        severity = Severity(self.alert.severity).words
        head = f"{'Over' if self.turn is Turn.ENDED else severity}: {self.words.headline}"
        meaning = "" if self.turn is Turn.ENDED else f"\n{self.words.meaning}"
        return f"{head}{meaning}\n{self.whose}\n{self.url}"

    @property
    def document(self) -> Mapping[str, Any]:
        """The same for a program."""
        alert = self.alert
        return {
            "event": self.turn.value,
            "alert": str(alert.id),
            "cause": alert.cause,
            "severity": alert.severity,
            "title": self.words.headline,
            "meaning": self.words.meaning,
            "organization": {"id": str(alert.organization_id), "name": alert.organization.name},
            "domains": list(self.domains[:_SENT]),
            "domain_count": len(alert.domains),
            "users": alert.users,
            "since": alert.since.isoformat(),
            "ended_at": alert.ended_at.isoformat() if alert.ended_at else None,
            "url": self.url,
        }


def told_by(delivery: AlertDelivery, say: Say = utc) -> list[Told]:
    """Put a delivery into words, the most pressing first; what is gone by now is left out."""
    alerts = Alert.objects.select_related("organization").in_bulk(delivery.alerts)
    domains = alert_list.domains_of(alerts.values())
    paths = {key: domain.path for key, domain in domains.items()}
    parts = []
    for event in delivery.events:
        alert = alerts.get(UUID(event["alert"]))
        if alert is not None:
            names = sorted(domains[key].name for key in alert.domains if key in domains)
            parts.append(Told(alert, Turn(event["turn"]), describe(alert, paths, say), names))
    return sorted(
        parts, key=lambda part: (part.turn is Turn.ENDED, Severity(part.alert.severity).rank, part.alert.since)
    )
