"""Requests and answers as the simulated sign-in service passes them about."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from random import Random
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.store import Store
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json, guid
from mailroll_simulator.world import World

FORM = "application/x-www-form-urlencoded"


class Fields:
    """Parameters of a request. An empty one counts as missing; one given twice is refused, as OAuth asks."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        self._repeated: set[str] = set()
        for name, value in pairs:
            if name in self._values:
                self._repeated.add(name)
            self._values.setdefault(name, value)

    def get(self, name: str) -> str | None:
        if name in self._repeated:
            raise LoginError(9002313, f"Invalid request. The parameter '{name}' is given more than once.")
        return self._values.get(name) or None

    def require(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise LoginError(900144, f"The request body must contain the following parameter: '{name}'.")
        return value


@dataclass(slots=True)
class LoginRequest:
    """A request to the sign-in service, with names of headers in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""
    front: bool = False  # over plain HTTP: pages for a browser, and nothing else

    @property
    def asked(self) -> Fields:
        return Fields(self.query)

    @property
    def form(self) -> Fields:
        """What was posted; nothing where it was posted as another type."""
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            return Fields(())
        try:
            text = self.body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise LoginError(9002313, "Invalid request. The request body is not text.") from error
        return Fields(parse_qsl(text, keep_blank_values=True))

    def basic(self) -> tuple[str, str] | None:
        """Give the client id and secret of HTTP Basic authentication, if there are any."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            client_id, colon, secret = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise LoginError(9002313, "Invalid request. The Authorization header is malformed.") from error
        if not colon:
            raise LoginError(9002313, "Invalid request. The Authorization header is malformed.")
        return unquote_plus(client_id), unquote_plus(secret)

    def cookie(self, name: str) -> str | None:
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return next((value for key, _, value in pairs if key == name), None)


@dataclass(slots=True)
class Ask:
    """A token request on its way: what it says, which tenant its path names, which client it is from."""

    world: World
    store: Store
    request: LoginRequest
    fields: Fields
    name: str
    tenant: Tenant | None
    client_id: str = ""


@dataclass(slots=True)
class LoginResponse:
    """An answer of the sign-in service, and what the request log says of it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    client_id: str | None = None
    tenant_id: str | None = None
    fault: str | None = None

    @classmethod
    def of(cls, value: Json, status: int = HTTPStatus.OK) -> "LoginResponse":
        return cls(status, json.dumps(value).encode("ascii"), {"Content-Type": "application/json; charset=utf-8"})

    @classmethod
    def to(cls, location: str) -> "LoginResponse":
        return cls(HTTPStatus.FOUND, headers={"Location": location})


@dataclass(frozen=True, slots=True)
class Trace:
    """What tells one request from all others: the client's own id comes back as the correlation id."""

    trace_id: str
    correlation_id: str
    at: datetime

    @classmethod
    def of(cls, request: LoginRequest, chance: Random, at: datetime) -> "Trace":
        wanted = request.headers.get("client-request-id") or dict(request.query).get("client-request-id", "")
        return cls(guid(chance), wanted if _is_guid(wanted) else guid(chance), at)

    @property
    def timestamp(self) -> str:
        return self.at.strftime("%Y-%m-%d %H:%M:%SZ")


def _is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
