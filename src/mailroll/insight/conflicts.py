"""The conflicts of a run: addresses with two claims, who has each, who wanted it, and what settled it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from mailroll.connections.models import Source
from mailroll.connectors.words import sentence
from mailroll.reconcile import storage
from mailroll.reconcile.conflicts import ConflictRule
from mailroll.reconcile.model import Kind
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync.models import Run, RunSkip

SHOWN = 200
"""Conflicts listed on one page: where there are more, something else is wrong."""

CODES = (ReasonCode.CONFLICT, ReasonCode.CONFLICT_ELSEWHERE)
_BY_HAND = frozenset({ConflictRule.BY_HAND, ConflictRule.TAKEN_OVER})


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One of the two. `by` is the name of its source, empty for what a person made."""

    name: str
    address: str
    kind: str
    by: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two claims to one address. `holder` is None where it is in use in another domain: whose, is not told.

    `rule` is empty, too, in that case. `source` is the source that did not get it, as long as it is there, and
    `adoptable` says whether that source may be told to take the holder over.
    """

    address: str
    holder: ShownSide | None
    wanted: ShownSide
    rule: ConflictRule | None
    settled_by: str
    message: str
    source: Source | None
    adoptable: bool


def of_run(run: Run) -> list[Conflict]:
    """The conflicts of a run by address, those of runs from before both sides were kept left out."""
    rows = RunSkip.objects.filter(run=run, reason__code__in=CODES, reason__has_key="wanted")
    sources = {
        source.owner_id: source for source in Source.objects.filter(domain=run.domain_id).select_related("owner")
    }
    return list(_conflicts_of_rows(rows.order_by("address", "id")[:SHOWN].iterator(), sources))


def as_json(conflict: Conflict) -> dict[str, object]:
    return {
        "address": conflict.address,
        "holder": None if conflict.holder is None else _side_as_json(conflict.holder),
        "wanted": _side_as_json(conflict.wanted),
        "rule": None if conflict.rule is None else conflict.rule.value,
        "message": conflict.message,
    }


def _side_as_json(side: ShownSide) -> dict[str, str | None]:
    return {"name": side.name, "address": side.address, "kind": side.kind or None, "source": side.by or None}


def _conflicts_of_rows(rows: Iterator[RunSkip], sources: Mapping[UUID, Source]) -> Iterator[Conflict]:
    for row in rows:
        (reason,) = storage.reasons_from_json([row.reason])
        facts = reason.facts
        rule = ConflictRule(facts["rule"]) if "rule" in facts else None
        source = sources.get(UUID(facts["source"]))
        # A source takes over whom it knows by the primary address, and never a static one.
        is_known = facts.get("holder") == facts["wanted"] and facts.get("holder_kind") != Kind.STATIC
        yield Conflict(
            address=row.address,
            holder=None if rule is None else _side(facts, "holder"),
            wanted=_side(facts, "wanted"),
            rule=rule,
            settled_by="Who has it keeps it." if rule is None else rule.settled,
            message=sentence(reason),
            source=source,
            adoptable=rule in _BY_HAND and is_known and source is not None and not source.adopts,
        )


def _side(facts: Mapping[str, str], side: str) -> ShownSide:
    return ShownSide(facts[f"{side}_name"], facts[side], facts[f"{side}_kind"], facts[f"{side}_by"])
