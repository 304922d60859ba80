"""Whether the database is one that Mailroll can live in, and whether its tables are those of this version."""

from typing import Final

from django.db import connection

from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, spell, warns
from mailroll.reconcile.errors import BadInput
from mailroll.schema import age
from mailroll.sync.locks import pooler

_OLDEST, _NEWEST = 15, 18
_PROVED: Final = frozenset({15, 18})
"""Major versions that the tests run on."""

_NOTICED: Final = 2.0
"""Seconds for the database to notice that a session has ended; a moment where no pooler is between."""

_FACTS: Final = """
    SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_user,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
           pg_database_size(current_database()),
           (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE'))
"""


def examine(circumstances: Circumstances) -> Diagnosis:
    """Look at version, encoding, role, owners of tables, size; and at a pooler where the database is one's own."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS)
        number, encoding, role, superuser, size, foreign = cursor.fetchone()
    version = number // 10_000
    sentence = f"PostgreSQL {version}.{number % 10_000} answers as the role {role}; the database has {_spelt(size)}."
    if version < _OLDEST:
        return fails(f"{sentence} Mailroll needs version {_OLDEST}.", f"Upgrade to PostgreSQL {_OLDEST} or {_NEWEST}.")
    if encoding != "UTF8":
        return fails(
            f"{sentence} Its encoding is {encoding}, which does not hold every name.",
            "Make a database with ENCODING 'UTF8', and name it in DATABASE_URL.",
        )
    if circumstances.settings.database_url is not None:
        try:
            pooler.refuse_transaction_pooling(_NOTICED)
        except BadInput as error:
            return fails(error.message, error.help)
    if foreign:
        return warns(
            f"{sentence} {spell(foreign, 'table belongs', 'tables belong')} to another role, so an upgrade would stop.",
            f"As an administrator of the database: REASSIGN OWNED BY the other role TO {role}.",
        )
    # The embedded one listens nowhere, and its account is Mailroll's own.
    if superuser and circumstances.settings.database_url is not None:
        return warns(
            f"{sentence} That role is a superuser, and Mailroll needs none.",
            "Make the database owned by a role without superuser rights, and name that role in DATABASE_URL.",
        )
    if version > _NEWEST:
        return warns(f"{sentence} No version above {_NEWEST} was tried.", f"Use PostgreSQL {_OLDEST} or {_NEWEST}.")
    unproved = "" if version in _PROVED else f" Mailroll is tested with {_OLDEST} and {_NEWEST}, not with {version}."
    return good(sentence + unproved)


def unreachable(circumstances: Circumstances) -> Diagnosis:
    if circumstances.settings.database_url is None:
        return fails(
            f"The embedded PostgreSQL of {circumstances.settings.data_dir} does not run.",
            "Start Mailroll: mailroll serve. The database alone: mailroll database migrate",
        )
    return fails("The database does not answer.", "Look whether it runs, and at DATABASE_URL.")


def examine_migrations(_: Circumstances) -> Diagnosis:
    """Hold what was migrated against what this version knows."""
    applied, known = age.applied(), age.known()
    if missing := sorted(known - applied):
        return fails(
            f"{spell(len(missing), 'migration is', 'migrations are')} missing, {'.'.join(missing[0])} first: the tables"
            " are of an earlier version.",
            "mailroll database migrate",
        )
    if strange := age.unknown(applied):
        return fails(
            f"The tables are of a later version, which made {strange[-1]}.",
            "Install that version again, or bring back a backup from before the upgrade.",
        )
    return good(f"All {len(known)} migrations are made.")


def _spelt(size: int) -> str:
    megabytes = size / 1_000_000
    return f"{megabytes / 1000:,.1f} GB" if megabytes >= 1000 else f"{megabytes:,.0f} MB"  # noqa: PLR2004
