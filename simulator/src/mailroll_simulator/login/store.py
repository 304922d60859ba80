"""What sign-in remembers between two requests: codes, refresh tokens, and who is signed in where."""

from dataclasses import dataclass, field
from random import Random

from mailroll_simulator.objects import User
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import base64url

CODE_LIFE = 600.0
REFRESH_LIFE = 90 * 86_400.0


@dataclass(slots=True, eq=False)
class Code:
    """An authorization code, as it was asked for."""

    client_id: str
    redirect_uri: str
    tenant_id: str
    user_id: str
    scopes: tuple[str, ...]
    nonce: str | None
    challenge: str | None
    method: str
    expires: float
    used: bool = False


@dataclass(slots=True, eq=False)
class Refresh:
    """A refresh token; a changed password ends it."""

    client_id: str
    tenant_id: str
    user_id: str
    scopes: tuple[str, ...]
    password: str
    expires: float


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is signed in."""

    tenant_id: str
    user_id: str


@dataclass(slots=True)
class Store:
    """All three, by values that nobody can guess without the seed."""

    chance: Random
    codes: dict[str, Code] = field(default_factory=dict)
    refreshes: dict[str, Refresh] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    def add_code(self, code: Code) -> str:
        value = f"1.{self._random()}"
        self.codes[value] = code
        return value

    def add_refresh(self, refresh: Refresh) -> str:
        value = f"1.{self._random()}"
        self.refreshes[value] = refresh
        return value

    def sign_in(self, tenant: Tenant, user: User) -> str:
        value = self._random()
        self.sessions[value] = Session(tenant.id, user.id)
        return value

    def clear(self) -> None:
        self.codes.clear()
        self.refreshes.clear()
        self.sessions.clear()

    def _random(self) -> str:
        return base64url(self.chance.randbytes(48))
