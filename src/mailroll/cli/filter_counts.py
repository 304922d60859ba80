"""Whom a filter would take, for a terminal and for programs: read now, and nothing is saved."""

from collections.abc import Sequence
from typing import Any

from mailroll.cli.output import Output, acting
from mailroll.connections.models import Source
from mailroll.insight.why.steps import written
from mailroll.reconcile.errors import Broken
from mailroll.reconcile.filters.model import RuleGroup
from mailroll.sync.samples import counts
from mailroll.sync.samples.counts import LiveCounts
from mailroll.sync.shared_units import metered

_REASONS = 6
"""Reasons named on a terminal; a program gets them all."""


def counted(source: Source, group: RuleGroup) -> Output:
    """Read the directory of a source, and count. Raises what the reading raises.

    In the document, `newly_out` are those whom the saved filter takes and this one does not, `limit` how many may go;
    `not_counted` are fields that were not read, `unknown_groups` those that it names and the directory has not.
    """
    with metered():
        found = counts.read_and_count(source, group, acting())
    one = found.counted
    if one is None or one.read_at is None:
        raise Broken("sample_missing", "The directory was read, and what was read is gone again.", "Try again.")
    document: dict[str, Any] = {
        "total": one.total,
        "matching": one.matching,
        "undecided": one.undecided,
        "left_out": [{"why": why, "number": number} for why, number in one.left_out],
        "examples_matching": _examples(one.examples_in),
        "examples_left_out": _examples(one.examples_out),
        "not_counted": sorted(one.not_counted),
        "unknown_groups": sorted(found.unknown),
        "newly_out": found.dropped,
        "limit": found.limit,
        "partial": found.partial,
        "read_at": one.read_at,
    }
    return Output(document, "\n".join(_lines(found, document, written(one.read_at))))


def _examples(examples: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "why": why} for name, why in examples]


def _lines(found: LiveCounts, document: dict[str, Any], read: str) -> list[str]:
    lines = [f"{document['matching']:,} of {document['total']:,} people match. Read {read}; nothing was saved."]
    if found.partial:
        lines.append(f"The tenant is larger: only its first {document['total']:,} people were counted.")
    if document["undecided"]:
        lines.append(f"{document['undecided']:,} cannot be told: a field of theirs is not known.")
    lines += [f"There is no group “{name}” in the directory." for name in document["unknown_groups"]]
    lines += [f"{name} was not read." for name in document["not_counted"]]
    lines += [f"  {one['number']:>6,} left out: {one['why']}" for one in document["left_out"][:_REASONS]]
    more = len(document["left_out"]) - _REASONS
    if more > 0:
        lines.append(f"         and for {more:,} more reason{'s' if more > 1 else ''}")
    for words, examples in (
        ("Match", document["examples_matching"]),
        ("Left out", document["examples_left_out"]),
    ):
        if examples:
            lines.append(f"{words}, for example: {', '.join(one['name'] for one in examples)}")
    if found.nobody:
        lines.append("Nobody matches: a run with this filter would be held.")
    elif found.over_limit:
        lines.append(
            f"{found.dropped:,} more would be left out than by the saved filter, and {found.limit:,} may go in one run:"
            " a run with this filter would be held for a decision."
        )
    return lines
