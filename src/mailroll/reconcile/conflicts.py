"""Two claims to one address: both sides, and the rule that settles it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import Kind, SourceSpec
from mailroll.reconcile.reasons import Reason, ReasonCode


class ConflictRule(StrEnum):
    """What settles a conflict, each with its words: who has the address and who wants it, and what settles it.

    Order of arrival never does.
    """

    claim: str
    settled: str

    def __new__(cls, code: str, claim: str = "", settled: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.claim, member.settled = claim, settled
        return member

    HOLDS = "holds", "{holder} has this address, and {wanted} wants it too.", "Who has it keeps it."
    BY_HAND = (
        "by_hand",
        "{holder} has this address, and {wanted} wants it too.",
        "What a person made no sync takes away.",
    )
    TAKEN_OVER = (
        "taken_over",
        "{holder} was {wanted} until a person took it over.",
        "What a person took over no sync changes.",
    )
    PINNED = "pinned", "{holder} and {wanted} want this address.", "The pinned one goes first."
    PRECEDENCE = "precedence", "{holder} and {wanted} want this address.", "The earlier source goes first."
    OBJECT = "object", "{holder} and {wanted} want this address.", "The object id decides, the same for ever."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `by` is the label of the source behind it, empty for what a person made."""

    name: str
    primary: Address | None
    kind: Kind | Unset
    by: str


def taken(rule: ConflictRule, holder: Side, loser: Side, source: SourceSpec) -> Reason:
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


def taken_elsewhere(loser: Side, source: SourceSpec) -> Reason:
    """Tell that somebody of another domain has it; who, is nobody's business here."""
    return Reason.of(ReasonCode.CONFLICT_ELSEWHERE, **_loser(loser, source))


def _loser(side: Side, source: SourceSpec) -> dict[str, str]:
    return {
        "wanted": side.primary or "",
        "wanted_name": side.name,
        "wanted_kind": _kind(side),
        "wanted_by": side.by,
        "source": str(source.id),
    }


def _kind(side: Side) -> str:
    return "" if side.kind is UNSET else side.kind.value
