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
        found = cursor.fetchall()
    keys = {key for *_, key in found}
    rows = AlertRule.objects.select_related("organization").prefetch_related("channels").in_bulk(keys)
    return {(place, AlertCause(cause)): _of_row(rows[key], place) for place, cause, key in found}


def rules_of(organization: Organization) -> Sequence[HoldingRule]:
    """Every rule of an organization, in the order of the table."""
    known = holding([organization.id])
    return [known.get((organization.id, cause)) or default(cause) for cause in AlertCause]


def usable(organization: Organization) -> "QuerySet[AlertChannel]":
    """The channels that rules of an organization may name: its own, and those of organizations above."""
    return AlertChannel.objects.filter(organization__in=tree.above(organization)).order_by("created_at", "id")


def save(organization: Organization, wanted: Iterable[WantedRule], acting: Acting) -> int:
    """Set what differs from what holds; return how many rules that were. Raises `BadInput`, and changes nothing."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        now_holding = {one.cause: one for one in rules_of(organization)}
        reachable = frozenset(usable(organization).values_list("id", flat=True))
        changed = [one for one in wanted if _differs(one, now_holding[one.cause])]
        for one in changed:
            _check(one, reachable)
            row, _ = AlertRule.objects.update_or_create(
                organization=organization,
                cause=one.cause.value,
                defaults={
                    "severity": one.severity.value,
                    "threshold": one.threshold,
                    "administrators": one.administrators,
                },
            )
            row.channels.set(AlertChannel.objects.filter(id__in=one.channels))
        if changed:
            note(acting, "alert_rules.set", organization, causes=[one.cause.value for one in changed])
    return len(changed)


def inherit(organization: Organization, causes: Collection[AlertCause], acting: Acting) -> int:
    """Say nothing any more of these causes, so that what is said above holds; return of how many."""
    with transaction.atomic():
        rows = AlertRule.objects.filter(organization=organization, cause__in=[one.value for one in causes])
        gone = sorted(rows.values_list("cause", flat=True))
        rows.delete()
        if gone:
            note(acting, "alert_rules.inherited", organization, causes=gone)
    return len(gone)


def _differs(wanted: WantedRule, holds: HoldingRule) -> bool:
    return any(getattr(wanted, each.name) != getattr(holds, each.name) for each in fields(WantedRule))


def _check(wanted: WantedRule, reachable: frozenset[UUID]) -> None:
    rule = RULES[wanted.cause]
    if wanted.severity is Severity.URGENT and not wanted.administrators and not wanted.channels:
        raise BadInput(
            "alert_rule_untold",
            f"“{rule.title}” is urgent, and would be told nowhere.",
            "Somebody must be told: tick a channel, or make it less than urgent.",
        )
    if not wanted.channels <= reachable:
        raise BadInput("channel_unknown", "A channel is not here any more.", "Load the page again.")
    limits = rule.threshold
    if wanted.threshold is not None and not (limits and 1 <= wanted.threshold <= limits.most):
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
