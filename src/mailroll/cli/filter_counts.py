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
        live_counts = counts.read_and_count(source, group, acting())
    sample_counts = live_counts.counted
    if sample_counts is None or sample_counts.read_at is None:
        raise Broken("sample_missing", "The directory was read, and what was read is gone again.", "Try again.")
    document: dict[str, Any] = {
        "total": sample_counts.total,
        "matching": sample_counts.matching,
        "undecided": sample_counts.undecided,
        "left_out": [{"why": reason, "number": number} for reason, number in sample_counts.left_out],
        "examples_matching": _examples(sample_counts.examples_in),
        "examples_left_out": _examples(sample_counts.examples_out),
        "not_counted": sorted(sample_counts.not_counted),
        "unknown_groups": sorted(live_counts.unknown),
        "newly_out": live_counts.dropped,
        "limit": live_counts.limit,
        "partial": live_counts.partial,
        "read_at": sample_counts.read_at,
    }
    return Output(document, "\n".join(_lines(live_counts, document, written(sample_counts.read_at))))


def _examples(examples: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "why": reason} for name, reason in examples]


def _lines(tally: LiveCounts, document: dict[str, Any], read_at: str) -> list[str]:
    lines = [f"{document['matching']:,} of {document['total']:,} people match. Read {read_at}; nothing was saved."]
    if tally.partial:
        lines.append(f"The tenant is larger: only its first {document['total']:,} people were counted.")
    if document["undecided"]:
        lines.append(f"{document['undecided']:,} cannot be told: a field of theirs is not known.")
    lines += [f"There is no group “{name}” in the directory." for name in document["unknown_groups"]]
    lines += [f"{name} was not read." for name in document["not_counted"]]
    lines += [f"  {reason['number']:>6,} left out: {reason['why']}" for reason in document["left_out"][:_REASONS]]
    more = len(document["left_out"]) - _REASONS
    if more > 0:
        lines.append(f"         and for {more:,} more reason{'s' if more > 1 else ''}")
    for words, examples in (
        ("Match", document["examples_matching"]),
        ("Left out", document["examples_left_out"]),
    ):
        if examples:
            lines.append(f"{words}, for example: {', '.join(example['name'] for example in examples)}")
    if tally.nobody:
        lines.append("Nobody matches: a run with this filter would be held.")
    elif tally.over_limit:
        lines.append(
            f"{tally.dropped:,} more would be left out than by the saved filter, and {tally.limit:,} may go in one run:"
            " a run with this filter would be held for a decision."
        )
    return lines
