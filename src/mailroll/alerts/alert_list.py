"""The alerts that somebody may see: those of organizations in their reach, found and counted in the database."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from mailroll.accounts import access
from mailroll.accounts.models import Operator, Role
from mailroll.alerts.causes import Severity
from mailroll.alerts.models import Alert
from mailroll.directory.models import Domain
from mailroll.reconcile.text import folded, tidy


class Shown(StrEnum):
    """Which alerts of the list are looked at. An acknowledged one is open still: its cause is not over."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ENDED = "ended"

    @property
    def words(self) -> str:
        return self.capitalize()


def seen_by(operator: Operator, role: Role = Role.VIEWER) -> "QuerySet[Alert]":
    """Those of organizations in which somebody has at least this role."""
    if access.everywhere(operator, role):
        return Alert.objects.all()
    return Alert.objects.filter(organization__in=access.organizations_as(operator, role))


def in_state(state: Shown, now: datetime) -> Q:
    asleep = Q(snoozed_until_change=True) | Q(snoozed_until__isnull=False, snoozed_until__gt=now)
    awake = Q(snoozed_until_change=False) & (Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))
    match state:
        case Shown.OPEN:
            return Q(ended_at__isnull=True) & awake
        case Shown.ACKNOWLEDGED:
            return Q(ended_at__isnull=True, acknowledged_at__isnull=False) & awake
        case Shown.SNOOZED:
            return Q(ended_at__isnull=True) & asleep
        case Shown.ENDED:
            return Q(ended_at__isnull=False)


_AWAKE: Final = "ended_at IS NULL AND NOT snoozed_until_change AND (snoozed_until IS NULL OR snoozed_until <= %(now)s)"
# Every page counts them, so it is one question. Whoever has a role in all that stands at the top sees them all; for
# others it walks upwards from the few that are open: never down a whole tree.
_OPEN_COUNT: Final = f"""
    WITH RECURSIVE open AS (
        SELECT organization_id, count(*) AS number FROM alerts_alert WHERE {_AWAKE} GROUP BY organization_id
    ),
    up (place, above) AS (
        SELECT organization_id, organization_id FROM open
         UNION
        SELECT up.place, o.parent_id FROM up JOIN directory_organization o ON o.id = up.above
         WHERE o.parent_id IS NOT NULL
    ),
    mine AS MATERIALIZED (
        SELECT held.organization_id
          FROM accounts_membership held JOIN accounts_operator who ON who.id = held.operator_id AND who.is_active
         WHERE who.id = %(operator)s
    ),
    reached AS MATERIALIZED (SELECT DISTINCT place FROM up WHERE above IN (SELECT organization_id FROM mine))
    SELECT CASE WHEN EXISTS (SELECT FROM directory_organization WHERE parent_id IS NULL AND id NOT IN (TABLE mine))
                THEN (SELECT coalesce(sum(number), 0) FROM open JOIN reached ON reached.place = open.organization_id)
                WHEN EXISTS (TABLE mine) THEN (SELECT count(*) FROM alerts_alert WHERE {_AWAKE})
                ELSE 0 END
"""  # noqa: S608 - of our own pieces


def open_count(operator: Operator, now: datetime) -> int:
    """Count what `seen_by` finds open."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_COUNT, {"now": now, "operator": operator.id})
        (number,) = cursor.fetchone()
    return int(number)


def matching(rows: "QuerySet[Alert]", text: str) -> "QuerySet[Alert]":
    """Those of an organization, or about a domain, whose name has these words in it."""
    sought = folded(text)
    if not sought:
        return rows
    about = RawSQL(
        "alerts_alert.domains && ARRAY(SELECT id FROM directory_domain WHERE strpos(name, %s) > 0)",
        (sought,),
    )
    return rows.alias(about=about).filter(Q(about=True) | Q(organization__name__icontains=tidy(text)))


def counted(rows: "QuerySet[Alert]", now: datetime) -> Mapping[Shown, int]:
    numbers = rows.aggregate(**{state.value: Count("id", filter=in_state(state, now)) for state in Shown})
    return {state: numbers[state.value] for state in Shown}


def by_severity(rows: "QuerySet[Alert]") -> Mapping[Severity, int]:
    counts = dict(rows.order_by().values_list("severity").annotate(number=Count("id")))
    return {severity: counts.get(severity.value, 0) for severity in Severity}


def in_order(rows: "QuerySet[Alert]", state: Shown) -> "QuerySet[Alert]":
    """The most pressing first, then the oldest; what is over, the latest first."""
    if state is Shown.ENDED:
        return rows.order_by("-ended_at", "id")
    ranks = [When(severity=severity.value, then=Value(severity.rank)) for severity in Severity]
    return rows.annotate(rank=Case(*ranks, output_field=IntegerField())).order_by("rank", "since", "id")


def domains_of(alerts: Iterable[Alert]) -> Mapping[UUID, Domain]:
    """The domains that these alerts are about, as far as they are here still."""
    keys = {key for alert in alerts for key in alert.domains}
    return {domain.id: domain for domain in Domain.objects.filter(id__in=keys).select_related("organization")}
