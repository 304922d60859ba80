"""What there is to say of a user beside the reasons of the core: the one table of it."""

from enum import Enum

from mailroll import promises
from mailroll.insight.why.sayings import Mark, SayingWords

_LATER = promises.in_words(promises.LATER)


class UserSaying(Enum):
    """An entry here is all that a new fact needs. Codes are read by other programs and never change."""

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
        "The source “{source}” kept it, and no longer does.",
        Mark.ATTENTION,
        headline="Source {place}, {source}, no longer keeps it",
        detail="Last read",
    )
    SOURCE_RETIRED = SayingWords(
        "managed",
        "The source “{source}” kept it, and no longer does.",
        Mark.FAILED,
        headline="Source {place}, {source}, no longer keeps it",
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
        f"It ends: mail for it is accepted until {{time}}, then put off for {_LATER}, then refused.",
        Mark.ATTENTION,
        headline="The address ends",
        detail=f"Then mail for it is put off for {_LATER}, and refused after that. Accepted until",
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
