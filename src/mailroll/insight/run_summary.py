"""What the changes of a run come to, by all that they are picked and grouped by: of large runs it is counted once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import Case, Count, F, JSONField, Q, QuerySet, Sum, Value, When

from mailroll.insight import actions
from mailroll.insight.actions import Sign
from mailroll.insight.run_groups import OF_FEW, REMOVALS_SHOWN, SHOWN_OF_MANY, GroupKey, Pick
from mailroll.reconcile import storage
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync.models import ChangeSummary, Run

KEPT_FROM: Final = 1000
"""Fewer changes are counted in a moment."""
_LINES_MAX: Final = 5000
"""Where nearly each change has reasons of its own, a summary would be as long as the plan."""
_KEY: Final = ("action", "lead", "sort", "cause", "of_kind", "into", "variant")
_ACTIONS: Final = {action.value: action for action in Action}
_REMOVALS: Final = Sign.REMOVE.actions
_TOLD: Final = ~Q(action=Action.UPDATE) | Q(lead__in=(ReasonCode.KIND_CHANGED, ReasonCode.BILLABLE_CHANGED))
"""Of other updates no reason is told beside what happens, and each has its own facts: theirs are not compared."""
# `sync_forget_summaries` shares it, and waits for whoever reads changes to keep what they come to.
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(7061303, hashtext(%s) & 63)"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Changes that nothing tells apart but whom they are about; `kind` and `cause` are what they are picked by.

    `billed` is by how many more are billed. `first` are the positions of those that are shown first, as many as are
    shown of any group.
    """

    key: GroupKey
    pick: Pick
    kind: str
    cause: str
    reasons: tuple[Reason, ...]
    size: int
    billed: int
    first: tuple[int, ...]

    def fits(self, pick: Pick | None, kind: str, cause: str) -> bool:
        return pick in {None, self.pick} and kind in {"", self.kind} and cause in {"", self.cause}


def lines(run: Run, changes: "QuerySet[Any]", *, whole: bool) -> Sequence[ChangeLine]:
    """Return what changes of a run come to; `whole`: all of them, which are counted once where they are many."""
    if not whole or actions.number(run.counts, *Sign) < KEPT_FROM:
        return _lines_of_rows(_count(changes))
    stored_lines = ChangeSummary.objects.filter(run=run.id, digest=run.digest).values_list("lines", flat=True).first()
    return _lines_of_rows(_count_and_keep(run, changes) if stored_lines is None else stored_lines)


def _count_and_keep(run: Run, changes: "QuerySet[Any]") -> list[list[Any]]:
    """Count, and keep it where they are many and nobody is changing them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(run.id)])
        (still,) = cursor.fetchone()
        rows = _count(changes)
        if still and len(rows) <= _LINES_MAX and sum(row[7] for row in rows) >= KEPT_FROM:
            ChangeSummary.objects.bulk_create(
                [ChangeSummary(run=run, digest=run.digest, lines=rows)],
                update_conflicts=True,
                unique_fields=["run"],
                update_fields=["digest", "lines"],
            )
    return rows


def _count(changes: "QuerySet[Any]") -> list[list[Any]]:
    unbilled = When(billed_before=F("billed_after"), then=Value(0))
    billed = Case(unbilled, When(billed_after="true", then=Value(1)), default=Value(-1))
    variant = Case(When(_TOLD, then=F("reasons")), default=Value(None), output_field=JSONField())
    rows = changes.order_by().annotate(variant=variant).values_list(*_KEY)
    counted = rows.annotate(
        size=Count("id"), billed=Sum(billed), first=ArrayAgg("position", order_by=("address", "position"))
    )
    return [[*row[:-1], row[-1][: _shown_count(row[0])]] for row in counted]


def _shown_count(action: str) -> int:
    return REMOVALS_SHOWN if action in _REMOVALS else max(OF_FEW, SHOWN_OF_MANY)


def _lines_of_rows(rows: Iterable[Sequence[Any]]) -> list[ChangeLine]:
    """Make lines of rows: of a thousand groups most have the same reasons."""
    reasons_by_variant: dict[str, tuple[Reason, ...]] = {"None": ()}
    picks: dict[tuple[str, str], Pick] = {}
    last_variant, reasons = None, reasons_by_variant["None"]
    change_lines = []
    for action, lead, kind, cause, of_kind, into, variant, size, billed, first in rows:
        if variant != last_variant:
            if (variant_text := str(variant)) not in reasons_by_variant:
                reasons_by_variant[variant_text] = storage.reasons_from_json(variant)
            last_variant, reasons = variant, reasons_by_variant[variant_text]
        if (pick := picks.get((action, lead))) is None:
            pick = picks[action, lead] = Pick.of(_ACTIONS[action], lead)
        key = GroupKey(_ACTIONS[action], lead, of_kind, into)
        change_lines.append(ChangeLine(key, pick, kind, cause, reasons, size, billed, tuple(first)))
    return change_lines
