"""Directories to hold a connector against: each kind of connector brings one that the suite can read and change."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from mailroll.connectors import registry
from mailroll.connectors.base import EVERYBODY, Connector, WantedObjects
from mailroll.reconcile.model import ExternalId, ObjectType
from tests.connectors.hostile import (
    CANARY,
    CLIENT,
    TENANT,
    Authority,
    Reply,
    Request,
    contact,
    failed,
    group,
    guid,
    listening,
    page,
    reply,
    user,
)


class Directory(Protocol):
    """What the suite needs of a directory: what is true in it, how to change that, and how to spoil an answer."""

    kind: str
    tenant: str
    domains: frozenset[str]

    def open(self, wanted: WantedObjects = EVERYBODY, **changed: str) -> AbstractAsyncContextManager[Connector]:
        """Open a connector on the directory, with other settings where given."""
        ...

    def others(self) -> Mapping[ExternalId, ObjectType]:
        """Return the groups and contacts there are."""
        ...

    def people(self) -> Mapping[ExternalId, frozenset[str]]:
        """Return the mail addresses of everybody, as they are written in the directory."""
        ...

    def remove(self, name: ExternalId) -> None: ...

    def rename(self, name: ExternalId, address: str) -> None: ...

    def members(self) -> Mapping[ExternalId, frozenset[ExternalId]]:
        """Return the groups that a filter may name, and the users in each; nothing where nobody can tell."""
        ...

    def rooms(self) -> frozenset[str]:
        """Return the addresses that the directory lists as rooms; nothing where it has no such list."""
        ...

    def wrong_credential(self) -> Mapping[str, str]:
        """Return settings whose credential the directory refuses."""
        ...

    def spoil_the_second_page(self) -> None: ...

    def pause_at_the_second_page(self, *, on: bool) -> None:
        """Have the directory ask for a longer pause there than anybody waits for, or no longer."""
        ...


@dataclass
class Scripted:
    """The least of a Graph that is true to its own data, in pages of two."""

    authority: Authority
    kind: str = "microsoft365"
    tenant: str = TENANT
    domains: frozenset[str] = frozenset({"contoso.com", "fabrikam.example"})
    users: dict[str, dict[str, Any]] = field(default_factory=lambda: {guid(n): user(n) for n in range(1, 8)})
    groups: dict[str, dict[str, Any]] = field(default_factory=lambda: {guid(n): group(n) for n in range(21, 25)})
    contacts: dict[str, dict[str, Any]] = field(default_factory=lambda: {guid(n): contact(n) for n in range(31, 34)})
    spoilt: bool = False
    paused: bool = False

    @asynccontextmanager
    async def open(self, wanted: WantedObjects = EVERYBODY, **changed: str) -> AsyncIterator[Connector]:
        async with listening(self.authority.server_file) as server:
            server.graph = lambda request: self._answer(request, server.url)
            server.tokens = self._token
            given = {"tenant_id": TENANT, "client_id": CLIENT, "secret": CANARY, "cloud": "custom"}
            hosts = {"login_url": server.url, "graph_url": server.url, "ca_file": self.authority.ca_file}
            async with registry.build(self.kind, given | hosts | changed, wanted_objects=wanted) as connector:
                yield connector

    def others(self) -> Mapping[ExternalId, ObjectType]:
        groups = {ExternalId(f"{TENANT}:{name}"): ObjectType.GROUP for name in self.groups}
        return groups | {ExternalId(f"{TENANT}:{name}"): ObjectType.CONTACT for name in self.contacts}

    def people(self) -> Mapping[ExternalId, frozenset[str]]:
        return {
            ExternalId(f"{TENANT}:{name}"): frozenset(entry.partition(":")[2] for entry in each["proxyAddresses"])
            for name, each in self.users.items()
        }

    def remove(self, name: ExternalId) -> None:
        del self.users[name.partition(":")[2]]

    def rename(self, name: ExternalId, address: str) -> None:
        self.users[name.partition(":")[2]] |= {"mail": address, "proxyAddresses": [f"SMTP:{address}"]}

    def members(self) -> Mapping[ExternalId, frozenset[ExternalId]]:
        return {
            ExternalId(f"{TENANT}:{name}"): frozenset(
                ExternalId(f"{TENANT}:{user_id}") for user_id in self._inside(name)
            )
            for name in self.groups
        }

    def rooms(self) -> frozenset[str]:
        return frozenset({self.users[guid(7)]["mail"]})

    def wrong_credential(self) -> Mapping[str, str]:
        return {"secret": f"{CANARY}wrong"}

    def spoil_the_second_page(self) -> None:
        self.spoilt = True

    def pause_at_the_second_page(self, *, on: bool) -> None:
        self.paused = on

    def _inside(self, group_id: str) -> list[str]:
        """The users in a group: two in each, and everybody in two."""
        place = [*self.groups].index(group_id)
        return [user_id for number, user_id in enumerate(self.users) if (number + place) % 4 < 2]

    def _token(self, request: Request) -> Reply:
        if parse_qs(request.body.decode())["client_secret"] != [CANARY]:
            return reply({"error": "invalid_client", "error_codes": [7000215]}, status=401)
        return reply({"token_type": "Bearer", "expires_in": 3599, "access_token": "t"})

    def _answer(self, request: Request, url: str) -> Reply:
        target = urlsplit(request.target)
        match target.path.removeprefix("/v1.0/"):
            case "organization":
                return reply(page({"id": TENANT, "displayName": "Contoso"}))
            case "domains":
                return reply(page(*({"id": name, "isVerified": True} for name in self.domains)))
            case "directoryObjects/getByIds":
                asked = json.loads(request.body)
                [kind] = asked["types"]
                there = {"user": self.users, "group": self.groups, "orgContact": self.contacts}[kind]
                return reply(page(*(there[name] for name in asked["ids"] if name in there)))
            case "users/delta" | "groups/delta" as path:  # of contacts it tells no changes
                return reply(page() | {"@odata.deltaLink": f"{url}/v1.0/{path}?$deltatoken=x"})
            case "users" | "groups" | "contacts" as path if "$filter" in (query := parse_qs(target.query)):
                return self._filtered(path, query["$filter"][0])
            case "users" | "groups" | "contacts" as path:
                return self._listed(path, int(parse_qs(target.query).get("$skiptoken", ["0"])[0]), url)
            case "$batch":
                return reply({"responses": [self._mailbox(each) for each in json.loads(request.body)["requests"]]})
            case "places/microsoft.graph.room":
                return reply(page(*({"id": guid(7), "emailAddress": address} for address in self.rooms())))
            case path:
                return self._single(path.split("/"), request)

    def _single(self, steps: Sequence[str], request: Request) -> Reply:
        """Answer for one user or group."""
        match steps:
            case ["users", name, "checkMemberGroups"]:
                groups = json.loads(request.body)["groupIds"]
                return reply({"value": [group_id for group_id in groups if name in self._inside(group_id)]})
            case ["groups", name] if name in self.groups:
                return reply(self.groups[name])
            case ["groups", name, "members" | "transitiveMembers"] if name in self.groups:
                kind = {"@odata.type": "#microsoft.graph.user"}
                return reply(page(*(kind | {"id": user_id} for user_id in self._inside(name))))
            case _:
                return failed(404, "Request_ResourceNotFound")

    def _filtered(self, path: str, condition: str) -> Reply:
        """Answer for those that have one of the addresses that stand in quotes."""
        wanted = {text.lower() for text in re.findall("'([^']*)'", condition)}
        everything = {"users": self.users, "groups": self.groups, "contacts": self.contacts}[path].values()
        return reply(page(*(each for each in everything if wanted & {text.lower() for text in each["proxyAddresses"]})))

    def _listed(self, path: str, start: int, url: str) -> Reply:
        if start and self.paused:
            return failed(429, "TooManyRequests", headers={"Retry-After": "600"})
        if start and self.spoilt:
            return reply(raw=b'{"value": [')
        everything = list({"users": self.users, "groups": self.groups, "contacts": self.contacts}[path].values())
        link = f"{url}/v1.0/{path}?$skiptoken={start + 2}" if start + 2 < len(everything) else None
        return reply(page(*everything[start : start + 2], link=link))

    def _mailbox(self, asked: dict[str, str]) -> dict[str, object]:
        there = asked["url"].split("/")[2] in self.users
        body = {"value": "user"} if there else {"error": {"code": "ErrorInvalidUser", "message": ""}}
        return {"id": asked["id"], "status": 200 if there else 404, "body": body}


DIRECTORIES: Final[Mapping[str, Callable[[Authority], Directory]]] = {"microsoft365": Scripted}
"""One for each kind of connector, which may use certificates of this authority."""
