"""Whom a filter would take, for a terminal and for programs: read now, and nothing is saved."""

from collections.abc import Sequence
from typing import TypedDict

from mailroll.cli.output import Output, acting
from mailroll.connections.models import Source
from mailroll.insight.why.steps import written
from mailroll.reconcile.errors import Broken
from mailroll.reconcile.filters.model import RuleGroup
from mailroll.sync.samples import counts
from mailroll.sync.samples.counts import LiveCounts

_REASONS = 6
"""Reasons named on a terminal; a program gets them all."""


class LeftOutJson(TypedDict):
    """What leaves out how many."""

    why: str
    number: int


class ExampleJson(TypedDict):
    """A person by name, with what decided."""

    name: str
    why: str


class FilterCountJson(TypedDict):
    """Whom a filter takes. `newly_out`: whom the saved filter takes and this one does not; `limit`: how many may go.

    `not_counted`: fields that were not read; `unknown_groups`: groups that it names and the directory has not.
    """

    total: int
    matching: int
    undecided: int
    left_out: list[LeftOutJson]
    examples_matching: list[ExampleJson]
    examples_left_out: list[ExampleJson]
    not_counted: list[str]
    unknown_groups: list[str]
    newly_out: int
    limit: int
    partial: bool
    read_at: str


def counted(source: Source, group: RuleGroup) -> Output:
    """Read the directory of a source, and count. Raises what the reading raises."""
    found = counts.read_and_count(source, group, acting())
    one = found.counted
    if one is None or one.read_at is None:
        raise Broken("sample_missing", "The directory was read, and what was read is gone again.", "Try again.")
    document: FilterCountJson = {
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
        "read_at": one.read_at.isoformat(),
    }
    return Output(document, "\n".join(_lines(found, document, written(one.read_at))))


def _examples(examples: Sequence[tuple[str, str]]) -> list[ExampleJson]:
    return [{"name": name, "why": why} for name, why in examples]


def _lines(found: LiveCounts, document: FilterCountJson, read: str) -> list[str]:
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
