"""Findings: what a guard has to say of a reading or a plan. A code, its level, its sentence, and the facts it needs."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Self


class Level(StrEnum):
    """What a finding does to a plan, from nothing to everything."""

    NOTE = "note"
    WARNING = "warning"
    HOLDS_REMOVALS = "holds-removals"
    HOLDS_PLAN = "holds-plan"


class Remedy(Enum):
    """What makes right what a finding holds.

    READING: the answer was not whole or not the right one, so another reading tells; a person's decision would be a
    guess. OTHERS: one source is in doubt, whose users stay; a person may decide on those of the others. Where every
    source is, only another reading tells.
    """

    DECISION = "decision"
    READING = "reading"
    OTHERS = "others"


class FindingCode(StrEnum):
    """The table of all findings; an entry here is all that a new one needs. Codes are stored and never change.

    `level`: what it does to a plan, unless its guard sees a reason for another. `sentence`: facts stand in braces, and
    `{directory}` for what people call the outside directory.
    """

    level: Level
    sentence: str
    remedy: Remedy

    def __new__(
        cls, code: str, level: Level = Level.NOTE, sentence: str = "", remedy: Remedy = Remedy.DECISION
    ) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.level, member.sentence, member.remedy = level, sentence, remedy
        return member

    EVERYONE_WOULD_GO = (
        "everyone_would_go",
        Level.HOLDS_REMOVALS,
        (
            "Everyone would go: all {users} users of this domain. Nobody is removed until a person has looked; mail"
            " for them is accepted as before."
        ),
    )
    HAND_MADE_WOULD_GO = (
        "hand_made_would_go",
        Level.HOLDS_REMOVALS,
        (
            "Everyone made by hand would go: all {users} of them. Nobody is removed until a person has looked; mail"
            " for them is accepted as before."
        ),
    )
    SOURCE_EMPTY = (
        "source_empty",
        Level.HOLDS_REMOVALS,
        (
            "{directory} answered “{source}” without one mailbox in this domain. Nobody is removed; check the tenant,"
            " then read again."
        ),
    )
    NO_MAILBOX = (
        "no_mailbox_in_domain",
        Level.WARNING,
        (
            "The tenant of “{source}” has no mailbox in this domain, so there is nothing to add. Check that the"
            " connection leads to the right tenant."
        ),
    )
    DOMAIN_UNPROVED = (
        "alias_domain_not_proved",
        Level.WARNING,
        (
            "No tenant of this domain proved {domain} at this reading. Addresses there stay as they are, and new ones"
            " wait.{since} Verify the domain in {directory}, or remove the alias domain."
        ),
    )
    NO_ADDRESSES_SHOWN = (
        "addresses_not_shown",
        Level.WARNING,
        (
            "{objects} mailboxes with a licence came without any address, which cannot be. Their users stay as they"
            " were; read again, and look at the mailboxes if it stays so."
        ),
        Remedy.READING,
    )
    USER_LIMIT = (
        "removal_limit",
        Level.HOLDS_REMOVALS,
        (
            "{users} of {total} users would be removed; {limit} may go in one run. The removals wait for a person;"
            " mail for all of them is accepted as before."
        ),
    )
    ADDRESS_LIMIT = (
        "address_limit",
        Level.HOLDS_REMOVALS,
        (
            "{addresses} of {total} addresses would stop being accepted; {limit} may in one run. They wait for a"
            " person; mail for them is accepted as before."
        ),
    )
    USER_LIMIT_DAY = (
        "removal_limit_day",
        Level.HOLDS_REMOVALS,
        (
            "{gone} of {total} users went within 24 hours, and {more} more would; {limit} may. The removals wait for"
            " a person; mail for all of them is accepted as before."
        ),
    )
    USER_LIMIT_WEEK = (
        "removal_limit_week",
        Level.HOLDS_REMOVALS,
        (
            "{gone} of {total} users went within 7 days, and {more} more would; {limit} may. The removals wait for a"
            " person; mail for all of them is accepted as before."
        ),
    )
    ADDRESS_LIMIT_DAY = (
        "address_limit_day",
        Level.HOLDS_REMOVALS,
        (
            "{gone} of {total} addresses stopped being accepted within 24 hours, and {more} more would; {limit} may."
            " They wait for a person; mail for them is accepted as before."
        ),
    )
    ADDRESS_LIMIT_WEEK = (
        "address_limit_week",
        Level.HOLDS_REMOVALS,
        (
            "{gone} of {total} addresses stopped being accepted within 7 days, and {more} more would; {limit} may."
            " They wait for a person; mail for them is accepted as before."
        ),
    )
    GROWTH_LIMIT = (
        "growth_limit",
        Level.HOLDS_PLAN,
        (
            "{users} users would be added where there are {total}; {limit} may in one run. Nothing is changed until a"
            " person has looked; check the sources and their filters."
        ),
    )
    BILLING_LIMIT = (
        "billing_limit",
        Level.HOLDS_PLAN,
        (
            "{users} more users would be billed where {total} are; {limit} may in one run. Nothing is changed until a"
            " person has looked; check the sources and their filters."
        ),
    )
    SOURCE_UNREAD = (
        "source_unread",
        Level.HOLDS_REMOVALS,
        (
            "The source “{source}” could not be read. Its users stay as they are, and nobody else is removed without a"
            " person's word until it answers."
        ),
        Remedy.OTHERS,
    )
    TENANT_CHANGED = (
        "tenant_changed",
        Level.HOLDS_REMOVALS,
        (
            "The directory that answered for “{source}” is not the tenant its connection is bound to. Nothing of its"
            " answer was used; check the connection."
        ),
        Remedy.OTHERS,
    )
    DOMAIN_NOT_VERIFIED = (
        "domain_not_verified",
        Level.HOLDS_REMOVALS,
        (
            "The tenant of “{source}” has not verified this domain, so nothing it says about the domain counts. Verify"
            " the domain in {directory}, or connect the tenant that owns it."
        ),
        Remedy.OTHERS,
    )
    LISTING_INCOMPLETE = (
        "listing_incomplete",
        Level.HOLDS_REMOVALS,
        (
            "{directory} left {objects} objects, or addresses of theirs, out of its listing that are there when asked"
            " for by id. They stay."
        ),
        Remedy.READING,
    )
    OBJECT_UNREADABLE = (
        "object_unreadable",
        Level.WARNING,
        (
            "{objects} objects came in a form that cannot be read. Their users stay as they were; everyone else was"
            " compared."
        ),
        Remedy.READING,
    )
    PROPERTIES_MENDED = (
        "properties_mended",
        Level.NOTE,
        (
            "{objects} objects have properties that could not be taken as they were sent ({properties}): {names}. Such"
            " a property was shortened, replaced or left as it was; every address that can be read counts."
        ),
    )
    PROPERTIES_MISSING = (
        "properties_missing",
        Level.WARNING,
        (
            "The answer lacked the addresses of {objects} objects. Their users stay as they were; everyone else was"
            " compared."
        ),
    )
    FILTER_UNDECIDED = (
        "filter_undecided",
        Level.WARNING,
        (
            "The filters could not be decided for {objects} objects, as what they ask for was not in the answer."
            " Their users stay as they were."
        ),
    )
    FILTER_SELECTS_NOBODY = (
        "filter_selects_nobody",
        Level.HOLDS_REMOVALS,
        (
            "The filter of a source selects nobody of this domain. Nobody is removed until a person has looked; check"
            " the filter."
        ),
    )
    FILTER_DECIDES_NOBODY = (
        "filter_decides_nobody",
        Level.HOLDS_PLAN,
        (
            "This is the first sync, and a filter could be decided for nobody: what it asks for was not in the answer."
            " Nothing is applied; see what the reading lacked, or change the filter, then read again."
        ),
        Remedy.READING,
    )
    MEMBERSHIPS_LOST = (
        "memberships_lost",
        Level.NOTE,
        (
            "{users} users were missing in lists of members and are members all the same, as {directory} says when"
            " asked about each of them. They stay."
        ),
    )
    MEMBERSHIPS_UNCHECKED = (
        "memberships_unchecked",
        Level.WARNING,
        (
            "{users} users are missing in lists of members, so a filter would leave them out or move them, and"
            " {directory} could not be asked about each of them in this run. They stay as they are until it has been."
        ),
        Remedy.READING,
    )
    CONFLICTS = (
        "conflicts",
        Level.WARNING,
        (
            "{addresses} addresses are claimed by more than one user. Each stays with the one who has it; the run"
            " lists both sides."
        ),
    )
    DOMAIN_NOT_HERE = (
        "tenant_domain_not_here",
        Level.NOTE,
        "{domain} is verified in this tenant, but it is none of your domains here: {told} not taken.",
    )
    # what a run finds before the core is asked
    ALIAS_PROVED_ELSEWHERE = (
        "alias_proved_elsewhere",
        Level.WARNING,
        (
            "{domain} is verified in this tenant, but it was proved for another domain of this installation first, so"
            " its addresses are not taken. Ask your provider."
        ),
    )
    DOMAIN_CLAIMED = (
        "domain_claimed",
        Level.HOLDS_REMOVALS,
        (
            "{domain} was proved by another organization of this installation, too. It stays yours, and nobody is"
            " removed until your provider decides; if it was given away, remove the domain here."
        ),
    )
    ALIAS_CLAIMED = (
        "alias_claimed",
        Level.HOLDS_REMOVALS,
        (
            "{domain} was proved for another domain of this installation, too. It stays yours, and nobody is removed"
            " until your provider decides; if it was given away, remove the alias domain here."
        ),
    )
    ALIAS_NOT_VOUCHED = (
        "alias_not_vouched",
        Level.WARNING,
        (
            "{domain} is verified in a tenant of a custom cloud, which is no proof as long as nobody at your provider"
            " vouches for that connection: its addresses are not taken. Ask your provider to add the alias domain."
        ),
    )
    TYPE_UNREAD = (
        "type_unread",
        Level.WARNING,
        "The {what} could not be read: theirs stay as they are, and new ones are not seen. {why}",
    )
    NOTHING_TOLD = (
        "nothing_told",
        Level.NOTE,
        "Asked what changed, {directory} told of nothing, so this run listed nobody.",
    )
    CHANGES_TOLD = (
        "changes_told",
        Level.NOTE,
        "Asked what changed, {directory} told of {told}. This run asked for {asked} by id, and listed nobody.",
    )
    CHANGES_UNTOLD = (
        "changes_untold",
        Level.NOTE,
        (
            "Asked what changed, {directory} told of nothing. Listing everybody, as is done once a day, found changes"
            " all the same: {changes} in all."
        ),
    )
    PERMISSION_LOST = (
        "permission_lost",
        Level.WARNING,
        (
            "{tenant} no longer grants the permission {permission}. Without it: {without}. Nobody is removed by that."
            " Let an administrator of the tenant consent again."
        ),
    )
    GROUP_NOT_TOLD = (
        "group_not_told",
        Level.WARNING,
        "Who is in the group “{group}” cannot be told, so the filter that names it changes nobody. {why} {help}",
    )
    MAILBOXES_SILENT = (
        "mailboxes_silent",
        Level.WARNING,
        "The mailboxes of “{source}” do not tell what they are for, so kinds are guessed from licences. {why} {help}",
    )
    FILTERS_CHANGED = (
        "filters_changed",
        Level.HOLDS_REMOVALS,
        "The filters of this domain were changed and nobody has looked at a preview since, so nobody is removed.",
    )
    REMOVALS_PAUSED = (
        "removals_paused",
        Level.HOLDS_REMOVALS,
        (
            "Removals are paused {where} since {since}: nobody is removed and no address ends until somebody resumes"
            " them. Mail for them is accepted as before."
        ),
    )
    # what a decision about an old plan finds
    STILL_THERE = (
        "still_there",
        Level.WARNING,
        "There when asked for again, though to go by an older reading: {what} ({who}). Nothing of that was done.",
    )
    NOT_ASKED = (
        "not_asked_again",
        Level.HOLDS_REMOVALS,
        "Not asked for again, so waiting: {what}. {why} Mail for them is accepted as before.",
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a guard has to say. `facts` fill the sentence."""

    code: FindingCode
    level: Level
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: FindingCode, level: Level | None = None, **facts: object) -> "Finding":
        return cls(code, level or code.level, tuple(sorted((name, str(value)) for name, value in facts.items())))
