"""How a test's database is emptied: only what holds rows, by DELETE where that is cheaper than TRUNCATE.

Django empties every table and then makes its types and permissions anew, about 100 ms a test. Most tests fill few
tables with few rows. Where the account may, no trigger fires meanwhile: neither those that keep numbers of rows, nor
those that look whether a row is referred to.
"""

from collections.abc import Sequence
from graphlib import TopologicalSorter

from django.db import connection, transaction

_KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""What migrating wrote and no test changes."""

_LARGE = 1 << 19
"""Bytes. Rows that are deleted still lie in their table, and a scan of it reads them until it is truncated."""

_ROUNDS = 5

_TABLES = """
SELECT format('%%I.%%I', n.nspname, c.relname), pg_relation_size(c.oid) > %s
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND c.relname <> ALL (%s) AND pg_relation_size(c.oid) > 0
"""

_QUIETLY = """
SELECT CASE WHEN has_parameter_privilege('session_replication_role', 'SET')
    THEN set_config('session_replication_role', 'replica', true) END
"""
"""For this transaction triggers fire as in a copy that replication keeps: ours and those of keys do not.

See session_replication_role in https://www.postgresql.org/docs/current/runtime-config-client.html.
"""

_STRICT_KEYS = """
SELECT DISTINCT format('%I.%I', tn.nspname, t.relname), format('%I.%I', fn.nspname, f.relname)
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
WHERE k.contype = 'f' AND NOT k.condeferrable AND k.conrelid <> k.confrelid
"""

_CHECKED = {
    "public.directory_user": {"public.directory_address"},
    "public.directory_group": {"public.directory_user"},
    "public.directory_owner": {"public.directory_user"},
    "public.sync_run": {"public.sync_runchange", "public.sync_runskip"},
}
"""Who refers to whom by no key: triggers look at whole statements."""


def empty() -> None:
    """Leave the database as migrating left it, whoever committed to it."""
    rounds = 0
    while _empty_once():  # triggers write into other tables what was deleted
        rounds += 1
        assert rounds < _ROUNDS, "what is deleted comes back"


def _empty_once() -> bool:
    """Whether there was anything."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(_TABLES, [_LARGE, list(_KEPT)])
            tables = cursor.fetchall()
            cursor.execute(_QUIETLY)
            is_quiet = cursor.fetchone() == ("replica",)
        large = [name for name, is_large in tables if is_large]
        if large:
            # No key leads from one of these to the other.
            related = {*_CHECKED, *(by for several in _CHECKED.values() for by in several)}
            large += [name for name, is_large in tables if name in related and not is_large]
            _run(f"TRUNCATE {', '.join(large)} CASCADE")
        filled = _filled([name for name, _ in tables if name not in large])
        _run(";".join(f"DELETE FROM {name}" for name in (filled if is_quiet else _sorted(filled))))
    return bool(large or filled)


def _filled(names: Sequence[str]) -> list[str]:
    query = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(query or "SELECT WHERE false")
        return [name for (name,) in cursor.fetchall()]


def _sorted(names: Sequence[str]) -> list[str]:
    """Who refers before who is referred to. Django's own keys wait for the end of the transaction; ours do not."""
    with connection.cursor() as cursor:
        cursor.execute(_STRICT_KEYS)
        keys = cursor.fetchall()
    sorter = TopologicalSorter(
        {name: ({by for by, to in keys if to == name} | _CHECKED.get(name, set())) & set(names) for name in names}
    )
    return list(sorter.static_order())


def _run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements or "SELECT")
