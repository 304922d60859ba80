"""What a reading said in short, and the reading that said nothing new."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.known import Unset
from mailroll.reconcile.model import ExternalId


@dataclass(frozen=True, slots=True)
class Gist:
    """What a reading of the right tenant said, in short. `imprint`: all of its objects, as `Connector.imprint` has it.

    None where more was needed to tell who is there than a listing, or it does not tell: then it stands for nothing.
    """

    imprint: str | None
    tenant: str
    verified: frozenset[DomainName]
    rooms: frozenset[Address]
    memberships: Mapping[str, frozenset[ExternalId] | Unset]


@dataclass(frozen=True, slots=True)
class Echo:
    """A reading that shows what an earlier one did, byte for byte, so that nothing of it was decoded.

    It names nobody and is no snapshot, so that nobody can be missed in it.
    """
