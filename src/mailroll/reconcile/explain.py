"""Codes in plain words: what happened, what it means for mail, and what to do."""

from collections.abc import Mapping

from mailroll.reconcile.conflicts import Rule
from mailroll.reconcile.guards import Finding, FindingCode
from mailroll.reconcile.reasons import Reason, ReasonCode

_REASONS = {
    ReasonCode.NEW: "Microsoft 365 has this mailbox and the list does not.",
    ReasonCode.ADOPTED: "Made by hand before, now kept by a source.",
    ReasonCode.BACK: "The mailbox is back at Microsoft 365.",
    ReasonCode.RENAMED: "The name changed from “{before}” to “{after}”.",
    ReasonCode.PRIMARY_CHANGED: "The primary address changed from {before} to {after}.",
    ReasonCode.ALIAS_ADDED: "{address} was added.",
    ReasonCode.ALIAS_GONE: "{address} is no longer one of its addresses.",
    ReasonCode.ALIAS_MOVED: "{address} belongs to {to} now.",
    ReasonCode.KIND_CHANGED: "The kind changed from {before} to {after}.",
    ReasonCode.RULE_CHANGED: "The kind is the same, for another reason than before.",
    ReasonCode.BILLABLE_CHANGED: "It is {to} now.",
    ReasonCode.GROUP_CHANGED: "It moves from the group “{before}” to “{after}”.",
    ReasonCode.SOURCE_CHANGED: "Another source keeps it now.",
    ReasonCode.GONE: "Microsoft 365 was asked for this object by its id and no longer has it.",
    ReasonCode.NO_ADDRESS_LEFT: "The object is still there, but has no address left in this domain.",
    ReasonCode.FILTERED_OUT: "The filter of “{source}” leaves it out: {rule}.",
    ReasonCode.IDENTITY_REUSED: "Its address {address} belongs to a new mailbox, {to}.",
    ReasonCode.SOURCE_REMOVED: "The source that kept it was removed, and no other source has it.",
    ReasonCode.IN_FILE: "The file has this user and the list does not.",
    ReasonCode.BACK_IN_FILE: "It was retired, and the file has it.",
    ReasonCode.NOT_IN_FILE: "The file does not have this user, and was to replace those made by hand.",
    ReasonCode.KIND_BY_HAND: "The kind was set by hand.",
    ReasonCode.PURPOSE: "The mailbox itself says what it is for: {purpose}.",
    ReasonCode.PLACE: "Microsoft 365 lists it among its rooms.",
    ReasonCode.LICENSED: "A plan with a mailbox is assigned and active.",
    ReasonCode.HYBRID: "It comes from the directory on premises, and its mailbox may be there.",
    ReasonCode.NO_PLAN: "No plan with a mailbox is assigned, so it is not billed.",
    ReasonCode.NO_MAILBOX: "No plan with a mailbox is assigned, and Microsoft 365 has no mailbox for it.",
    ReasonCode.BLOCKED: "No plan with a mailbox is assigned and its sign-in is blocked, as shared mailboxes and rooms"
    " are made.",
    ReasonCode.IS_GROUP: "It is a {form}: mail to it reaches its members.",
    ReasonCode.IS_CONTACT: "It is a mail contact.",
    ReasonCode.KIND_KEPT: "The answer did not say enough to tell the kind, so it stays as it was.",
    ReasonCode.BILLED_ELSEWHERE: "The person is billed in the domain of the primary address.",
    ReasonCode.OTHER_DOMAIN: "All of its addresses are in other domains.",
    ReasonCode.NOT_READY: "It has no mail address yet: the mailbox is not ready.",
    ReasonCode.GUEST: "It is a guest; its mailbox is in another organization.",
    ReasonCode.GROUPS_OFF: "“{source}” takes no groups.",
    ReasonCode.CONTACTS_OFF: "“{source}” takes no contacts.",
    ReasonCode.NOT_MAIL_ENABLED: "It is a group that receives no mail.",
    ReasonCode.NOT_SMTP: "Microsoft 365 keeps this for other uses than mail ({prefix}).",
    ReasonCode.MAIL_ONLY: "It stands in the property “mail” and is none of the addresses that Microsoft 365 delivers"
    " to.",
    ReasonCode.FILTER_UNDECIDED: "The filter of “{source}” cannot be decided for it: {rule}. Its user stays as it was.",
    ReasonCode.UNDECIDED: "The answer lacked {field}, so the user stays as it was.",
    ReasonCode.UNREADABLE: "Microsoft 365 sent this object in a form that cannot be read ({detail}); its user stays.",
    ReasonCode.BAD_ADDRESS: "This is not an address mail can be sent to.",
    ReasonCode.LONG_ADDRESS: "This address is longer than mail allows (64 characters before the @, 254 in all).",
    ReasonCode.WILDCARD: "An address with * stands for every address, and is never taken over.",
    ReasonCode.BAD_DOMAIN: "The part after the @ is not a mail domain.",
    ReasonCode.CONFLICT: "{holder} has this address, and one address belongs to one user.",
    ReasonCode.CONFLICT_ELSEWHERE: "This address is in use in another domain of this installation.",
    ReasonCode.EXEMPT: "It is exempt: every sync leaves it alone.",
    ReasonCode.PINNED: "It is pinned: a sync never removes it, although its mailbox is gone.",
    ReasonCode.KEPT_BY_SOURCE: "It is kept by the source “{source}”; change it there.",
    ReasonCode.KEPT_AS_STATIC: "It is a static address; change it among the static addresses.",
    ReasonCode.RETIRED_IN_FILE: "The file says that it is retired; restore it on its own page.",
    ReasonCode.PINNED_AGAINST_FILE: "It is pinned, so it stays although the file does not have it.",
    ReasonCode.WAITS: "{address} follows when the removals that wait are released.",
}

_FINDINGS = {
    FindingCode.EVERYONE_WOULD_GO: "Everyone would go: all {users} users of this domain. Nobody is removed until a"
    " person has looked; mail for them is accepted as before.",
    FindingCode.HAND_MADE_WOULD_GO: "Everyone made by hand would go: all {users} of them. Nobody is removed until a"
    " person has looked; mail for them is accepted as before.",
    FindingCode.SOURCE_EMPTY: "Microsoft 365 answered without one mailbox in this domain. Nobody is removed; check"
    " the tenant, then read again.",
    FindingCode.NO_MAILBOX: "This tenant has no mailbox in this domain, so there is nothing to add. Check that the"
    " connection leads to the right tenant.",
    FindingCode.USER_LIMIT: "{users} of {total} users would be removed; {limit} may go in one run. The removals wait"
    " for a person; mail for all of them is accepted as before.",
    FindingCode.ADDRESS_LIMIT: "{addresses} of {total} addresses would stop being accepted; {limit} may in one run."
    " They wait for a person; mail for them is accepted as before.",
    FindingCode.SOURCE_UNREAD: "{sources} of the sources of this domain could not be read, so nobody is removed until"
    " all of them answer.",
    FindingCode.TENANT_CHANGED: "The directory that answered is not the tenant this connection is bound to. Nothing"
    " of its answer was used; check the connection.",
    FindingCode.DOMAIN_NOT_VERIFIED: "The tenant has not verified this domain, so nothing it says about the domain"
    " counts. Verify the domain in Microsoft 365, or connect the tenant that owns it.",
    FindingCode.LISTING_INCOMPLETE: "Microsoft 365 left {objects} objects out of its listing that answer when asked"
    " for by id. Their users stay.",
    FindingCode.OBJECT_UNREADABLE: "{objects} objects came in a form that cannot be read. Their users stay as they"
    " were; everyone else was compared.",
    FindingCode.PROPERTIES_MISSING: "The answer lacked the addresses of {objects} objects. Their users stay as they"
    " were; everyone else was compared.",
    FindingCode.FILTER_UNDECIDED: "The filters could not be decided for {objects} objects, as what they ask for was not"
    " in the answer. Their users stay as they were.",
    FindingCode.FILTER_SELECTS_NOBODY: "The filter of a source selects nobody of this domain. Nobody is removed until a"
    " person has looked; check the filter.",
    FindingCode.TYPE_UNREAD: "The {what} could not be read: theirs stay as they are, and new ones are not seen. {why}",
    FindingCode.GROUP_NOT_TOLD: "Who is in the group “{group}” cannot be told, so the filter that names it changes"
    " nobody. {why} {help}",
    FindingCode.FILTERS_CHANGED: "The filters of this domain were changed and nobody has looked at a preview since, so"
    " nobody is removed.",
    FindingCode.DOMAIN_NOT_HERE: "{domain} is verified in this tenant, but not in this Console: {told} not taken.",
    FindingCode.CONFLICTS: "{addresses} addresses are claimed by more than one user. Each stays with the one who has"
    " it; the run lists both sides.",
}


_ONE_CONFLICT = (
    "1 address is claimed by more than one user. It stays with the one who has it; the run lists both sides."
)

# Who has it, who wants it, and what settles it.
_CONFLICTS = {
    Rule.HOLDS: "{holder} has this address, and {wanted} wants it too.",
    Rule.BY_HAND: "{holder} has this address, and {wanted} wants it too.",
    Rule.TAKEN_OVER: "{holder} was {wanted} until a person took it over.",
    Rule.PINNED: "{holder} and {wanted} want this address.",
    Rule.PRECEDENCE: "{holder} and {wanted} want this address.",
    Rule.OBJECT: "{holder} and {wanted} want this address.",
}
_SETTLED = {
    Rule.HOLDS: "Who has it keeps it.",
    Rule.BY_HAND: "What a person made no sync takes away.",
    Rule.TAKEN_OVER: "What a person took over no sync changes.",
    Rule.PINNED: "The pinned one goes first.",
    Rule.PRECEDENCE: "The earlier source goes first.",
    Rule.OBJECT: "The object id decides, the same for ever.",
}


def sentence(reason: Reason) -> str:
    facts = reason.facts
    if reason.code is ReasonCode.CONFLICT and "rule" in facts:
        rule = Rule(facts["rule"])
        return f"{_CONFLICTS[rule].format_map(_sides(facts))} {_SETTLED[rule]}"
    return _REASONS[reason.code].format_map(facts)


def settled_by(rule: Rule) -> str:
    """Say by which rule a conflict was settled."""
    return _SETTLED[rule]


def _sides(facts: Mapping[str, str]) -> dict[str, str]:
    return {
        side: _side(facts[f"{side}_name"], facts[side], facts[f"{side}_by"] or "made by hand")
        for side in ("holder", "wanted")
    }


def _side(name: str, address: str, by: str) -> str:
    return f"{name} ({address}, {by})" if name else f"{address} ({by})"


def finding_sentence(finding: Finding) -> str:
    facts = dict(finding.facts)
    if finding.code is FindingCode.CONFLICTS and facts["addresses"] == "1":
        return _ONE_CONFLICT
    return _FINDINGS[finding.code].format_map(facts)


_CAUSES = {
    ReasonCode.GONE: (
        "Deleted in Microsoft 365",
        "Each was asked for by id, and Microsoft 365 no longer has it. A mistake? Restore them there within 30 days.",
    ),
    ReasonCode.NO_ADDRESS_LEFT: (
        "No address left in this domain",
        "They still exist in Microsoft 365, but their addresses here were taken away.",
    ),
    ReasonCode.GUEST: (
        "Guests now",
        "Their mailboxes are in another organization now, so this tenant no longer receives mail for them.",
    ),
    ReasonCode.GROUPS_OFF: (
        "Groups are no longer taken",
        "The source that kept them takes no groups any more. Mail to these lists would bounce.",
    ),
    ReasonCode.CONTACTS_OFF: (
        "Contacts are no longer taken",
        "The source that kept them takes no contacts any more. Mail to them would bounce.",
    ),
    ReasonCode.NOT_MAIL_ENABLED: (
        "Groups without mail now",
        "They still exist in Microsoft 365, but mail can no longer be sent to them.",
    ),
    ReasonCode.FILTERED_OUT: (
        "Fell out of the filters",
        "They still have mailboxes, but no source selects them any more. Look at the filters of the sources.",
    ),
    ReasonCode.IDENTITY_REUSED: (
        "Made again under the same address",
        "A new mailbox has the address of an old one. The old user goes, and the new one takes its place.",
    ),
    ReasonCode.NOT_IN_FILE: (
        "Not in the file",
        "They were made by hand, and the imported file was to replace those. A mistake? Import a file that has them.",
    ),
    ReasonCode.SOURCE_REMOVED: (
        "Their source was removed",
        "Somebody removed the source that kept them, and chose that its users follow.",
    ),
}

_LEFT_OUT = {
    ReasonCode.KEPT_BY_SOURCE: "Kept by a source; change it there",
    ReasonCode.KEPT_AS_STATIC: "Static address; change it among those",
    ReasonCode.RETIRED_IN_FILE: "Retired, says the file",
    ReasonCode.PINNED_AGAINST_FILE: "Pinned: kept although the file lacks it",
    ReasonCode.OTHER_DOMAIN: "Address ends in another domain",
    ReasonCode.NOT_READY: "Mailbox not ready yet",
    ReasonCode.GUEST: "Guest, with a mailbox elsewhere",
    ReasonCode.GROUPS_OFF: "Group, and the source takes none",
    ReasonCode.CONTACTS_OFF: "Contact, and the source takes none",
    ReasonCode.NOT_MAIL_ENABLED: "Group that receives no mail",
    ReasonCode.NOT_SMTP: "Address for other uses than mail",
    ReasonCode.MAIL_ONLY: "Not among the addresses that are delivered to",
    ReasonCode.FILTER_UNDECIDED: "Filter undecided; the user stays as it was",
    ReasonCode.UNDECIDED: "Answer incomplete; the user stays as it was",
    ReasonCode.UNREADABLE: "Object not readable; the user stays as it was",
    ReasonCode.BAD_ADDRESS: "Not an address",
    ReasonCode.LONG_ADDRESS: "Address too long",
    ReasonCode.WILDCARD: "Address with *",
    ReasonCode.BAD_DOMAIN: "Not a mail domain",
    ReasonCode.CONFLICT: "Address belongs to another user",
    ReasonCode.CONFLICT_ELSEWHERE: "Address is in use in another domain",
    ReasonCode.EXEMPT: "Exempt: syncs leave the user alone",
    ReasonCode.PINNED: "Pinned: kept although the source lost it",
    ReasonCode.FILTERED_OUT: "Left out by a filter",
}


def cause(code: ReasonCode) -> tuple[str, str]:
    """Say why users would be removed: a headline, and what it means with its cure."""
    return _CAUSES.get(code, ("Other reasons", "Each row says its own."))


def left_out(code: ReasonCode) -> str:
    """Head the records that were left out for one reason."""
    return _LEFT_OUT.get(code, "Other reasons")
