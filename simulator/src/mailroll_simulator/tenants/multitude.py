"""A tenant of any size: its people are made from their numbers when they are looked at."""

import re
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Protocol

from mailroll_simulator.licences import LICENCES
from mailroll_simulator.mailboxes import Home, licensed, local_part, person_properties
from mailroll_simulator.objects import DirectoryObject, Role, User, Users
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tenants.names import GIVEN, SURNAMES
from mailroll_simulator.values import Json, guid, instant

_LICENCE = "ENTERPRISEPACK"
_DEPARTMENTS = ("Accounts", "Design", "Legal", "Production", "Purchasing", "Research", "Sales", "Service")
_GIVEN = tuple((name, local_part(name)) for name in GIVEN)
_SURNAMES = tuple((name, local_part(name)) for name in SURNAMES)
_ALIASED = 3  # every third has an alias
_LENT = 64

# An odd factor is a bijection of 32 bits: neighbours get ids far apart, and every id leads back to its number.
_SPREAD = 2654435761
_BACK = pow(_SPREAD, -1, 1 << 32)
_BITS = (1 << 32) - 1

# id, given name, surname, nickname, alias, department
_Facts = tuple[str, str, str, str, str, str]
# Characters for private use stand for the facts while a shape is turned into a form to fill in.
_BLANKS: _Facts = ("\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005")


class Shape(Protocol):
    """How the Graph side writes a user; shapes with the same key write alike."""

    @property
    def key(self) -> tuple[object, ...]: ...
    def encode(self, item: DirectoryObject) -> bytes: ...


def huge(count: int = 1_000_000, chance: Random | None = None) -> Tenant:
    """Make a tenant of `count` licensed people without making any of them; the first is its administrator."""
    chance = chance or Random("huge")
    tenant = Tenant("Huge Holdings", "hugeholdings.onmicrosoft.com", guid(chance), chance)
    tenant.add_domain("huge.example", default=True)
    tenant.users = Multitude(tenant, count, chance)
    first = tenant.users.at(0) if count else None
    if first is not None:
        first.roles = (Role.GLOBAL_ADMINISTRATOR,)
        tenant.users.keep(first)
    return tenant


class Multitude(Users):
    """People by number, each made anew at each look; who was changed, added or removed is kept aside.

    The first `count` positions are the people's numbers; those added come behind.
    """

    def __init__(self, home: Home, count: int, chance: Random) -> None:
        super().__init__()
        self._count = count
        self._domain, self._initial = home.default_domain, home.initial_domain
        self._id_end = guid(chance)[8:]
        self._upn = re.compile(rf"\D+(\d{{1,10}})@{re.escape(self._domain)}", re.ASCII)
        person = person_properties(home, "Some Body", local=None, domain=None)
        # Shared by all, and only ever replaced as a whole.
        self._common = person | licensed(person, _LICENCE, self._initial, instant(home.created))
        self._kept: dict[int, User | None] = {}  # by number; None where removed
        self._lent: dict[int, User] = {}  # handed out last: who changes one and looks again finds the same
        self._named: dict[str, str] = {}  # ids of those changed or added, by user principal name
        self._forms: dict[tuple[object, ...], tuple[str, str]] = {}

    def __len__(self) -> int:
        return self._count - sum(1 for user in self._kept.values() if user is None) + super().__len__()

    @property
    def size(self) -> int:
        return self._count + super().size

    def at(self, position: int) -> User | None:
        if position >= self._count:
            return super().at(position - self._count)
        if position in self._kept:
            return self._kept[position]
        facts = self._facts(position)
        return User(facts[0], self._properties(facts, aliased=position % _ALIASED == 0), "user")

    def get(self, identifier: str) -> User | None:
        found = super().get(identifier)
        if found is not None:
            return found
        number = self._number(identifier.lower())
        return None if number is None else self._lend(number)

    def by_upn(self, upn: str) -> User | None:
        wanted = upn.casefold()
        if wanted in self._named:
            found = self.get(self._named[wanted])
        else:
            spelt = self._upn.fullmatch(wanted)
            number = int(spelt[1]) if spelt else self._count
            found = self._lend(number) if number < self._count else None
        return found if found is not None and found.upn.casefold() == wanted else None

    def add(self, item: User) -> User:
        self._named[item.upn.casefold()] = item.id
        return super().add(item)

    def keep(self, item: User) -> None:
        self._named[item.upn.casefold()] = item.id
        number = self._number(item.id.lower())
        if number is not None and super().get(item.id) is None:
            self._kept[number] = item
            self._lent.pop(number, None)

    def remove(self, item: User) -> None:
        if super().get(item.id) is not None:
            super().remove(item)
            return
        number = self._number(item.id.lower())
        if number is None:
            raise KeyError(item.id)
        self._kept[number] = None
        self._lent.pop(number, None)

    def written(self, start: int, limit: int, shape: Shape) -> tuple[list[bytes], Sequence[int]]:
        """Write up to `limit` users from a position on; give them with their positions."""
        plain, aliased = self._form(shape)
        items: list[bytes] = []
        positions: list[int] = []
        for position in range(start, self.size):
            if len(items) >= limit:
                break
            if position < self._count and position not in self._kept:
                form = plain if position % _ALIASED else aliased
                items.append(form.format(*self._facts(position)).encode())
            elif (user := self.at(position)) is not None:
                items.append(shape.encode(user))
            else:
                continue
            positions.append(position)
        return items, positions

    def consumed(self) -> Counter[str]:
        """Count the licences in use, by product id, without a look at everybody."""
        found = Counter({LICENCES[_LICENCE].id: self._count - len(self._kept)})
        for user in (*self._kept.values(), *(super().at(place) for place in range(super().size))):
            licences = user.properties.get("assignedLicenses") if user is not None else None
            if isinstance(licences, list | tuple):
                found.update(str(licence["skuId"]) for licence in licences if isinstance(licence, dict))
        return found

    def _number(self, identifier: str) -> int | None:
        """Give the number that an id was made from."""
        start = identifier[:8]
        if identifier[8:] != self._id_end or not re.fullmatch("[0-9a-f]{8}", start):
            return None
        number = int(start, 16) * _BACK & _BITS
        return number if number < self._count else None

    def _lend(self, number: int) -> User | None:
        if number in self._kept:
            return self._kept[number]
        found = self._lent.get(number) or self.at(number)
        if found is not None and number not in self._lent:
            if len(self._lent) >= _LENT:
                del self._lent[next(iter(self._lent))]
            self._lent[number] = found
        return found

    def _facts(self, number: int) -> _Facts:
        given, given_plain = _GIVEN[number % len(_GIVEN)]
        surname, surname_plain = _SURNAMES[number // len(_GIVEN) % len(_SURNAMES)]
        return (
            f"{number * _SPREAD & _BITS:08x}{self._id_end}",
            given,
            surname,
            f"{given_plain}.{surname_plain}{number}",
            f"{surname_plain}.{given_plain}{number}",
            _DEPARTMENTS[number % len(_DEPARTMENTS)],
        )

    def _properties(self, facts: _Facts, *, aliased: bool) -> dict[str, Json]:
        _, given, surname, nickname, alias, department = facts
        address = f"{nickname}@{self._domain}"
        addresses = [f"SMTP:{address}", f"smtp:{nickname}@{self._initial}"]
        if aliased:
            addresses.append(f"smtp:{alias}@{self._domain}")
        return {
            **self._common,
            "department": department,
            "displayName": f"{given} {surname}",
            "givenName": given,
            "surname": surname,
            "mail": address,
            "mailNickname": nickname,
            "proxyAddresses": addresses,
            "userPrincipalName": address,
        }

    def _form(self, shape: Shape) -> tuple[str, str]:
        """Give what the shape writes, with places to fill in: for those without an alias, and for those with one."""
        found = self._forms.get(shape.key)
        if found is None:
            found = self._form_of(shape, aliased=False), self._form_of(shape, aliased=True)
            self._forms[shape.key] = found
        return found

    def _form_of(self, shape: Shape, *, aliased: bool) -> str:
        sample = User(_BLANKS[0], self._properties(_BLANKS, aliased=aliased), "user")
        form = shape.encode(sample).decode().replace("{", "{{").replace("}", "}}")
        for place, blank in enumerate(_BLANKS):
            form = form.replace(blank, f"{{{place}}}")
        return form
