"""What there is to say of an address, and of how its domain answers for it: the one table of it."""

from enum import Enum

from mailroll import promises
from mailroll.insight.why.sayings import Mark, SayingWords

_ASKED = promises.in_words(promises.ASKED)


class AddressSaying(Enum):
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
