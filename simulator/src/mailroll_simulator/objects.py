"""The objects a directory holds, and an ordered collection of them that pages can point into."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from mailroll_simulator.values import Json


class Role(StrEnum):
    """Directory roles by their template ids."""

    GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
    PRIVILEGED_ROLE_ADMINISTRATOR = "e8611ab8-c189-46e8-94e1-60213ab1f814"
    APPLICATION_ADMINISTRATOR = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
    CLOUD_APPLICATION_ADMINISTRATOR = "158c047a-c907-4556-b7ef-446551a6b5f7"
    EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de"
    GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
    USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"
    HELPDESK_ADMINISTRATOR = "729827e3-9c14-49f7-bb1b-9608f156bbb8"

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()


@dataclass(slots=True, eq=False)
class DirectoryObject:
    """An object of the directory: `properties` holds what was ever set, without the id."""

    id: str
    properties: dict[str, Json]

    @property
    def type_name(self) -> str:
        raise TypeError("an object of no kind")

    @property
    def derived_type(self) -> str | None:
        """The type by which Graph marks an object that is more than what a collection holds."""
        return None

    def text(self, name: str) -> str:
        value = self.properties.get(name)
        return value if isinstance(value, str) else ""

    @property
    def mail(self) -> str:
        return self.text("mail")

    @property
    def proxy_addresses(self) -> list[str]:
        value = self.properties.get("proxyAddresses")
        return [str(item) for item in value] if isinstance(value, list | tuple) else []


@dataclass(slots=True, eq=False)
class User(DirectoryObject):
    """A user, with the mailbox behind it (`purpose` is None where there is none in the cloud)."""

    purpose: str | None = None
    agent: bool = False
    barred: bool = False  # an Exchange application access policy keeps the mailbox from the app
    on_premises: bool = False  # the mailbox lies on premises: Exchange in the cloud tells nobody about it
    roles: tuple[Role, ...] = ()
    password: str = "Simulated-1"  # noqa: S105 - shown on the sign-in page
    home_tenant: str | None = None  # of a guest: the tenant that signs them in

    @property
    def type_name(self) -> str:
        return "user"

    @property
    def derived_type(self) -> str | None:
        return "#microsoft.graph.agentUser" if self.agent else None

    @property
    def upn(self) -> str:
        return self.text("userPrincipalName")


@dataclass(slots=True, eq=False)
class Group(DirectoryObject):
    """A group and the ids of its direct members, in the order they joined."""

    members: dict[str, None] = field(default_factory=dict)

    @property
    def type_name(self) -> str:
        return "group"


@dataclass(slots=True, eq=False)
class Contact(DirectoryObject):
    """A mail contact: an address outside, never a mailbox."""

    @property
    def type_name(self) -> str:
        return "orgContact"


T = TypeVar("T", bound=DirectoryObject)


class Objects(Generic[T]):
    """Objects by id and by position; a removed one leaves its position empty, so that pages do not shift."""

    def __init__(self) -> None:
        self._order: list[T | None] = []
        self._place: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._place)

    def __iter__(self) -> Iterator[T]:
        return (found for position in range(self.size) if (found := self.at(position)) is not None)

    @property
    def size(self) -> int:
        """Count of positions, empty ones too."""
        return len(self._order)

    def at(self, position: int) -> T | None:
        return self._order[position]

    def get(self, identifier: str) -> T | None:
        position = self._place.get(identifier.lower())
        return None if position is None else self._order[position]

    def add(self, item: T) -> T:
        if self.get(item.id) is not None:
            raise ValueError(f"the id {item.id} is taken")
        self._place[item.id.lower()] = len(self._order)
        self._order.append(item)
        return item

    def keep(self, item: T) -> None:
        """Note that `item` was changed; matters where objects are made anew at each look."""

    def remove(self, item: T) -> None:
        self._order[self._place.pop(item.id.lower())] = None


class Users(Objects[User]):
    """Users, also found by user principal name."""

    def by_upn(self, upn: str) -> User | None:
        wanted = upn.casefold()
        return next((user for user in self if user.upn.casefold() == wanted), None)
