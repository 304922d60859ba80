"""What holds for a cause in an organization: the nearest rule upwards, at the top the table of `causes`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from mailroll.alerts.causes import RULES, AlertCause, Severity
from mailroll.alerts.models import AlertChannel, AlertRule
from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput

_NEAREST: Final = f"""
    {tree.UPWARDS}
    SELECT DISTINCT ON (up.place, r.cause) up.place, r.cause, r.id
      FROM up JOIN alerts_alertrule r ON r.organization_id = up.above ORDER BY up.place, r.cause, up.depth
"""  # noqa: S608 - of pieces of ours


@dataclass(frozen=True, slots=True)
class WantedRule:
    """What somebody wants to hold for a cause. No threshold: the default."""

    cause: AlertCause
    severity: Severity
    threshold: int | None
    administrators: bool
    channels: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class HoldingRule(WantedRule):
    """What holds. `own`: the organization itself says so; `by`: whose word it is, None for the default."""

    by: Organization | None = None
    own: bool = False


def default(cause: AlertCause) -> HoldingRule:
    """What the table of `causes` says."""
    rule = RULES[cause]
    return HoldingRule(cause, rule.severity, None, rule.told, frozenset())


def holding(places: Collection[UUID]) -> Mapping[tuple[UUID, AlertCause], HoldingRule]:
    """What holds in these organizations where anybody has said something; all else is `default`."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [list(places)])
        nearest_rules = cursor.fetchall()
    keys = {key for *_, key in nearest_rules}
    rows = AlertRule.objects.select_related("organization").prefetch_related("channels").in_bulk(keys)
    return {(place, AlertCause(cause)): _of_row(rows[key], place) for place, cause, key in nearest_rules}


def rules_of(organization: Organization) -> Sequence[HoldingRule]:
    """Every rule of an organization, in the order of the table."""
    holding_rules = holding([organization.id])
    return [holding_rules.get((organization.id, cause)) or default(cause) for cause in AlertCause]


def usable(organization: Organization) -> "QuerySet[AlertChannel]":
    """The channels that rules of an organization may name: its own, and those of organizations above."""
    return AlertChannel.objects.filter(organization__in=tree.above(organization)).order_by("created_at", "id")


def save(organization: Organization, wanted_rules: Iterable[WantedRule], acting: Acting) -> int:
    """Set what differs from what holds; return how many rules that were. Raises `BadInput`, and changes nothing."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        now_holding = {holding_rule.cause: holding_rule for holding_rule in rules_of(organization)}
        reachable = frozenset(usable(organization).values_list("id", flat=True))
        changed = [wanted_rule for wanted_rule in wanted_rules if _differs(wanted_rule, now_holding[wanted_rule.cause])]
        for rule in changed:
            _check(rule, reachable)
            row, _ = AlertRule.objects.update_or_create(
                organization=organization,
                cause=rule.cause.value,
                defaults={
                    "severity": rule.severity.value,
                    "threshold": rule.threshold,
                    "administrators": rule.administrators,
                },
            )
            row.channels.set(AlertChannel.objects.filter(id__in=rule.channels))
        if changed:
            note(acting, "alert_rules.set", organization, causes=[changed_rule.cause.value for changed_rule in changed])
    return len(changed)


def inherit(organization: Organization, causes: Collection[AlertCause], acting: Acting) -> int:
    """Say nothing any more of these causes, so that what is said above holds; return of how many."""
    with transaction.atomic():
        rows = AlertRule.objects.filter(organization=organization, cause__in=[cause.value for cause in causes])
        cause_names = sorted(rows.values_list("cause", flat=True))
        rows.delete()
        if cause_names:
            note(acting, "alert_rules.inherited", organization, causes=cause_names)
    return len(cause_names)


def _differs(wanted_rule: WantedRule, holds: HoldingRule) -> bool:
    return any(getattr(wanted_rule, field.name) != getattr(holds, field.name) for field in fields(WantedRule))


def _check(wanted_rule: WantedRule, reachable: frozenset[UUID]) -> None:
    rule = RULES[wanted_rule.cause]
    if wanted_rule.severity is Severity.URGENT and not wanted_rule.administrators and not wanted_rule.channels:
        raise BadInput(
            "alert_rule_untold",
            f"“{rule.title}” is urgent, and would be told nowhere.",
            "Somebody must be told: tick a channel, or make it less than urgent.",
        )
    if not wanted_rule.channels <= reachable:
        raise BadInput("channel_unknown", "A channel is not here any more.", "Load the page again.")
    limits = rule.threshold
    if wanted_rule.threshold is not None and not (limits and 1 <= wanted_rule.threshold <= limits.most):
        most = f"{limits.most:,}" if limits else "none"
        raise BadInput(
            "alert_threshold_out_of_bounds",
            f"The number of “{rule.title}” is out of bounds.",
            f"Give a whole number from 1 to {most}.",
        )


def _of_row(row: AlertRule, place: UUID) -> HoldingRule:
    return HoldingRule(
        AlertCause(row.cause),
        Severity(row.severity),
        row.threshold,
        row.administrators,
        frozenset(channel.id for channel in row.channels.all()),
        row.organization,
        own=row.organization_id == place,
    )
