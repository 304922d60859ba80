"""Brings a backup back into an empty installation: all of it, or nothing."""

from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from mailroll.accounts import installation
from mailroll.alerts.channels import storage
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.backup import archive, contents, references
from mailroll.backup.distrust import Distrusted, distrust
from mailroll.backup.maker import KEYS_CONTEXT
from mailroll.backup.manifest import BackupManifest, StoredTable, newer
from mailroll.connections.openable import SealedSecret, sealed_secrets
from mailroll.directory.models import Restoration
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.schema import age, turns
from mailroll.schema.blueprint import Blueprint
from mailroll.sealing import add_keys, open_with


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, what of it is no longer believed, and which secrets open."""

    manifest: BackupManifest
    distrusted: Distrusted
    secrets: tuple[SealedSecret, ...]


def restore(file: Path, passphrase: str | None, acting: Acting, *, watch_all: bool = False) -> Restored:
    """Restore into the database that this process has, which must be empty. Raises `MailrollError`.

    1. Check all of the file, before anything is touched, and take its keys where there is a passphrase.
    2. Make the tables of the backup's version.
    3. In one transaction fill them, migrate them to this version, and take back what only the installation of then
       could believe. Whatever goes wrong, the installation is as empty as before.
    """
    with archive.reading(file) as backup:
        manifest = backup.manifest
        if changes := age.unknown(manifest.migrations):
            raise newer(f"It has changed the tables ({changes[-1]}).")
        with turns.restoring():
            _expect_empty(manifest)
            _take_keys(backup, passphrase)
            _make_tables(manifest)
            with transaction.atomic():
                with connection.cursor() as cursor:
                    # A table with changes that wait for their check cannot be altered.
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    _fill(cursor, backup)
                call_command("migrate", verbosity=0, interactive=False)
                references.expect_whole()
                distrusted = distrust(acting, watch_all=watch_all)
                _note(manifest, distrusted, acting)
    return Restored(manifest, distrusted, (*sealed_secrets(), *storage.sealed_secrets()))


def needs_passphrase(file: Path) -> bool:
    """Whether a backup has its keys inside; raises `BadInput` as `archive.reading` does."""
    with archive.reading(file) as backup:
        return backup.manifest.keys_inside


def _expect_empty(manifest: BackupManifest) -> None:
    """No tables of ours, or those of the backup's own version without a row."""
    with connection.cursor() as cursor:
        tables = contents.tables(cursor, contents.ours())
        if not tables:
            return
        for table in tables:
            if table.name in contents.SEEDED | {"django_migrations"}:
                continue
            identifier = sql.Identifier(table.schema, table.name)
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(identifier))
            if cursor.fetchone() == (True,):
                raise Refused(
                    "restore_not_empty",
                    "This installation is not empty, and a backup never goes over one that is in use.",
                    "Give it a database of its own: an empty DATABASE_URL, or another MAILROLL_DATA_DIR.",
                )
    if age.applied() != set(manifest.migrations):
        raise Refused(
            "restore_other_tables",
            "This installation is empty, but its tables are of another version than those of the backup.",
            "Give it a database without tables: Mailroll makes those of the backup, and brings them up to date.",
        )


def _take_keys(backup: archive.BackupReader, passphrase: str | None) -> None:
    """Put the keys of the backup behind our own, in the data folder's file. Done before the database is touched.

    Keys that lie elsewhere are not ours to change: those of the backup have to be there already.
    """
    if backup.sealed_keys is None or passphrase is None:
        return
    opened = open_with(passphrase, backup.sealed_keys, KEYS_CONTEXT + backup.raw_manifest)
    keys = opened.decode("ascii").split("\n")
    own = installation.settings()
    if not own.secret_keys and own.secret_key_file is None:
        add_keys(keys, own.data_dir)
    elif not set(keys) <= set(installation.sealing_keys()):
        raise Refused(
            "restore_keys_elsewhere",
            "The backup brings its keys, but this installation has its own from MAILROLL_SECRET_KEY or its file, which "
            "a restore does not change.",
            "Restore without that setting: the keys are then put into secret.key in MAILROLL_DATA_DIR, where you take "
            "them from. Or use --without-keys.",
        )
    installation.sealer.cache_clear()


def _make_tables(manifest: BackupManifest) -> None:
    """Make the tables as they were when the backup was made, where there are none."""
    Blueprint.read().build(manifest.migrations)
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    # What a library had then and lacks today, it has joined into another one.
    migrations = {migration for migration in manifest.migrations if migration in graph.nodes}
    if migrations <= executor.loader.applied_migrations.keys():
        return
    # To name one that others of them build on would mean to go back to it.
    executor.migrate(
        [
            migration
            for migration in sorted(migrations)
            if not migrations & {child.key for child in graph.node_map[migration].children}
        ]
    )


def _fill(cursor: CursorWrapper, backup: archive.BackupReader) -> None:
    """Fill the tables, without what triggers would write: that is in the backup too."""
    tables = {(table.schema, table.name): table for table in contents.tables(cursor, _names(backup.manifest))}
    for part in backup.manifest.parts:
        table = tables.get((part.table_schema, part.table))
        if table is None or not set(part.columns) <= set(table.columns):
            raise BadInput(
                "backup_damaged",
                f"The backup has a table {part.table} that its version does not have.",
                "Take another backup.",
            )
    order = {part: list(tables).index((part.table_schema, part.table)) for part in backup.manifest.parts}
    parts = sorted(backup.manifest.parts, key=order.__getitem__)
    names = sql.SQL(", ").join(sql.Identifier(part.table_schema, part.table) for part in parts)
    for part in parts:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(_table_identifier(part)))
    cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for part in parts:
        _fill_table(cursor, backup, part)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for part in parts:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(_table_identifier(part)))
    for counter in backup.manifest.counters:
        sequence_name = sql.Identifier(counter.sequence_schema, counter.sequence).as_string(cursor.connection)
        cursor.execute("SELECT setval(%s::regclass, %s, %s)", [sequence_name, counter.last, counter.used])


def _fill_table(cursor: CursorWrapper, backup: archive.BackupReader, part: StoredTable) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, part.columns))
    query = sql.SQL("COPY {} ({}) FROM STDIN (ENCODING 'UTF8')").format(_table_identifier(part), columns)
    with cursor.copy(query) as copy:
        for piece in backup.pieces(part.file):
            copy.write(piece)
    if cursor.rowcount != part.rows:
        raise BadInput(
            "backup_damaged",
            f"{part.table} has {cursor.rowcount} rows, and the manifest says {part.rows}.",
            "Take another backup.",
        )


def _table_identifier(part: StoredTable) -> sql.Identifier:
    return sql.Identifier(part.table_schema, part.table)


def _names(manifest: BackupManifest) -> frozenset[str]:
    return frozenset(part.table for part in manifest.parts)


def _note(manifest: BackupManifest, distrusted: Distrusted, acting: Acting) -> None:
    Restoration.objects.create(at=acting.now(), made_at=manifest.made_at, version=manifest.version, actor=acting.actor)
    note(
        acting,
        "installation.restored",
        Subject("installation"),
        made_at=manifest.made_at.isoformat(),
        version=manifest.version,
        rows=manifest.rows,
        discarded=distrusted.discarded,
        switched_off=list(distrusted.switched_off),
        watched=list(distrusted.watched),
    )
