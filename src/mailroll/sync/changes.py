"""How a change of a plan stands in a row: what the user will be in columns, what it was only where it was something."""

from collections.abc import Iterator
from typing import Final

from django.db.models import TextField
from django.db.models.functions import Cast

from mailroll.directory import arrays
from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.leads import lead
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, State
from mailroll.reconcile.plan import Action, Binding, Change
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync.models import Run, RunChange

_SET: Final = (
    "owner",
    "object_type",
    "display_name",
    "kind",
    "kind_rule",
    "billable",
    "kept",
    "group",
    "primary",
    "aliases",
    "former",
    "retired",
)
_ALL: Final = ("action", "user", "external_id", "address", "lead", "before", "reasons", "content_hash", *_SET)
COLUMNS: Final = ", ".join(f'"{name}"' for name in _ALL)
"""The columns that `values` fills, in its order, as SQL writes them."""

_STAGED: Final = """
    SELECT "user" AS id, nullif(external_id, '') AS external_id, owner AS owner_id,
           nullif(object_type, '') AS object_type, display_name, kind, kind_rule, billable, kept, "group", "primary",
           aliases, former, retired, content_hash
      FROM sync_runchange
     WHERE run_id = %s AND kind <> '' AND xmin::text = %s
"""
MADE: Final = _STAGED + " AND before IS NULL"
CHANGED: Final = _STAGED + " AND before IS NOT NULL"
"""The users of a run's plan, as `directory.staging.Staged` has them, of the rows that one statement wrote."""

_NOTHING: Final = (None, "", "", "", "", False, False, "", "", "{}", "{}", False)


def values(change: Change, bound: Binding) -> tuple[object, ...]:
    """Write a change down as a row; `state` and `read` find the change in it again."""
    before = None if change.before is None else storage.canonical_json(storage.state_to_json(change.before))
    return (
        change.action.value,
        change.user,
        change.external_id or "",
        change.address or "",
        lead(change),
        before,
        bound.reasons,
        bound.after,
        *(_NOTHING if change.after is None else _set(change.after)),
    )


def state(row: RunChange) -> State | None:
    """What the user of a row will be; None where nothing of it will be left."""
    if not row.kind:
        return None
    return State(
        external_id=ExternalId(row.external_id) if row.external_id else None,
        owner=row.owner,
        display_name=row.display_name,
        kind=Kind(row.kind),
        billable=row.billable,
        group=row.group,
        primary=Address(row.primary) if row.primary else None,
        aliases=tuple(map(Address, row.aliases)),
        former=tuple(map(Address, row.former)),
        retired=row.retired,
        rule=ReasonCode(row.kind_rule) if row.kind_rule else None,
        object_type=ObjectType(row.object_type) if row.object_type else None,
        kept=row.kept,
    )


def read(run: Run) -> Iterator[Change]:
    """Read the changes of a run back, in their order."""
    # Few reasons are told of many: as texts they are read once each.
    told: dict[str, tuple[Reason, ...]] = {}
    rows = RunChange.objects.filter(run=run).annotate(why=Cast("reasons", TextField())).defer("reasons", "address")
    for row in rows.order_by("position").iterator(chunk_size=5000):
        if row.why not in told:
            told[row.why] = storage.reasons_from_text(row.why)
        yield Change(Action(row.action), row.user, storage.state_from_json(row.before), state(row), told[row.why])


def _set(after: State) -> tuple[object, ...]:
    """Return the values of `_SET`, in its order."""
    return (
        after.owner,
        after.object_type.value if after.object_type else "",
        after.display_name,
        after.kind.value,
        after.rule.value if after.rule else "",
        after.billable,
        after.kept,
        after.group,
        after.primary or "",
        arrays.texts(after.aliases),
        arrays.texts(after.former),
        after.retired,
    )
