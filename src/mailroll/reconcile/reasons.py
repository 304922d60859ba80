"""Reasons: why a change is in a plan, or why a record is not. A code, and the facts its sentence needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    """A closed list; every code has its sentence in `explain`."""

    # why something changes
    NEW = "new_at_source"
    ADOPTED = "adopted"
    BACK = "back_at_source"
    RENAMED = "renamed"
    PRIMARY_CHANGED = "primary_changed"
    ALIAS_ADDED = "alias_added"
    ALIAS_GONE = "alias_gone"
    ALIAS_MOVED = "address_moved"
    KIND_CHANGED = "kind_changed"
    BILLABLE_CHANGED = "billable_changed"
    GROUP_CHANGED = "group_changed"
    SOURCE_CHANGED = "source_changed"
    GONE = "gone_at_source"
    NO_ADDRESS_LEFT = "no_address_left"
    FILTERED_OUT = "filtered_out"
    IDENTITY_REUSED = "address_has_new_mailbox"
    SOURCE_REMOVED = "source_removed"
    # what kind it is, and why
    LICENSED = "licensed_mailbox"
    NO_PLAN = "no_mailbox_plan"
    KIND_KEPT = "kind_unknown_kept"
    KIND_BY_HAND = "kind_by_hand"
    BILLED_ELSEWHERE = "billed_in_primary_domain"
    # why a record is left out, or stays as it was
    OTHER_DOMAIN = "other_domain"
    NOT_READY = "mailbox_not_ready"
    GUEST = "guest"
    UNDECIDED = "properties_missing"
    UNREADABLE = "unreadable"
    BAD_ADDRESS = "address_syntax"
    LONG_ADDRESS = "address_too_long"
    WILDCARD = "address_wildcard"
    BAD_DOMAIN = "address_domain"
    CONFLICT = "address_taken"
    CONFLICT_ELSEWHERE = "address_taken_elsewhere"
    EXEMPT = "exempt"
    PINNED = "pinned"
    WAITS = "waits_for_removal"


STANDING = frozenset(
    {
        ReasonCode.LICENSED,
        ReasonCode.NO_PLAN,
        ReasonCode.KIND_KEPT,
        ReasonCode.KIND_BY_HAND,
        ReasonCode.BILLED_ELSEWHERE,
    }
)
"""Reasons that say what a user is, whatever part of a change is applied."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`details` hold plain strings only, so that a stored plan reads back equal."""

    code: ReasonCode
    details: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: ReasonCode, **details: str) -> "Reason":
        return cls(code, tuple(sorted(details.items())))

    @property
    def facts(self) -> Mapping[str, str]:
        return dict(self.details)


@dataclass(frozen=True, slots=True)
class Skip:
    """A record, or one address of a record, that stays out of the roll, and why."""

    external_id: str | None
    address: str | None
    reason: Reason
