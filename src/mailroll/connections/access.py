"""What is needed to read one connection, away from the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to read one connection, away from the database. `values` hold the credential.

    `proves`: what the tenant has verified is proved. Whose servers a custom cloud has, nobody but the top can know.
    """

    connection: UUID
    kind: str
    tenant: str
    values: Mapping[str, str] = field(repr=False)
    hybrid: bool = False
    proves: bool = True
