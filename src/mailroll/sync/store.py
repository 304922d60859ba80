"""Writes plans, findings and skips into the rows of a run, and reads them back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import cast
from uuid import UUID

from django.db import connection

from mailroll.directory.staging import Staged
from mailroll.reconcile import storage
from mailroll.reconcile.errors import Broken
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.model import Reading
from mailroll.reconcile.plan import Plan, Tally
from mailroll.reconcile.reasons import ReasonCode, Skip
from mailroll.reconcile.text import storable
from mailroll.sync import changes
from mailroll.sync.models import Run

# A tenant with many domains leaves most of its people out of each; those are counted, not listed.
_UNLISTED = frozenset({ReasonCode.OTHER_DOMAIN})
SKIPS_MAX = 10_000
_AT_ONCE = 200
"""Rows that are given to COPY together."""


def write_plan(run: UUID, plan: Plan) -> Staged:
    """Put a plan's changes in place of what the run has. A row each, so that people can ask about them.

    Returns where the users of it are staged: the rows as they were written here, and no others. PostgreSQL keeps
    with each row the number of the transaction that wrote it, so one that anybody touches afterwards is not among them.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sync_runchange WHERE run_id = %s", [run])
        with cursor.copy(f"COPY sync_runchange (run_id, position, {changes.COLUMNS}) FROM STDIN") as copy:
            lines = changes.lines(run, plan)
            while several := "".join(islice(lines, _AT_ONCE)):
                copy.write(several)
        # All of one statement have one number; that of a savepoint is another than its transaction's.
        cursor.execute("SELECT xmin::text FROM sync_runchange WHERE run_id = %s LIMIT 1", [run])
        (number,) = cursor.fetchone() or ("0",)
    return Staged(changes.MADE, changes.CHANGED, (run, number))


def replace_plan(run: Run, plan: Plan) -> None:
    """Keep as the run's plan what it really applies. `run` is saved by the caller."""
    write_plan(run.id, plan)
    run.shown_digest = run.shown_digest or run.digest
    run.digest = plan.digest
    run.counts = {**run.counts, **changes_to_json(plan, tally_before(run.counts))}


def read_plan(run: Run) -> Plan:
    """Read a run's plan back; raises `Broken` where its rows are not what the digest was made of."""
    plan = Plan(run.domain_id, run.revision, tuple(run.tenants), tuple(changes.read(run)))
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


def write_skips(run: UUID, skips: Iterable[Skip], names: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write down whom a run left out; `names`: what people know them by, by their external ids."""
    listed = (skip for skip in skips if skip.reason.code not in _UNLISTED)
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY sync_runskip (run_id, external_id, name, address, reason) FROM STDIN") as copy,
    ):
        for skip in islice(listed, SKIPS_MAX):
            reason = storage.canonical_json(storage.reasons_to_json((skip.reason,))[0])
            key = skip.external_id or ""
            copy.write_row((run, key, storable(names.get(key, "")), storable(skip.address or ""), reason))


def repeat_skips(run: UUID, of: UUID, but: Collection[str] = ()) -> None:
    """Write down whom a run left out that left out the same as an earlier one, `but` for some objects."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sync_runskip (run_id, external_id, name, address, reason)"
            " SELECT %s, external_id, name, address, reason FROM sync_runskip"
            " WHERE run_id = %s AND NOT external_id = ANY(%s::text[]) ORDER BY id",
            [run, of, list(but)],
        )


@dataclass(frozen=True, slots=True)
class RunSource:
    """A source as a run had it. `answered`: its directory could be read.

    `trusted`: nobody doubts what it said. None in a run from before that was kept: it makes no list younger.
    """

    id: UUID
    name: str
    answered: bool
    trusted: bool | None


def sources_to_json(readings: Iterable[Reading], trusted: Collection[UUID]) -> list[Mapping[str, object]]:
    """Write down which sources a run was made with: they may be called otherwise, or be gone, when people look."""
    return [
        {
            "id": str(one.source.id),
            "name": one.source.label,
            "answered": one.snapshot is not None,
            "trusted": one.source.id in trusted,
        }
        for one in readings
    ]


def sources_from_json(rows: Iterable[Mapping[str, object]]) -> tuple[RunSource, ...]:
    return tuple(
        RunSource(
            UUID(str(row["id"])), str(row["name"]), bool(row["answered"]), cast("bool | None", row.get("trusted"))
        )
        for row in rows
    )


def findings_to_json(reading: Iterable[Finding], plan: Iterable[Finding]) -> list[Mapping[str, object]]:
    """Write findings down with where they come from: those of a reading cannot be found again at apply."""
    return [
        {"code": finding.code.value, "level": finding.level.value, "facts": dict(finding.facts), "of": of}
        for of, findings in (("reading", reading), ("plan", plan))
        for finding in findings
    ]


def findings_from_json(rows: Iterable[Mapping[str, object]], of: str | None = None) -> tuple[Finding, ...]:
    return tuple(
        Finding.of(FindingCode(str(row["code"])), Level(str(row["level"])), **cast("Mapping[str, str]", row["facts"]))
        for row in rows
        if of is None or row["of"] == of
    )


def counts_to_json(plan: Plan, unchanged: int, skips: Iterable[Skip], before: Tally) -> dict[str, int]:
    """Count changes by action, and users before and after.

    `skipped` counts objects, however many of their addresses were left out.
    """
    return {
        **changes_to_json(plan, before),
        "unchanged": unchanged,
        "skipped": len({skip.external_id for skip in skips}),
        "users": before.users,
        "billable": before.billable,
    }


def changes_to_json(plan: Plan, before: Tally) -> dict[str, int]:
    """Count what a plan changes, and what there is after it."""
    after = before.after(plan)
    counts = {action.value: count for action, count in plan.counts.items()}
    return {**counts, "users_after": after.users, "billable_after": after.billable}


def tally_before(counts: Mapping[str, int]) -> Tally:
    return Tally(counts.get("users", 0), counts.get("billable", 0))


def tally_after(counts: Mapping[str, int]) -> Tally:
    return Tally(counts.get("users_after", 0), counts.get("billable_after", 0))
