"""Users made by their position, with ids that lead back to it, and written by template."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from random import Random
from typing import TypeAlias

from mailroll.simulator.graph.shapes import Shape
from mailroll.simulator.licences import LICENCES
from mailroll.simulator.mailboxes import (
    guest_properties,
    licensed,
    local_part,
    mailbox_properties,
    person_properties,
)
from mailroll.simulator.objects import User, Users
from mailroll.simulator.tenants.names import DEPARTMENTS, GIVEN, SURNAMES, TITLES
from mailroll.simulator.values import Json, instant

# In a hundred users: one guest, one without licence, two shared mailboxes, ten with the kiosk licence.
_CYCLE = 100
_GUEST, _UNLICENSED, _SHARED, _KIOSK = 74, 24, (48, 98), 9
_MASK = (1 << 48) - 1
_NUMBER = re.compile(r"\d+")

# What differs from user to user: id, given name, surname, local part, alias, department, title.
Words: TypeAlias = tuple[str, str, str, str, str, str, str]
Written: TypeAlias = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]
# Stand-ins for them in a template: characters that no name holds.
_STAND_INS: Words = ("\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005", "\ue006")


@dataclass(frozen=True, slots=True)
class Home:
    """The domains that users are made for, and since when."""

    default_domain: str
    initial_domain: str
    created: datetime


class GeneratedUsers(Users):
    """`count` users by position; added ones follow, changed and removed ones are remembered."""

    def __init__(self, count: int, home: Home, chance: Random) -> None:
        super().__init__()
        self._count = count
        self._home = home
        # An odd factor has an inverse: position and id lead to each other.
        self._factor = chance.getrandbits(47) << 1 | 1
        self._inverse = pow(self._factor, -1, 1 << 48)
        self._offset = chance.getrandbits(48)
        middle = chance.getrandbits(40)
        self._middle = f"{middle >> 24 & 0xFFFF:04x}-4{middle >> 12 & 0xFFF:03x}-8{middle & 0xFFF:03x}"
        self._changed: dict[int, User] = {}
        self._removed: set[int] = set()
        self._templates: dict[object, dict[str, _Template]] = {}
        self._given = [(name.encode(), local_part(name).encode()) for name in GIVEN]
        self._surnames = [(name.encode(), local_part(name).encode()) for name in SURNAMES]
        self._departments = [name.encode() for name in DEPARTMENTS]
        self._titles = [name.encode() for name in TITLES]

    # -- as a collection

    def __len__(self) -> int:
        return self._count - len(self._removed) + super().__len__()

    @property
    def size(self) -> int:
        return self._count + super().size

    def at(self, position: int) -> User | None:
        if position >= self._count:
            return super().at(position - self._count)
        if position in self._removed:
            return None
        kept = self._changed.get(position)
        return kept or _user(self._home, _kind(position), self._words(position))

    def get(self, identifier: str) -> User | None:
        position = self._position(identifier)
        return super().get(identifier) if position is None else self.at(position)

    def by_upn(self, upn: str) -> User | None:
        wanted = upn.casefold()
        number = _NUMBER.search(upn)
        if number is not None and int(number.group()) < self._count:
            found = self.at(int(number.group()))
            if found is not None and found.upn.casefold() == wanted:
                return found
        others = [*self._changed.values(), *(one for one in self._order if one is not None)]
        return next((user for user in others if user.upn.casefold() == wanted), None)

    def add(self, item: User) -> User:
        position = self._position(item.id)
        if position is None:
            return super().add(item)
        if position not in self._removed:
            raise ValueError(f"the id {item.id} is taken")
        self._removed.discard(position)
        self._changed[position] = item
        return item

    def keep(self, item: User) -> None:
        position = self._position(item.id)
        if position is not None:
            self._changed[position] = item

    def remove(self, item: User) -> None:
        position = self._position(item.id)
        if position is None:
            super().remove(item)
        else:
            self._changed.pop(position, None)
            self._removed.add(position)

    def consumed(self) -> Counter[str]:
        """Count licences by sku id; later changes are left out."""
        found: Counter[str] = Counter()
        cycles, rest = divmod(self._count, _CYCLE)
        for place in range(_CYCLE):
            part = _licence(_kind(place))
            if part is not None:
                found[LICENCES[part].id] += cycles + (place < rest)
        return found

    # -- written fast

    def written(self, start: int, limit: int, shape: Shape) -> tuple[list[bytes], Sequence[int]]:
        """Write up to so many users from a position on, and give their positions."""
        templates = self._templates.get(shape.key) or self._make_templates(shape)
        special = self._removed | self._changed.keys()
        stop = min(start + limit, self._count)
        if stop - start == limit and special.isdisjoint(range(start, stop)):
            by_place = [templates[_kind(place)] for place in range(_CYCLE)]
            written = self._written_words
            return [by_place[at % _CYCLE].fill(written(at)) for at in range(start, stop)], range(start, stop)
        items: list[bytes] = []
        positions: list[int] = []
        for position in range(start, self.size):
            if len(items) == limit:
                break
            item = self.at(position)
            if item is not None:
                items.append(shape.encode(item))
                positions.append(position)
        return items, positions

    def _make_templates(self, shape: Shape) -> "dict[str, _Template]":
        made = {
            kind: _Template(shape.encode(_user(self._home, kind, _STAND_INS)))
            for kind in {_kind(place) for place in range(_CYCLE)}
        }
        self._templates[shape.key] = made
        return made

    # -- what differs

    def _words(self, position: int) -> Words:
        one, two, three, four, five, six, seven = (part.decode() for part in self._written_words(position))
        return one, two, three, four, five, six, seven

    def _written_words(self, position: int) -> Written:
        given, given_local = self._given[position % len(self._given)]
        surname, surname_local = self._surnames[position // len(self._given) % len(self._surnames)]
        number = b"%d" % position
        return (
            self._id(position).encode(),
            given,
            surname,
            b"".join((given_local, b".", surname_local, number)),
            b"".join((surname_local, b".", number)),
            self._departments[position % 8],
            self._titles[position % 7],
        )

    def _id(self, position: int) -> str:
        scrambled = (position * self._factor + self._offset) & _MASK
        return f"{scrambled * 0x9E3779B1 >> 16 & 0xFFFFFFFF:08x}-{self._middle}-{scrambled:012x}"

    def _position(self, identifier: str) -> int | None:
        """Give the position that the id was made from; None for any other id."""
        try:
            scrambled = int(identifier[-12:], 16)
        except ValueError:
            return None
        position = (scrambled - self._offset) * self._inverse & _MASK
        return position if position < self._count and self._id(position) == identifier.lower() else None


class _Template:
    """JSON with gaps for what differs."""

    __slots__ = ("_chosen", "_text")

    def __init__(self, sample: bytes) -> None:
        text = sample.decode().replace("%", "%%")
        gaps = [_STAND_INS.index(letter) for letter in text if letter in _STAND_INS]
        for stand_in in _STAND_INS:
            text = text.replace(stand_in, "%b")
        self._text = text.encode()
        # The word in front keeps this a tuple where there is one gap or none.
        self._chosen: Callable[[Written], tuple[bytes, ...]] = (
            itemgetter(*gaps) if len(gaps) > 1 else lambda words: tuple(words[gap] for gap in gaps)
        )

    def fill(self, words: Written) -> bytes:
        return self._text % self._chosen(words)


def _kind(position: int) -> str:
    place = position % _CYCLE
    if place == _GUEST:
        return "guest"
    if place == _UNLICENSED:
        return "unlicensed"
    if place in _SHARED:
        return "shared"
    return "kiosk" if place % 10 == _KIOSK else "person"


def _licence(kind: str) -> str | None:
    return {"person": "ENTERPRISEPACK", "kiosk": "EXCHANGEDESKLESS"}.get(kind)


def _user(home: Home, kind: str, words: Words) -> User:
    """Make a user of a kind, in the way that a tenant makes one."""
    identifier, given, surname, local, alias, department, title = words
    name = f"{given} {surname}"
    if kind == "guest":
        return User(identifier, guest_properties(home, name, f"{local}@partner.example"))
    if kind == "shared":
        found = mailbox_properties(home, f"Desk {name}", local=local, domain=None, enabled=False)
        return User(identifier, found, "shared")
    properties: dict[str, Json] = person_properties(home, name, local=local, domain=None)
    properties |= {"department": department, "jobTitle": title, "companyName": "Vastmoor Group"}
    part = _licence(kind)
    if part is None:
        return User(identifier, properties)
    properties |= licensed(properties, part, home.initial_domain, instant(home.created))
    addresses = properties["proxyAddresses"]
    assert isinstance(addresses, list)  # noqa: S101 - narrows the type
    properties["proxyAddresses"] = [*addresses, f"smtp:{alias}@{home.default_domain}"]
    return User(identifier, properties, "user")
