"""A plan as rows, a change each: what the user will be in columns, what it was only where it was something."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, cast
from uuid import UUID

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from mailroll.directory import arrays
from mailroll.directory.staging import Staged
from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.arrivals import Manner
from mailroll.reconcile.errors import Broken
from mailroll.reconcile.leads import lead
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, State
from mailroll.reconcile.plan import Action, Binding, Change, Plan
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync import store
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
_COLUMNS: Final = ", ".join(f'"{name}"' for name in _ALL)
"""The columns of `_lines`, in their order, as SQL writes them."""

_STAGED: Final = """
    SELECT "user" AS id, nullif(external_id, '') AS external_id, owner AS owner_id,
           nullif(object_type, '') AS object_type, display_name, kind, kind_rule, billable, kept, "group", "primary",
           aliases, former, retired, content_hash
      FROM sync_runchange
     WHERE run_id = %s AND kind <> '' AND xmin = %s::xid
"""
_MADE: Final = _STAGED + " AND before IS NULL"
_CHANGED: Final = _STAGED + " AND before IS NOT NULL"
"""The users of a run's plan, as `directory.staging.Staged` has them, of the rows that one statement wrote."""

_AT_ONCE: Final = 200
"""Rows that are given to COPY together."""

_NOTHING: Final = (None, "", "", "", "", False, False, "", "", "{}", "{}", False)


def write(run: UUID, plan: Plan) -> Staged:
    """Put a plan's changes in place of what the run has. A row each, so that people can ask about them.

    Returns where the users of it are staged: the rows as they were written here, and no others. PostgreSQL keeps
    with each row the number of the transaction that wrote it, so one that anybody touches afterwards is not among them.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sync_runchange WHERE run_id = %s", [run])
        with cursor.copy(f"COPY sync_runchange (run_id, position, {_COLUMNS}) FROM STDIN") as copy:
            lines = _lines(run, plan)
            while several := "".join(islice(lines, _AT_ONCE)):
                copy.write(several)
        # All of one statement have one number; that of a savepoint is another than its transaction's.
        cursor.execute("SELECT xmin::text FROM sync_runchange WHERE run_id = %s LIMIT 1", [run])
        (number,) = cursor.fetchone() or ("0",)
    return Staged(_MADE, _CHANGED, (run, number))


def replace(run: Run, plan: Plan) -> None:
    """Keep as the run's plan what it really applies. `run` is saved by the caller."""
    write(run.id, plan)
    run.shown_digest = run.shown_digest or run.digest
    run.digest = plan.digest
    run.counts = {**run.counts, **store.changes_to_json(plan, store.tally_before(run.counts))}


def read(run: Run) -> Plan:
    """Read a run's plan back; raises `Broken` where its rows are not what the digest was made of."""
    plan = Plan(run.domain_id, run.revision, tuple(run.tenants), tuple(_changes(run)))
    # Plans from before the digest was another wait for a day, and their removals for longer.
    if run.digest != plan.digest and not _is_older(run, plan):
        raise Broken(
            "plan_damaged",
            "The stored changes of this run are not those it was made with.",
            "Nothing was applied. Make a new preview.",
        )
    return plan


def _is_older(run: Run, plan: Plan) -> bool:
    return run.digest == plan.older_digest


def _lines(run: UUID, plan: Plan) -> Iterator[str]:
    """Write the changes of a plan as COPY reads them, in `_COLUMNS` behind the run and their place.

    `state` and `_changes` find them in their rows again. psycopg would write each row value by value: measured, that
    takes four times as long.
    """
    frames: dict[int, tuple[str, str, str]] = {}  # by manner: their number is small
    shown = str(run)
    for place, (entry, bound) in enumerate(plan.entries()):
        if isinstance(entry, Change):
            yield arrays.row([shown, place, *_values(entry, cast("Binding", bound))]) + "\n"
            continue
        key: str
        primary: str
        key, primary, user, name, others, manner = entry
        frame = frames.get(id(manner))
        if frame is None:
            frames[id(manner)] = frame = _frame(manner)
        why, keeper, sort = frame
        aliases = arrays.texts(others) if others else "{}"
        # Nearly always nothing of a row has to be written otherwise, and this tells so sooner.
        if not arrays.is_plain(f"{key}{primary}{name}{aliases}"):
            key, primary, name, aliases = map(arrays.field, (key, primary, name, aliases))
        yield (
            f"{shown}\t{place}\tcreate\t{user}\t{key}\t{primary}\t{why}\t{bound}\t{keeper}\t{name}\t{sort}"
            f"\t{primary}\t{aliases}\t{{}}\tf\n"
        )


def _frame(manner: Manner) -> tuple[str, str, str]:
    """What the rows of all arrivals of one manner have in common: lead to reasons, owner and type, kind to group."""
    parts = (
        (manner.reasons[0].code.value, None, manner.why),
        (manner.owner, manner.type.value),
        (manner.kind.value, manner.rule.value, manner.billable, False, manner.group),
    )
    why, keeper, sort = ("\t".join(map(arrays.field, part)) for part in parts)
    return why, keeper, sort


def _values(change: Change, bound: Binding) -> tuple[object, ...]:
    before = None if change.before is None else storage.canonical_state(change.before)
    return (
        change.action.value,
        change.user.hex,
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


def _changes(run: Run) -> Iterator[Change]:
    """Read the changes of a run back, in their order."""
    # Few reasons are told of many: as texts they are read once each.
    reasons_of: dict[str, tuple[Reason, ...]] = {}
    rows = RunChange.objects.filter(run=run).annotate(why=Cast("reasons", TextField())).defer("reasons", "address")
    for row in rows.order_by("position").iterator(chunk_size=5000):
        if row.why not in reasons_of:
            reasons_of[row.why] = storage.reasons_from_text(row.why)
        yield Change(Action(row.action), row.user, storage.state_from_json(row.before), state(row), reasons_of[row.why])


def _set(after: State) -> tuple[object, ...]:
    """Return the values of `_SET`, in its order."""
    return (
        after.owner and after.owner.hex,
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
