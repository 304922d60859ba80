"""Writes what a run tells beside its plan into its rows, and reads it back: skips, sources, findings, counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import cast
from uuid import UUID

from django.db import connection

from mailroll.directory import arrays
from mailroll.reconcile import storage
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.model import Reading
from mailroll.reconcile.plan import Plan, Tally
from mailroll.reconcile.reasons import ReasonCode, Skip
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.text import storable
from mailroll.sync import departures

# A tenant with many domains leaves most of its people out of each; those are counted, not listed.
_UNLISTED = frozenset({ReasonCode.OTHER_DOMAIN})
SKIPS_MAX = 10_000


def listed_skips(skips: Skips) -> Iterator[Skip]:
    """Yield those that are written down."""
    return islice(skips.but(_UNLISTED), SKIPS_MAX)


def write_skips(run: UUID, skips: Skips, names: Mapping[str, str] = MappingProxyType({})) -> None:
    """Write down whom a run left out; `names`: what people know them by, by their external ids."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY sync_runskip (run_id, external_id, name, address, reason) FROM STDIN") as copy,
    ):
        for skip in listed_skips(skips):
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
            [run, of, arrays.texts(but)],
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
            "id": str(reading.source.id),
            "name": reading.source.label,
            "answered": reading.snapshot is not None,
            "trusted": reading.source.id in trusted,
        }
        for reading in readings
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


def counts_to_json(plan: Plan, unchanged: int, skips: Skips, before: Tally) -> dict[str, int]:
    """Count changes by action, and users before and after.

    `skipped` counts objects, however many of their addresses were left out.
    """
    return {
        **changes_to_json(plan, before),
        "unchanged": unchanged,
        "skipped": skips.count_objects(),
        "users": before.users,
        "billable": before.billable,
    }


def changes_to_json(plan: Plan, before: Tally) -> dict[str, int]:
    """Count what a plan changes and ends, and what there is after it."""
    after = before.after(plan)
    counts = {action.value: count for action, count in plan.counts.items()}
    return {
        **counts,
        "ended": departures.count_endings(plan),
        "users_after": after.users,
        "billable_after": after.billable,
    }


def tally_before(counts: Mapping[str, int]) -> Tally:
    return Tally(counts.get("users", 0), counts.get("billable", 0))


def tally_after(counts: Mapping[str, int]) -> Tally:
    return Tally(counts.get("users_after", 0), counts.get("billable_after", 0))
