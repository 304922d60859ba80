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
    RULE_CHANGED = "kind_rule_changed"
    BILLABLE_CHANGED = "billable_changed"
    GROUP_CHANGED = "group_changed"
    SOURCE_CHANGED = "source_changed"
    GONE = "gone_at_source"
    NO_ADDRESS_LEFT = "no_address_left"
    FILTERED_OUT = "filtered_out"
    IDENTITY_REUSED = "address_has_new_mailbox"
    SOURCE_REMOVED = "source_removed"
    IN_FILE = "new_in_file"
    BACK_IN_FILE = "back_in_file"
    NOT_IN_FILE = "not_in_file"
    # what kind it is, and why
    KIND_BY_HAND = "kind_by_hand"
    PURPOSE = "mailbox_purpose"
    PLACE = "listed_as_room"
    LICENSED = "licensed_mailbox"
    HYBRID = "mailbox_on_premises"
    NO_PLAN = "no_mailbox_plan"
    NO_MAILBOX = "no_mailbox"
    BLOCKED = "sign_in_blocked"
    IS_GROUP = "mail_group"
    IS_CONTACT = "mail_contact"
    KIND_KEPT = "kind_unknown_kept"
    BILLED_ELSEWHERE = "billed_in_primary_domain"
    # why a record is left out, or stays as it was
    OTHER_DOMAIN = "other_domain"
    NOT_READY = "mailbox_not_ready"
    GUEST = "guest"
    GROUPS_OFF = "groups_off"
    CONTACTS_OFF = "contacts_off"
    NOT_MAIL_ENABLED = "not_mail_enabled"
    NOT_SMTP = "not_a_mail_address"
    MAIL_ONLY = "mail_not_proved"
    FILTER_UNDECIDED = "filter_undecided"
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
    KEPT_BY_SOURCE = "kept_by_source"
    KEPT_AS_STATIC = "kept_as_static"
    RETIRED_IN_FILE = "retired_in_file"
    PINNED_AGAINST_FILE = "pinned_against_file"


KIND_RULES = frozenset(
    {
        ReasonCode.KIND_BY_HAND,
        ReasonCode.PURPOSE,
        ReasonCode.PLACE,
        ReasonCode.LICENSED,
        ReasonCode.HYBRID,
        ReasonCode.NO_PLAN,
        ReasonCode.NO_MAILBOX,
        ReasonCode.BLOCKED,
        ReasonCode.IS_GROUP,
        ReasonCode.IS_CONTACT,
        ReasonCode.KIND_KEPT,
    }
)
"""Reasons for a kind: the roll keeps the one that decided."""

STANDING = KIND_RULES | {ReasonCode.BILLED_ELSEWHERE}
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
