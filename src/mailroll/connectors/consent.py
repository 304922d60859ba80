"""What a kind offers to whoever connects a directory: what it needs, a sign-in, and a proof of what was granted."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from mailroll.connectors.base import ConnectionHealth
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError, NotVerified


@dataclass(frozen=True, slots=True)
class Need:
    """A permission that this version uses: why, what there is not without it, and what to do where it is missing.

    Those that are not `required` make Mailroll know more: it works without them.
    """

    name: str
    why: str
    without: str
    fix: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Who signed in. `account` is for showing alone: it can be changed.

    `role` is the name of the role that may consent; empty where there is none, None where the sign-in tells no roles.
    """

    tenant: str
    object: str
    account: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a directory proved. `people` are the users with their own address in the domain: None where nobody counted.

    `role` is as in `SignedInPerson`; None also where nobody was asked about.
    """

    health: ConnectionHealth
    people: int | None
    role: str | None

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(permission.name for permission in self.health.lacking)


class SignIn(Protocol):
    """An administrator's way through the sign-in page and the consent page, with the installation's registration."""

    @classmethod
    def parse(cls, registration: Mapping[str, str]) -> Self:
        """Read a registration by the names of a connection's settings, with `redirect_uri` and `pages_url`."""
        ...

    def authorize_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where to sign in."""
        ...

    async def redeem(self, code: str, *, nonce: str, verifier: str) -> SignedInPerson:
        """Tell who signed in, by the code that a browser brought back. Raises one of the core's errors."""
        ...

    def consent_url(self, *, tenant: str, account: str, state: str) -> str:
        """Return where an administrator of the tenant accepts."""
        ...

    @staticmethod
    def check_consent(query: Mapping[str, str], tenant: str) -> None:
        """Check what a browser brought back from the consent page of a tenant; raises where it is no consent."""
        ...

    @staticmethod
    def refusal(query: Mapping[str, str]) -> MailrollError:
        """Return what an error that a browser brought back means."""
        ...

    @staticmethod
    def not_administrator(account: str) -> NotVerified:
        """Return the error for somebody who may not consent for the whole tenant."""
        ...


class Proving(Protocol):
    """Asks a directory what it grants and which domains it owns; of a domain how many people have an address there, of
    somebody (by id of object) which role they have.
    """

    def __call__(
        self, settings: Mapping[str, str], domain: DomainName | None, identity: str = ""
    ) -> Coroutine[Any, Any, Proof]: ...
