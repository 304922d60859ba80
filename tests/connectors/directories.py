"""Directories to hold a connector against: each kind of connector brings one that the suite can read and change."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from mailroll.connectors import registry
from mailroll.connectors.base import Connector
from mailroll.reconcile.model import ExternalId
from tests.connectors.hostile import (
    CANARY,
    CLIENT,
    TENANT,
    Authority,
    Reply,
    Request,
    failed,
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

    def open(self, **changed: str) -> AbstractAsyncContextManager[Connector]:
        """Open a connector on the directory, with other settings where given."""
        ...

    def people(self) -> Mapping[ExternalId, frozenset[str]]:
        """Return the mail addresses of everybody, as they are written in the directory."""
        ...

    def remove(self, name: ExternalId) -> None: ...

    def rename(self, name: ExternalId, address: str) -> None: ...

    def wrong_credential(self) -> Mapping[str, str]:
        """Return settings whose credential the directory refuses."""
        ...

    def spoil_the_second_page(self) -> None: ...


@dataclass
class Scripted:
    """The least of a Graph that is true to its own data, in pages of two."""

    authority: Authority
    kind: str = "microsoft365"
    tenant: str = TENANT
    domains: frozenset[str] = frozenset({"contoso.com", "fabrikam.example"})
    users: dict[str, dict[str, Any]] = field(default_factory=lambda: {guid(n): user(n) for n in range(1, 8)})
    spoilt: bool = False

    @asynccontextmanager
    async def open(self, **changed: str) -> AsyncIterator[Connector]:
        async with listening(self.authority.server_file) as server:
            server.graph = lambda request: self._answer(request, server.url)
            server.tokens = self._token
            given = {"tenant_id": TENANT, "client_id": CLIENT, "secret": CANARY, "cloud": "custom"}
            hosts = {"login_url": server.url, "graph_url": server.url, "ca_file": self.authority.ca_file}
            async with registry.build(self.kind, given | hosts | changed) as connector:
                yield connector

    def people(self) -> Mapping[ExternalId, frozenset[str]]:
        return {
            ExternalId(f"{TENANT}:{name}"): frozenset(entry.partition(":")[2] for entry in each["proxyAddresses"])
            for name, each in self.users.items()
        }

    def remove(self, name: ExternalId) -> None:
        del self.users[name.partition(":")[2]]

    def rename(self, name: ExternalId, address: str) -> None:
        self.users[name.partition(":")[2]] |= {"mail": address, "proxyAddresses": [f"SMTP:{address}"]}

    def wrong_credential(self) -> Mapping[str, str]:
        return {"secret": f"{CANARY}wrong"}

    def spoil_the_second_page(self) -> None:
        self.spoilt = True

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
                asked = json.loads(request.body)["ids"]
                return reply(page(*(self.users[name] for name in asked if name in self.users)))
            case "users":
                return self._users(int(parse_qs(target.query).get("$skiptoken", ["0"])[0]), url)
            case _:
                return failed(404, "BadRequest")

    def _users(self, start: int, url: str) -> Reply:
        if start and self.spoilt:
            return reply(raw=b'{"value": [')
        everybody = list(self.users.values())
        link = f"{url}/v1.0/users?$skiptoken={start + 2}" if start + 2 < len(everybody) else None
        return reply(page(*everybody[start : start + 2], link=link))
