"""What a reading said in short, and the reading that said nothing new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from mailroll.connectors.base import ListingMarks, ObjectTrace
from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId
from mailroll.reconcile.storage import sha256


@dataclass(frozen=True, slots=True)
class Gist:
    """What a reading of the right tenant said, in short. `imprint`: all of its objects, as `Connector.imprint` has it.

    None where it does not tell: then it stands for nothing. `is_all`: no more was needed to tell who is there.
    `trace`, `marks`: each of them, and few at a time, as `Connector` has it; `basis`: what else records are made of.
    `later`: works the imprint out of a reading of which nearly always nobody wants it.
    """

    imprint: str | None
    tenant: str
    verified: frozenset[DomainName]
    rooms: frozenset[Address]
    memberships: Mapping[str, frozenset[ExternalId] | Unset]
    basis: str = ""
    trace: ObjectTrace | None = field(default=None, repr=False)
    marks: ListingMarks = field(default_factory=dict, repr=False)
    is_all: bool = True
    later: Callable[[], str | None] | None = field(default=None, repr=False, compare=False)

    def beside(self) -> str:
        """Stand for all of it but the objects, hexadecimal."""
        return sha256([self.basis, *self._all_else()])

    def _all_else(self) -> list[object]:
        groups = {name: None if ids is UNSET else sorted(ids) for name, ids in self.memberships.items()}
        return [self.tenant, sorted(self.verified), sorted(self.rooms), sorted(groups.items())]

    def digest(self) -> str | None:
        """Stand for all that was said, hexadecimal; None where the same listing may come with other answers."""
        return self.listing() if self.is_all else None

    def listing(self) -> str | None:
        """Stand for all that was listed, hexadecimal."""
        imprint = self.imprinted().imprint
        return None if imprint is None else sha256([imprint, *self._all_else()])

    def imprinted(self) -> "Gist":
        """Return it with its imprint, where that was left for later."""
        return self if self.later is None else replace(self, imprint=self.later(), later=None)


def combined(digests: Mapping[UUID, str | None]) -> str | None:
    """Stand for what several connections said; None where one of them does not tell. That of one is its own."""
    if not digests or None in digests.values():
        return None
    if len(digests) == 1:
        return next(iter(digests.values()))
    return sha256(sorted((str(key), digest) for key, digest in digests.items()))


@dataclass(frozen=True, slots=True)
class Echo:
    """A reading that says what an earlier one did, its objects byte for byte, so that none of them was decoded.

    It names nobody and is no snapshot, so that nobody can be missed in it.
    """
