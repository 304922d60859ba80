"""What happened to a user: every change of a run that was applied, and every edit by hand, the latest first."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast
from uuid import UUID

from django.db.models import QuerySet, UUIDField
from django.db.models.fields.json import KeyTextTransform

from mailroll.audit.models import AuditEntry
from mailroll.connectors.words import sentence
from mailroll.directory import arrays
from mailroll.directory.fixed_queries import KEYS, FixedQuery, Parameter
from mailroll.directory.models import Domain
from mailroll.insight.actions import LOOKS
from mailroll.reconcile import storage
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync.models import Run, RunChange, RunState

MOST = 100
"""Events on one page at the most."""

EDITS = 1000
"""Edits by hand that are looked through for the last one of each user of a page."""

_TOLD = (*("user", "action", "reasons", "group", "before"), *("run__id", "run__started_at", "run__finished_at"))
"""What is told of somebody in a list: all that a run found is many columns, for each of them."""

# What an update is called by: the first of these that is among its reasons.
_UPDATES = {
    ReasonCode.RENAMED: ("Renamed: {before} → {after}", "renamed"),
    ReasonCode.PRIMARY_CHANGED: ("Address changed: {before} → {after}", "new address"),
    ReasonCode.GROUP_CHANGED: ("Moved from {before} to {after}", "moved to {after}"),
    ReasonCode.KIND_CHANGED: ("Kind changed: {before} → {after}", "kind"),
    ReasonCode.ALIAS_ADDED: ("Alias {address} added", "alias"),
    ReasonCode.ALIAS_GONE: ("Alias {address} gone", "alias"),
    ReasonCode.ALIAS_MOVED: ("{address} moved to {to}", "alias"),
    ReasonCode.BILLABLE_CHANGED: ("From here on {to}", "{to}"),
    ReasonCode.SOURCE_CHANGED: ("Kept by another source from here on", "other source"),
    ReasonCode.LISTED_AGAIN: ("Listed again", "listed again"),
}

_EDITS = {
    "user.added": ("add", "Added by hand", "added"),
    "user.renamed": ("change", "Renamed: {before} → {after}", "renamed"),
    "user.alias_added": ("change", "Alias {alias} added", "alias"),
    "user.alias_removed": ("change", "Alias {alias} removed", "alias"),
    "user.pinned": ("pin", "Pinned", "pinned"),
    "user.unpinned": ("pin", "No longer pinned", "unpinned"),
    "user.exempted": ("exempt", "Exempt", "exempt"),
    "user.unexempted": ("exempt", "No longer exempt", "no longer exempt"),
    "user.kind_set": ("change", "Kind set by hand: {before} → {after}", "kind"),
    "user.kind_unset": ("change", "Kind left to the sync", "kind"),
    "user.moved": ("change", "Moved from {before} to {after}", "moved to {after}"),
    "user.group_fixed": ("change", "Stays in {group} by hand", "group"),
    "user.group_unset": ("change", "Group left to the sync", "group"),
    "user.restored": ("restore", "Restored by hand", "restored"),
    "user.unkept": ("change", "No longer kept after it was restored", "no longer kept"),
    "user.removed": ("remove", "Removed by hand", "removed"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `run` is set where a run did it, `actor` where a person did."""

    at: datetime
    sign: str
    headline: str
    short: str
    details: tuple[str, ...] = ()
    run: Run | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Retirement:
    """Why a user retired; `released_by` where a person let it happen."""

    why: str
    released_by: str


def of_user(domain: Domain, user: UUID, changes: Iterable[RunChange]) -> tuple[Event, ...]:
    """`changes`: all that runs planned for the user, the latest first."""
    applied = [change for change in changes if change.run.state == RunState.APPLIED][:MOST]
    edits = _edits(domain, [user]).order_by("-id")[:MOST]
    events = [*map(_changed, applied), *map(_edited, edits)]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True)[:MOST])


def latest(domain: Domain, users: Collection[UUID]) -> Mapping[UUID, Event]:
    """Return the last thing that happened to each of these users; none for those nothing is known of."""
    last_events: dict[UUID, Event] = {}
    for change in _last_changes().rows(domain=domain.id, keys=arrays.uuids(users)):
        last_events[change.user] = _changed(change)
    edited: dict[UUID, Event] = {}
    for entry in _edits(domain, users).order_by("-id")[:EDITS]:
        edited.setdefault(UUID(entry.details["user"]), _edited(entry))
    for user, event in edited.items():
        if user not in last_events or last_events[user].at < event.at:
            last_events[user] = event
    return last_events


def retirements(domain: Domain, users: Collection[UUID]) -> Mapping[UUID, Retirement]:
    changes = _changes(domain, users).filter(action=Action.RETIRE).order_by("user", "-id").distinct("user")
    return {change.user: Retirement(" ".join(map(sentence, _reasons(change))), _released(change)) for change in changes}


def _released(change: RunChange) -> str:
    """Who released it; nobody where a plan was applied that nothing held."""
    return change.run.decided_by if change.run.decision_reason else ""


def _changes(domain: Domain, users: Collection[UUID]) -> QuerySet[RunChange]:
    return RunChange.objects.filter(user__in=users, run__domain=domain, run__state=RunState.APPLIED).select_related(
        "run"
    )


@cache
def _last_changes() -> FixedQuery[RunChange]:
    rows = RunChange.objects.filter(
        user__in=KEYS, run__domain=Parameter("domain", UUIDField()), run__state=RunState.APPLIED
    )
    return FixedQuery(rows.select_related("run").only(*_TOLD).order_by("user", "-id").distinct("user"))


def _changed(change: RunChange) -> Event:
    run, action, reasons = change.run, Action(change.action), _reasons(change)
    look = LOOKS[action]
    headline, short = look.headline, look.short
    facts = {"group": change.group or str((change.before or {}).get("group", ""))}
    if action is Action.UPDATE:
        update_reason = next((reason for code in _UPDATES for reason in reasons if reason.code is code), None)
        if update_reason is not None:
            headline, short = _UPDATES[update_reason.code]
            facts = dict(update_reason.facts)
    return Event(
        run.finished_at or run.started_at,
        look.sign,
        headline.format_map(facts),
        short.format_map(facts),
        tuple(sentence(reason) for reason in reasons),
        run=run,
    )


def _edited(entry: AuditEntry) -> Event:
    sign, headline, short = _EDITS[entry.action]
    facts = cast("Mapping[str, str]", entry.details)
    return Event(entry.at, sign, headline.format_map(facts), short.format_map(facts), actor=entry.actor)


def _edits(domain: Domain, users: Collection[UUID]) -> QuerySet[AuditEntry]:
    return (
        # By the text, which has an index; as JSON it would be read entry by entry.
        AuditEntry.objects.alias(of=KeyTextTransform("user", "details"))
        .filter(of__in=[str(user) for user in users], action__in=_EDITS)
        .filter(details__domain=domain.name)
    )


def _reasons(change: RunChange) -> tuple[Reason, ...]:
    return storage.reasons_from_json(change.reasons)
