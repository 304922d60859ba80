"""What every form of a list is made of: its files, and the keys that stand in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mailroll.gateway.answers import Because
from mailroll.gateway.lists import ListedDomain, ListEntry, Moment, Open

Lines = Iterator[str]
Write = Callable[[Moment, Sequence[ListedDomain]], Lines]


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file of a form. `write` yields its text piece by piece, the same text for the same roll."""

    name: str
    media_type: str
    write: Write


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the list that some mail servers read; the addresses stand in its first part."""

    name: str
    parts: tuple[ListFile, ...]
    tags: str
    """How addresses with a plus-tag are found by those who read it."""


class ListKey(NamedTuple):
    """What stands in a list: an address in one spelling of its domain, or `@domain` for every address there."""

    text: str
    because: Because | Open


def keys(moment: Moment, domain: ListedDomain) -> Iterator[ListKey]:
    """Yield every key of a domain, once for each spelling of its names."""
    because = domain.open(moment.at)
    for spelling in domain.spellings:
        # RFC 5321, section 4.5.1: every domain that takes mail takes it for this one.
        yield ListKey(f"postmaster@{spelling}", Because.POSTMASTER)
        if because is not None:
            yield ListKey(f"@{spelling}", because)
    unicode_names = {name.label: name.shown for name in domain.names}
    for entry in moment.entries(domain):
        local, _, label = entry.address.rpartition("@")
        if local != "postmaster":
            for spelling in spellings(entry, unicode_names[label]):
                yield ListKey(spelling, entry.because)


def spellings(entry: ListEntry, unicode_name: str) -> tuple[str, ...]:
    """Spell an address with the A-labels of its domain, and with its U-labels where these are others."""
    local, _, _ = entry.address.rpartition("@")
    return (entry.address, f"{local}@{unicode_name}") if unicode_name else (entry.address,)
