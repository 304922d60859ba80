"""Makes a backup: all tables as one moment saw them, while everybody goes on working."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from mailroll.accounts import installation
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.backup import archive, contents
from mailroll.backup.contents import DatabaseTable
from mailroll.backup.manifest import FORM, BackupManifest, SequencePlace, StoredTable
from mailroll.reconcile.errors import MailrollError
from mailroll.schema import turns
from mailroll.sealing import LostKeyError, name_of, seal_with

KEYS_CONTEXT: Final = b"mailroll backup keys\0"
"""The manifest follows, so that its keys open beside nothing else."""

# What decides how values are written as text.
_PLAINLY: Final = (
    "SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';"
    " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL statement_timeout = 0"
)


@dataclass(frozen=True, slots=True)
class MadeBackup:
    manifest: BackupManifest
    size: int


def make(file: Path, passphrase: str | None, acting: Acting) -> MadeBackup:
    """Write everything into one file; with a passphrase the keys, too, sealed. Raises `MailrollError`.

    1. Keep migrations away, so that all tables are of one version.
    2. Write the tables as one snapshot of the database sees them: nobody waits for that, nor does it for anybody.
    3. Write the manifest, and the keys sealed for it; have it on the disk, and move it to its place.
    """
    keys = _keys(inside=passphrase is not None)
    with turns.unchanging(), archive.writing(file) as into, snapshot() as cursor:
        _expect_all(cursor)
        write(into, cursor, contents.ours(), acting.now(), keys, passphrase)
    with archive.reading(file) as reader:
        backup = MadeBackup(reader.manifest, file.stat().st_size)
    with transaction.atomic():
        about = Subject("installation")
        note(acting, "installation.backed_up", about, rows=backup.manifest.rows, keys=backup.manifest.keys_inside)
    return backup


def _keys(*, inside: bool) -> tuple[str, ...]:
    """Have a backup made although the key file is gone: what is not sealed is needed all the more."""
    try:
        return installation.sealing_keys()
    except LostKeyError:
        if inside:
            raise
        return ()


def _expect_all(cursor: CursorWrapper) -> None:
    """Raise where a table is missing: a backup that lacks one in silence would be worse than none."""
    lacking = contents.ours() - {table.name for table in contents.tables(cursor, contents.ours())}
    if lacking:
        raise MailrollError(
            "tables_not_ours",
            f"This database account does not own {', '.join(sorted(lacking))}, so a backup would lack it.",
            "Give the tables to the account in DATABASE_URL, or make the backup with the one that owns them.",
        )


def write(  # noqa: PLR0917 - all that a backup is made of
    into: archive.BackupWriter,
    cursor: CursorWrapper,
    names: Collection[str],
    made_at: datetime,
    keys: Sequence[str],
    passphrase: str | None,
) -> None:
    """Write the tables with these names that a backup carries, and what has to be known of them."""
    tables = contents.carried(contents.tables(cursor, names))
    parts = tuple(_part(into, cursor, table) for table in tables)
    cursor.execute("SHOW server_version")
    (server,) = cursor.fetchone()
    manifest = into.finish(
        BackupManifest(
            form=FORM,
            made_at=made_at,
            version=version("mailroll"),
            postgresql=server,
            migrations=tuple(sorted(MigrationRecorder(connection).applied_migrations())),
            parts=parts,
            counters=tuple(_counters(cursor, [table.name for table in tables])),
            keys=tuple(map(name_of, keys)),
            keys_inside=passphrase is not None,
        )
    )
    if passphrase is not None:
        into.put(archive.KEYS, [seal_with(passphrase, "\n".join(keys).encode(), KEYS_CONTEXT + manifest)])


def _part(into: archive.BackupWriter, cursor: CursorWrapper, table: DatabaseTable) -> StoredTable:
    file = f"tables/{table.schema}.{table.name}"
    rows, digest = into.put(file, _rows(cursor, table))
    return StoredTable(
        table_schema=table.schema, table=table.name, columns=table.columns, file=file, rows=rows, sha256=digest
    )


def _rows(cursor: CursorWrapper, table: DatabaseTable) -> Iterator[bytes]:
    query = sql.SQL("COPY {} ({}) TO STDOUT (ENCODING 'UTF8')").format(
        sql.Identifier(table.schema, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with cursor.copy(query) as copy:
        yield from (bytes(row) for row in copy)


def _counters(cursor: CursorWrapper, tables: Iterable[str]) -> Iterator[SequencePlace]:
    """Read where sequences stand. They run ahead of the snapshot, and leave out what was never committed."""
    for sequence in contents.sequences(cursor, list(tables)):
        identifier = sql.Identifier(sequence.schema, sequence.name)
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(identifier))
        last, used = cursor.fetchone()
        yield SequencePlace(sequence_schema=sequence.schema, sequence=sequence.name, last=last, used=used)


@contextmanager
def snapshot() -> Iterator[CursorWrapper]:
    """Read everything as of one moment, without a lock that anybody who writes would notice."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(_PLAINLY)
        yield cursor
