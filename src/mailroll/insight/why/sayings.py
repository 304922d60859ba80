"""What there is to say of an address or a user beside the reasons of the core: the one table of it."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from mailroll import promises

_ASKED = promises.in_words(promises.ASKED)


class Mark(StrEnum):
    """How good or bad a fact is."""

    OK = "ok"
    INFO = "info"
    ATTENTION = "attention"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SayingWords:
    """The words for one fact; details stand in braces, and `{time}` for when it was or will be.

    `sentence` answers in a terminal; a page reads `headline` with `detail` below, which the time follows. Where one of
    both is empty, that face leaves the fact out: a page has a place of its own for it.
    """

    code: str
    sentence: str = ""
    mark: Mark = Mark.OK
    headline: str = ""
    detail: str = ""


class Saying(Enum):
    """An entry here is all that a new fact needs. Codes are read by other programs and never change."""

    # an address that nobody has
    ONMICROSOFT = SayingWords(
        "address_onmicrosoft",
        "It ends in a domain of Microsoft's own, and such addresses are never taken over.",
        Mark.INFO,
        headline="It ends in a domain of Microsoft's own",
        detail="Such addresses are never taken over.",
    )
    DOMAIN_NOT_HERE = SayingWords(
        "domain_not_here",
        "{domain} is not in this Console, so we have no say.",
        Mark.INFO,
        headline="{domain} is not in this Console",
        detail="So we have no say.",
    )
    NOT_IN_LIST = SayingWords(
        "not_in_list",
        "No user of {domain} has this address.",
        Mark.FAILED,
        headline="No user of {domain} has this address",
        detail="No alias and no static address is it, either.",
    )
    ALIAS_NOT_VERIFIED = SayingWords(
        "alias_not_verified",
        "{alias} is an alias domain, but no tenant that {domain} reads has verified it.",
        Mark.FAILED,
        headline="{alias} is not verified",
        detail="It is an alias domain, but no tenant that {domain} reads has verified it.",
    )
    TAGGED = SayingWords(
        "plus_addressing",
        "Without the plus sign and what follows it, it is {base}.",
        headline="Without its tag it is {base}",
        detail="As Exchange Online does, what follows a plus sign is left out where nobody has the whole address.",
    )
    PLUS = SayingWords(
        "plus_addressing",
        "With plus addressing, which Exchange Online has on by default, it would reach {base}, which {name} has. This"
        " domain has it switched off.",
        Mark.ATTENTION,
        headline="Without its tag it would be {base}",
        detail="{name} has that, but addresses with a tag are switched off for this domain.",
    )
    FORMER = SayingWords("former_address", "{name} had it before.", Mark.INFO, headline="{name} had it before")
    REMOVED_BY_HAND = SayingWords(
        "removed_by_hand",
        "It was removed by hand at {time}.",
        Mark.INFO,
        headline="It was removed by hand",
        detail="Removed",
    )
    IN_PREVIEW = SayingWords(
        "waits_in_preview",
        "A preview of {time} would add it.",
        Mark.ATTENTION,
        headline="A preview would add it",
        detail="Nothing is changed yet. Read",
    )
    IN_FILE = SayingWords(
        "waits_in_import",
        "A file that was compared at {time} would add it, once its import is applied.",
        Mark.ATTENTION,
        headline="A file would add it, once its import is applied",
        detail="Compared",
    )
    IN_HELD = SayingWords(
        "waits_in_held_plan",
        "A plan of {time} would add it, and is held for a decision.",
        Mark.ATTENTION,
        headline="A plan that is held for a decision would add it",
        detail="Read",
    )
    IN_RUN = SayingWords(
        "run_under_way",
        "A run that read at {time} is adding it now.",
        Mark.ATTENTION,
        headline="A run is adding it now",
        detail="Read",
    )
    NEVER_READ = SayingWords(
        "never_read",
        "No source of this domain has been read yet.",
        Mark.ATTENTION,
        headline="No source of this domain has been read yet",
    )
    NOT_LISTED = SayingWords(
        "not_listed",
        "The last reading, of {time}, did not show it.",
        Mark.FAILED,
        headline="The last reading did not show it",
        detail="Read",
    )
    NOT_TOLD = SayingWords(
        "not_told",
        "The last reading, of {time}, left out more than {most} records, and does not tell why each.",
        Mark.ATTENTION,
        headline="The last reading may have left it out",
        detail="It left out more than {most} records, and does not tell why each. Read",
    )
    NOT_APPLIED = SayingWords(
        "plan_not_applied",
        "The last reading, of {time}, showed it, but its plan {end}, so it was not added.",
        Mark.ATTENTION,
        headline="The last reading showed it, but its plan {end}",
        detail="So it was not added. Read",
    )
    GONE_SINCE = SayingWords(
        "gone_since",
        "The last reading, of {time}, showed it; it was taken out of the list since.",
        Mark.INFO,
        headline="It was taken out of the list since the last reading",
        detail="Read",
    )
    # who has an address, and who keeps that user
    HELD_BY = SayingWords("held_by_user", "{name} in {domain} has this address.", headline="{name} in {domain} has it")
    BY_HAND = SayingWords(
        "made_by_hand",
        "It was made by hand; no sync removes it.",
        headline="Made by hand",
        detail="No sync changes or removes it. Made",
    )
    MANAGED = SayingWords(
        "managed",
        "The source “{source}” keeps it{takes}.",
        headline="Source {place}, {source}, matches{by}",
        detail="Last read",
    )
    SOURCE_OFF = SayingWords(
        "managed",
        "The source “{source}” keeps it, and is switched off, so it stays as it is.",
        Mark.INFO,
        headline="Source {place}, {source}, is switched off",
        detail="It stays as it is.",
    )
    SOURCE_UNREAD = SayingWords(
        "managed",
        (
            "The source “{source}” keeps it. The last reading, of {time}, did not reach that source, so it stays as it"
            " is. {good}"
        ),
        Mark.ATTENTION,
        headline="Source {place}, {source}, was not read",
        detail="It stays as it is. {since}",
    )
    SOURCE_DOUBTED = SayingWords(
        "managed",
        "The source “{source}” keeps it. Its last reading, of {time}, is in doubt. {good}",
        Mark.ATTENTION,
        headline="The last reading of source {place}, {source}, is in doubt",
        detail="{since}",
    )
    NOT_JUDGED = SayingWords(
        "managed",
        "The source “{source}” keeps it. The last reading, of {time}, could not judge it: {why}",
        Mark.ATTENTION,
        headline="Source {place}, {source}, could not be compared",
        detail="{why} Last read",
    )
    SOURCE_LOST = SayingWords(
        "managed",
        "The source “{source}” kept it, and no longer has it.",
        Mark.ATTENTION,
        headline="Source {place}, {source}, no longer has it",
        detail="Last read",
    )
    SOURCE_RETIRED = SayingWords(
        "managed",
        "The source “{source}” kept it, and no longer has it.",
        Mark.FAILED,
        headline="Source {place}, {source}, no longer has it",
        detail="Retired",
    )
    SOURCE_REMOVED = SayingWords(
        "managed",
        "The source that kept it was removed.",
        Mark.ATTENTION,
        headline="Its source {source} was removed",
        detail="The next run plans to retire it.",
    )
    SOURCE_REMOVED_STAYS = SayingWords(
        "managed",
        "The source that kept it was removed.",
        Mark.ATTENTION,
        headline="Its source {source} was removed",
        detail="No run retires it.",
    )
    RETIRED_WITH_SOURCE = SayingWords(
        "managed",
        "The source that kept it was removed.",
        Mark.FAILED,
        headline="Its source {source} was removed",
        detail="Retired",
    )
    # what is planned for a user
    LEAVES_IN_PREVIEW = SayingWords(
        "leaves_in_preview",
        "A preview of {time} would retire it.",
        Mark.ATTENTION,
        headline="A preview would retire it",
        detail="Nothing is changed yet. Read",
    )
    LEAVES_IN_FILE = SayingWords(
        "leaves_in_import",
        "A file that was compared at {time} would retire it, once its import is applied.",
        Mark.ATTENTION,
        headline="An import would retire it",
        detail="Nothing is changed yet. Compared",
    )
    LEAVES_IN_HELD = SayingWords(
        "removal_waits",
        "A plan of {time} would retire it, and is held for a decision.",
        Mark.ATTENTION,
        headline="Its removal waits for a decision",
        detail="Mail for it is accepted as before. Read",
    )
    LEAVES_IN_RUN = SayingWords(
        "removal_under_way",
        "A run that read at {time} is retiring it now.",
        Mark.ATTENTION,
        headline="A run is retiring it now",
        detail="Read",
    )
    # its addresses
    NO_ADDRESS = SayingWords(
        "no_address",
        mark=Mark.FAILED,
        headline="Its addresses are another user's by now",
        detail="Mail for them goes to whoever has them.",
    )
    OWN_ADDRESS = SayingWords(
        "address_its_own", headline="The address is its own", detail="{whose}. No other claim to it."
    )
    CONTESTED = SayingWords(
        "others_have_some",
        mark=Mark.ATTENTION,
        headline="The address is its own",
        detail="{whose}. Others have {others}.",
    )
    # its kind, where no rule of the core decided
    KIND = SayingWords("kind", headline="Kind is {kind}, so {billed}", detail="The kind was given when it was added.")
    KIND_RETIRED = SayingWords(
        "kind", mark=Mark.INFO, headline="Kind is {kind}", detail="Retired users are not billed."
    )
    # what people decided of it
    GROUP_BY_HAND = SayingWords(
        "group_by_hand", mark=Mark.INFO, headline="The group was chosen by hand", detail="A sync leaves it there."
    )
    PINNED = SayingWords(
        "pinned",
        "It is pinned: a sync never removes it.",
        Mark.INFO,
        headline="Pinned",
        detail="Never removed by a sync.",
    )
    KEPT = SayingWords(
        "kept",
        "A person restored it, so no run retires it until {until}.",
        Mark.INFO,
        headline="Kept since it was restored",
        detail="No run retires it until {until}, or until somebody ends that.",
    )
    EXEMPT = SayingWords(
        "exempt",
        "It is exempt: every sync leaves it alone.",
        Mark.INFO,
        headline="Exempt",
        detail="A sync changes nothing here.",
    )
    # mail for it
    ACCEPTED = SayingWords("in_service", headline="Mail for it is accepted", detail="In the list since")
    NOTHING_ACCEPTED = SayingWords(
        "nothing_accepted", mark=Mark.FAILED, headline="Nothing is accepted for it", detail="It has no address."
    )
    ENDING = SayingWords(
        "retired",
        "It is retired; mail for it is accepted until {time}.",
        Mark.ATTENTION,
        headline="Mail for it is still accepted",
        detail="Until",
    )
    ENDING_UNCONFIRMED = SayingWords(
        "retired",
        "It is retired; mail for it is accepted until a reading confirms that it is gone, and until {time} at least.",
        Mark.ATTENTION,
        headline="Mail for it is still accepted",
        detail="Until a reading confirms that it is gone, and at least until",
    )
    PUT_OFF = SayingWords(
        "retired",
        "It is retired; mail for it is put off until {time}, so that senders try again, and refused then.",
        Mark.ATTENTION,
        headline="Mail for it is put off",
        detail="Senders try again. Refused from",
    )
    ENDED = SayingWords(
        "retired",
        "It is retired; mail for it is refused since {time}.",
        Mark.FAILED,
        headline="Mail for it is refused",
        detail="Since",
    )
    # an address that a user lost, and where in its life it is
    LEFT_BY = SayingWords(
        "address_ending",
        "{name} in {domain} had this address, and nobody wants it any more.",
        Mark.ATTENTION,
        headline="{name} in {domain} had it",
        detail="Nobody wants it any more.",
    )
    ADDRESS_ENDING = SayingWords(
        "address_accepted",
        "It ends: mail for it is accepted until {time}, then put off for a day, then refused.",
        Mark.ATTENTION,
        headline="The address ends",
        detail="Then mail for it is put off for a day, and refused after that. Accepted until",
    )
    ADDRESS_UNCONFIRMED = SayingWords(
        "address_accepted",
        "It ends since {time}: mail for it is accepted until a whole reading confirms that it is gone.",
        Mark.ATTENTION,
        headline="The address ends, once a whole reading confirms it",
        detail="Until then mail for it is accepted as before. It ends since",
    )
    ADDRESS_LATER = SayingWords(
        "address_put_off",
        "It has ended: mail for it is put off until {time}, and refused after that.",
        Mark.ATTENTION,
        headline="The address has ended, and mail for it is put off",
        detail="Refused from",
    )
    ADDRESS_ENDED = SayingWords(
        "address_ended",
        "It has ended: mail for it is refused since {time}.",
        Mark.FAILED,
        headline="The address has ended",
        detail="Refused since",
    )
    # what is known besides
    DOMAIN_HERE = SayingWords(
        "domain_here",
        "{domain} is in this Console; its list was last read as a whole at {time}, and counts for {allowed}.",
        headline="{domain} is in this Console",
        detail="The list counts for {allowed}. Last read as a whole",
    )
    DOMAIN_UNREAD = SayingWords(
        "domain_here",
        "{domain} is in this Console; its list was not read as a whole yet.",
        headline="{domain} is in this Console",
        detail="Its list was not read as a whole yet.",
    )
    DOMAIN_RESTORED = SayingWords(
        "domain_here",
        "{domain} is in this Console; it was restored from a backup of {time} and its list not read since.",
        headline="{domain} is in this Console",
        detail="Its list was not read as a whole since it was restored from a backup of",
    )
    ASKED_KNOWN = SayingWords(
        "gateways_asked",
        f"Gateways asked for it {{times}} in {_ASKED}, the last time on {{last}}, and accepted it.",
        Mark.INFO,
        headline=f"Gateways asked for it {{times}} in {_ASKED}",
        detail="They accepted it. The last time was on {last}.",
    )
    ASKED_REFUSED = SayingWords(
        "gateways_asked",
        f"Gateways asked for it {{times}} in {_ASKED}, the last time at {{last}}, and refused it.",
        Mark.INFO,
        headline=f"Gateways asked for it {{times}} in {_ASKED}",
        detail="They were told that nobody has it. The last time was",
    )
    # what the domain makes of it
    POSTMASTER = SayingWords(
        "postmaster",
        "Every domain that takes mail takes it for postmaster.",
        headline="postmaster is always accepted",
        detail="Every domain that takes mail has to take it for this address (RFC 5321).",
    )
    PASSED = SayingWords(
        "passed_through",
        "{domain} lets all mail through, whoever is in the list.",
        Mark.ATTENTION,
        headline="{domain} lets all mail through",
        detail="Every address is accepted, whoever is in the list.",
    )
    WATCHED = SayingWords(
        "watched",
        "{domain} is only watched: mail for it is accepted, and would not be if the list were served.",
        Mark.ATTENTION,
        headline="{domain} is only watched",
        detail="So it is accepted. If the list were served, it would not be.",
    )
    KNOWN_WAITING = SayingWords(
        "address_waits",
        "It is known, and only waits to be added: mail for it is put off, not refused.",
        Mark.ATTENTION,
        headline="It is known, and only waits to be added",
        detail="So mail for it is put off, not refused.",
    )
    STALE = SayingWords(
        "list_stale",
        "{domain} was last read as a whole at {time}, more than {allowed} ago, so nobody is refused: mail is put off.",
        Mark.ATTENTION,
        headline="The list is too old to refuse anybody on",
        detail="It counts for {allowed}. Last read as a whole",
    )
    UNREAD = SayingWords(
        "list_stale",
        "No source of {domain} was read as a whole yet, so nobody is refused: mail is put off.",
        Mark.ATTENTION,
        headline="No list to refuse anybody on",
        detail="No source of {domain} was read as a whole yet, so mail is put off.",
    )
    RESTORED = SayingWords(
        "list_restored",
        "{domain} was restored from a backup of {time}, and no source of it was read as a whole since, so nobody is"
        " refused: mail is put off.",
        Mark.ATTENTION,
        headline="Restored from a backup, and not read since",
        detail="So mail is put off until a source was read as a whole. The backup is of",
    )
    EMPTY = SayingWords(
        "list_empty",
        "Nobody is in the list of {domain}, so nobody is refused on it: mail is put off.",
        Mark.ATTENTION,
        headline="Nobody is in the list of {domain}",
        detail="So nobody is refused on it: mail is put off.",
    )
