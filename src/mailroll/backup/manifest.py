"""What a backup says of itself: the version that made it, its tables with counts and checksums, and its keys."""

from datetime import datetime
from typing import Final

import msgspec

from mailroll.reconcile.errors import BadInput

FORM: Final = 1
"""Of the file. A later one is not read."""


class StoredTable(msgspec.Struct, frozen=True, kw_only=True):
    """One table: what PostgreSQL's COPY wrote as text, in `file`."""

    table_schema: str
    table: str
    columns: tuple[str, ...]
    file: str
    rows: int
    sha256: str


class SequencePlace(msgspec.Struct, frozen=True, kw_only=True):
    sequence_schema: str
    sequence: str
    last: int
    used: bool


class BackupManifest(msgspec.Struct, frozen=True, kw_only=True):
    """`migrations` are the tables' version, exactly. `keys` tells which keys seal what is sealed, not what they are."""

    form: int
    made_at: datetime
    version: str
    postgresql: str
    migrations: tuple[tuple[str, str], ...]
    parts: tuple[StoredTable, ...]
    counters: tuple[SequencePlace, ...]
    keys: tuple[str, ...]
    keys_inside: bool

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


class _Form(msgspec.Struct):
    form: int


def encoded(manifest: BackupManifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decoded(content: bytes) -> BackupManifest:
    """Raises `BadInput` for what is no manifest, or one of a later form."""
    try:
        form = msgspec.json.decode(content, type=_Form).form
        if form <= FORM:
            return msgspec.json.decode(content, type=BackupManifest)
    except msgspec.DecodeError as error:
        raise BadInput(
            "backup_damaged", f"The manifest of the backup cannot be read: {error}.", "Take another backup."
        ) from error
    raise newer(f"Its form is {form}, and this version reads forms up to {FORM}.")


def newer(reason: str) -> BadInput:
    return BadInput(
        "backup_newer",
        f"The backup was made by a later version of Mailroll than this one. {reason}",
        "Install that version, then restore.",
    )
