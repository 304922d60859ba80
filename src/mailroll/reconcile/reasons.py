"""Reasons: why a change is in a plan, or why a record is not. A code, its words, and the facts they need."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, cast


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of one reason; facts stand in braces, and `{directory}` for what people call the outside directory.

    `left_out` heads the records that were left out for it. `cause`, where users would be removed for it: a headline,
    and what it means with its cure. `decides_kind`: it names what decided the kind of a user; the roll keeps it.
    `by_choice`: a source's own switch or filter gives it, so another source may decide otherwise.
    """

    code: str
    sentence: str
    left_out: str = "Other reasons"
    cause: tuple[str, str] = ("Other reasons", "Each row says its own.")
    decides_kind: bool = False
    by_choice: bool = False


class ReasonCode(StrEnum):
    """The table of all reasons; an entry here is all that a new one needs. Codes are stored and never change."""

    wording: Wording

    def __new__(cls, entry: Wording | str) -> Self:
        # Made of its wording; whoever looks it up afterwards by its code never gets here.
        phrases = cast("Wording", entry)
        member = str.__new__(cls, phrases.code)
        member._value_ = phrases.code
        member.wording = phrases
        return member

    # why something changes
    NEW = Wording("new_at_source", "{directory} has it and the list does not.")
    ADOPTED = Wording("adopted", "Made by hand before, now kept by a source.")
    BACK = Wording("back_at_source", "The mailbox is back at {directory}.")
    RENAMED = Wording("renamed", "The name changed from “{before}” to “{after}”.")
    PRIMARY_CHANGED = Wording("primary_changed", "The primary address changed from {before} to {after}.")
    ALIAS_ADDED = Wording("alias_added", "{address} was added.")
    ALIAS_GONE = Wording("alias_gone", "{address} is no longer one of its addresses.")
    ALIAS_MOVED = Wording("address_moved", "{address} belongs to {to} now.")
    KIND_CHANGED = Wording("kind_changed", "The kind changed from {before} to {after}.")
    RULE_CHANGED = Wording("kind_rule_changed", "The kind is the same, for another reason than before.")
    BILLABLE_CHANGED = Wording("billable_changed", "It is {to} now.")
    GROUP_CHANGED = Wording("group_changed", "It moves from the group “{before}” to “{after}”.")
    SOURCE_CHANGED = Wording("source_changed", "Another source keeps it now.")
    LISTED_AGAIN = Wording("listed_again", "It was kept since a person restored it; it is listed again, so that ends.")
    GONE = Wording(
        "gone_at_source",
        "{directory} was asked for it by its id and no longer has it.",
        cause=(
            "Deleted in {directory}",
            (
                "Each was asked for by id, and {directory} no longer has it. A mistake?"
                " Restore them there within 30 days."
            ),
        ),
    )
    NO_ADDRESS_LEFT = Wording(
        "no_address_left",
        "The object is still there, but has no address left in this domain.",
        cause=(
            "No address left in this domain",
            "They still exist in {directory}, but their addresses here were taken away.",
        ),
    )
    FILTERED_OUT = Wording(
        "filtered_out",
        "The filter of “{source}” leaves it out by this rule: {rule}.",
        left_out="Left out by a filter",
        cause=(
            "Fell out of the filters",
            "They still have mailboxes, but no source selects them any more. Look at the filters of the sources.",
        ),
        by_choice=True,
    )
    IDENTITY_REUSED = Wording(
        "address_has_new_mailbox",
        "Its address {address} belongs to a new mailbox, {to}.",
        cause=(
            "Made again under the same address",
            "A new mailbox has the address of an old one. The old user goes, and the new one takes its place.",
        ),
    )
    SOURCE_REMOVED = Wording(
        "source_removed",
        "The source that kept it was removed, and no other source has it.",
        cause=(
            "Their source was removed",
            "Somebody removed the source that kept them, and chose that its users follow.",
        ),
    )
    IN_FILE = Wording("new_in_file", "The file has this user and the list does not.")
    BACK_IN_FILE = Wording("back_in_file", "It was retired, and the file has it.")
    NOT_IN_FILE = Wording(
        "not_in_file",
        "The file does not have this user, and was to replace those made by hand.",
        cause=(
            "Not in the file",
            (
                "They were made by hand, and the imported file was to replace those. A mistake?"
                " Import a file that has them."
            ),
        ),
    )
    # what kind it is, and why
    KIND_BY_HAND = Wording("kind_by_hand", "The kind was set by hand.", decides_kind=True)
    PURPOSE = Wording("mailbox_purpose", "The mailbox itself says what it is for: {purpose}.", decides_kind=True)
    PLACE = Wording("listed_as_room", "{directory} lists it among its rooms.", decides_kind=True)
    LICENSED = Wording("licensed_mailbox", "A plan with a mailbox is assigned and active.", decides_kind=True)
    LAPSED = Wording(
        "mailbox_plan_lapsed",
        "Its plan with a mailbox is suspended or locked, as nobody renewed it. The mailbox is kept until the plan has"
        " ended, and so is the person.",
        decides_kind=True,
    )
    HYBRID = Wording(
        "mailbox_on_premises",
        "It comes from the directory on premises, and its mailbox may be there.",
        decides_kind=True,
    )
    NO_PLAN = Wording("no_mailbox_plan", "No plan with a mailbox is assigned, so it is not billed.", decides_kind=True)
    NO_MAILBOX = Wording(
        "no_mailbox", "No plan with a mailbox is assigned, and {directory} has no mailbox for it.", decides_kind=True
    )
    BLOCKED = Wording(
        "sign_in_blocked",
        "No plan with a mailbox is assigned and its sign-in is blocked, as shared mailboxes and rooms are made.",
        decides_kind=True,
    )
    IS_GROUP = Wording("mail_group", "It is a {form}: mail to it reaches its members.", decides_kind=True)
    IS_CONTACT = Wording("mail_contact", "It is a mail contact.", decides_kind=True)
    IS_AGENT = Wording(
        "agent_user", "It is an agent, a program with an account of its own, so it is not billed.", decides_kind=True
    )
    KIND_KEPT = Wording(
        "kind_unknown_kept", "The answer did not say enough to tell the kind, so it stays as it was.", decides_kind=True
    )
    BILLED_ELSEWHERE = Wording("billed_in_primary_domain", "The person is billed in the domain of the primary address.")
    # why a record is left out, or stays as it was
    OTHER_DOMAIN = Wording(
        "other_domain", "All of its addresses are in other domains.", left_out="Address ends in another domain"
    )
    NOT_READY = Wording(
        "mailbox_not_ready", "It has no mail address yet: the mailbox is not ready.", left_out="Mailbox not ready yet"
    )
    UNPROVED = Wording(
        "domain_not_proved",
        "No tenant of this domain proved {domain} at this reading: what is held there stays, what is new there waits.",
        left_out="In a domain that this reading does not prove",
    )
    GUEST = Wording(
        "guest",
        "It is a guest; its mailbox is in another organization.",
        left_out="Guest, with a mailbox elsewhere",
        cause=(
            "Guests now",
            "Their mailboxes are in another organization now, so this tenant no longer receives mail for them.",
        ),
        by_choice=True,
    )
    GROUPS_OFF = Wording(
        "groups_off",
        "“{source}” takes no groups.",
        left_out="Group, and the source takes none",
        cause=(
            "Groups are no longer taken",
            "The source that kept them takes no groups any more. Mail to these lists would bounce.",
        ),
        by_choice=True,
    )
    CONTACTS_OFF = Wording(
        "contacts_off",
        "“{source}” takes no contacts.",
        left_out="Contact, and the source takes none",
        cause=(
            "Contacts are no longer taken",
            "The source that kept them takes no contacts any more. Mail to them would bounce.",
        ),
        by_choice=True,
    )
    NOT_MAIL_ENABLED = Wording(
        "not_mail_enabled",
        "It is a group that receives no mail.",
        left_out="Group that receives no mail",
        cause=(
            "Groups without mail now",
            "They still exist in {directory}, but mail can no longer be sent to them.",
        ),
    )
    NOT_SMTP = Wording(
        "not_a_mail_address",
        "{directory} keeps this for other uses than mail ({prefix}).",
        left_out="Address for other uses than mail",
    )
    MAIL_ONLY = Wording(
        "mail_not_proved",
        "It stands in the property “mail” and is none of the addresses that {directory} delivers to.",
        left_out="Not among the addresses that are delivered to",
    )
    FILTER_UNDECIDED = Wording(
        "filter_undecided",
        "The filter of “{source}” cannot be decided for it: {rule}. Its user stays as it was.",
        left_out="Filter undecided; the user stays as it was",
        by_choice=True,
    )
    UNDECIDED = Wording(
        "properties_missing",
        "The answer lacked {field}, so the user stays as it was.",
        left_out="Answer incomplete; the user stays as it was",
    )
    UNREADABLE = Wording(
        "unreadable",
        "{directory} sent this object in a form that cannot be read ({detail}); its user stays.",
        left_out="Object not readable; the user stays as it was",
    )
    NAMELESS = Wording(
        "object_without_id",
        "{directory} sent {what} without an id that can be read, so nothing of it is taken.",
        left_out="Object without an id that can be read",
    )
    BAD_ADDRESS = Wording("address_syntax", "This is not an address mail can be sent to.", left_out="Not an address")
    LONG_ADDRESS = Wording(
        "address_too_long",
        "This address is longer than mail allows (64 characters before the @, 254 in all).",
        left_out="Address too long",
    )
    WILDCARD = Wording(
        "address_wildcard",
        "An address with * stands for every address, and is never taken over.",
        left_out="Address with *",
    )
    BAD_DOMAIN = Wording("address_domain", "The part after the @ is not a mail domain.", left_out="Not a mail domain")
    CONFLICT = Wording(
        "address_taken",
        "{holder} has this address, and one address belongs to one user.",
        left_out="Address belongs to another user",
    )
    CONFLICT_ELSEWHERE = Wording(
        "address_taken_elsewhere",
        "This address is in use in another domain of this installation.",
        left_out="Address is in use in another domain",
    )
    EXEMPT = Wording(
        "exempt", "It is exempt: every sync leaves it alone.", left_out="Exempt: syncs leave the user alone"
    )
    PINNED = Wording(
        "pinned",
        "It is pinned: a sync never removes it, although its mailbox is gone.",
        left_out="Pinned: kept although the source lost it",
    )
    KEPT = Wording(
        "kept",
        "A person restored it, so it is kept until its source has it again.",
        left_out="Kept: restored by a person",
    )
    STILL_THERE = Wording(
        "still_there",
        "It was to go by an older reading, and was there when it was asked for again, so it stays.",
        left_out="Still there when asked for again; it stays",
    )
    WAITS = Wording("waits_for_removal", "{address} follows when the removals that wait are released.")
    KEPT_BY_SOURCE = Wording(
        "kept_by_source",
        "It is kept by the source “{source}”; change it there.",
        left_out="Kept by a source; change it there",
    )
    KEPT_AS_STATIC = Wording(
        "kept_as_static",
        "It is a static address; change it among the static addresses.",
        left_out="Static address; change it among those",
    )
    RETIRED_IN_FILE = Wording(
        "retired_in_file",
        "The file says that it is retired; restore it on its own page.",
        left_out="Retired, says the file",
    )
    PINNED_AGAINST_FILE = Wording(
        "pinned_against_file",
        "It is pinned, so it stays although the file does not have it.",
        left_out="Pinned: kept although the file lacks it",
    )
    KEPT_AGAINST_FILE = Wording(
        "kept_against_file",
        "A person restored it, so it is kept until a file has it again.",
        left_out="Kept: restored by a person",
    )


KIND_RULES: Final = frozenset(code for code in ReasonCode if code.wording.decides_kind)
"""Reasons for a kind: the roll keeps the one that decided."""

STANDING: Final = KIND_RULES | {ReasonCode.BILLED_ELSEWHERE}
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

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands among others: by the object, which comes first, then by the address."""
        if self.external_id is None:
            return "", self.address or repr(self.reason.details)
        return self.external_id, self.address or ""
