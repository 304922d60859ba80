"""Two claims to one address: both sides, and the rule that settles it."""

from dataclasses import dataclass
from enum import StrEnum

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import Kind, Source
from mailroll.reconcile.reasons import Reason, ReasonCode


class Rule(StrEnum):
    """What settles a conflict; order of arrival never does. Every rule has its sentence in `explain`."""

    HOLDS = "holds"
    BY_HAND = "by_hand"
    TAKEN_OVER = "taken_over"
    PINNED = "pinned"
    PRECEDENCE = "precedence"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `by` is the label of the source behind it, empty for what a person made."""

    name: str
    primary: Address | None
    kind: Kind | Unset
    by: str


def taken(rule: Rule, holder: Side, loser: Side, source: Source) -> Reason:
    """Tell who has an address that this source's object wanted, too."""
    return Reason.of(
        ReasonCode.CONFLICT,
        rule=rule.value,
        holder=holder.primary or "",
        holder_name=holder.name,
        holder_kind=_kind(holder),
        holder_by=holder.by,
        **_loser(loser, source),
    )


def taken_elsewhere(loser: Side, source: Source) -> Reason:
    """Tell that somebody of another domain has it; who, is nobody's business here."""
    return Reason.of(ReasonCode.CONFLICT_ELSEWHERE, **_loser(loser, source))


def _loser(side: Side, source: Source) -> dict[str, str]:
    return {
        "wanted": side.primary or "",
        "wanted_name": side.name,
        "wanted_kind": _kind(side),
        "wanted_by": side.by,
        "source": str(source.id),
    }


def _kind(side: Side) -> str:
    return "" if side.kind is UNSET else side.kind.value
