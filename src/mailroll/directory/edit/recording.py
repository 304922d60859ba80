"""How an edit hands on what it did: the audit trail lives in a layer above the roll."""

from typing import Protocol
from uuid import UUID

Detail = str | int | float | bool | list[str] | None


class Recorder(Protocol):
    """Writes an audit entry in the transaction under way; it knows who acts."""

    def __call__(self, action: str, /, *, organization: UUID | None, subject: str, **details: Detail) -> None: ...
