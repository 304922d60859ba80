"""Which tables go into a backup, in which order they come back, and which stay behind and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

LEFT: Final = frozenset(
    {
        # Numbers of transactions, which mean nothing in another database.
        "directory_departure",
        "directory_rollcount",
        "directory_rollmark",
        "directory_rollsurvey",
        "feed",
        "noted",
        "sync_standing_mark",
        # Where a reading stands, what it found, and what only waits for one.
        "sync_changesummary",
        "sync_quietspell",
        "sync_steadystate",
        "sync_listingtrace",
        "sync_unfinishedreading",
        "sync_unfinishedpage",
        "sync_unitbucket",
        "sync_sample",
        "sync_addressquestion",
        "sync_mailboxaccess",
        "directory_waitingaddress",
        "directory_staticupload",
        # What directories tell somebody else's address, and what is to be ended there.
        "connections_changesubscription",
        "connections_partedsubscription",
        # Work under way, and who is at work.
        "procrastinate_jobs",
        "procrastinate_events",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
        "gateway_listeningplace",
        "gateway_missingrows",
        # Who is signed in, and how often somebody tried.
        "django_session",
        "accounts_cache",
        "accounts_throttle",
        "accounts_lettercount",
        "audit_repetition",
        # When causes of alerts were last looked for.
        "alerts_alertcheck",
        # What was to be told then.
        "alerts_alertdelivery",
        "alerts_digestday",
        # What the installation of then counted since it began.
        "sync_countedtotal",
        # What migrating writes: the manifest has it.
        "django_migrations",
    }
)
"""Never in a backup, and empty after it came back; none of it is worth being believed there."""

SEEDED: Final = frozenset({"django_content_type", "auth_permission"})
"""Migrating fills these, so that rows of theirs make no installation."""

_TABLES: Final = """
    SELECT n.nspname, c.relname, array_agg(a.attname ORDER BY a.attnum)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'gateway') AND pg_has_role(c.relowner, 'USAGE')
     GROUP BY 1, 2 ORDER BY 1, 2
"""
# Django's own keys wait for the end of a transaction; ours, that hold a domain together, do not.
_STRICT_KEYS: Final = """
    SELECT DISTINCT t.relname, f.relname
      FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
     WHERE k.contype = 'f' AND NOT k.condeferrable AND k.conrelid <> k.confrelid
"""
# A sequence belongs to its column, or is named by the default of one.
_SEQUENCES: Final = """
    SELECT DISTINCT n.nspname, s.relname, t.relname
      FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_depend d ON (d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
      JOIN pg_class t ON t.oid = d.refobjid AND t.relkind = 'r'
     WHERE s.relkind = 'S' AND n.nspname IN ('public', 'gateway')
    UNION
    SELECT DISTINCT n.nspname, s.relname, t.relname
      FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
      JOIN pg_depend d ON d.refobjid = s.oid AND d.classid = 'pg_attrdef'::regclass
      JOIN pg_attrdef f ON f.oid = d.objid JOIN pg_class t ON t.oid = f.adrelid
     WHERE s.relkind = 'S' AND n.nspname IN ('public', 'gateway')
     ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class DatabaseTable:
    schema: str
    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberSequence:
    """What gives the next number of a table."""

    schema: str
    name: str
    table: str


def ours() -> frozenset[str]:
    """Return the tables of the models of this version: a database may hold those of others too."""
    return frozenset(connection.introspection.django_table_names(include_views=False)) | LEFT


def tables(cursor: CursorWrapper, names: Collection[str]) -> tuple[DatabaseTable, ...]:
    """Find those of these tables that are there, whoever is referred to before who refers."""
    cursor.execute(_TABLES)
    rows = [row for row in cursor.fetchall() if row[1] in names]
    tables_by_name = {name: DatabaseTable(schema, name, tuple(columns)) for schema, name, columns in rows}
    cursor.execute(_STRICT_KEYS)
    keys: list[tuple[str, str]] = [
        (by, to) for by, to in cursor.fetchall() if by in tables_by_name and to in tables_by_name
    ]
    sorter = TopologicalSorter({name: {to for by, to in keys if by == name} for name in sorted(tables_by_name)})
    return tuple(tables_by_name[name] for name in sorter.static_order())


def carried(tables: Iterable[DatabaseTable]) -> tuple[DatabaseTable, ...]:
    return tuple(table for table in tables if table.name not in LEFT)


def sequences(cursor: CursorWrapper, of: Collection[str]) -> tuple[NumberSequence, ...]:
    """Find what numbers the rows of these tables."""
    cursor.execute(_SEQUENCES)
    return tuple(NumberSequence(*row) for row in cursor.fetchall() if row[2] in of)
