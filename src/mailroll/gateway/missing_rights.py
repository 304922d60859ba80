"""What roles for mail servers lack that another version of Mailroll made: found, and granted again by a migration."""

import shlex
from dataclasses import dataclass

import psycopg
from django.db import connection, transaction
from psycopg import sql

from mailroll.gateway.server_role import FUNCTIONS, VIEWS, rights

# Roles that were allowed to ask by name. The second row is of every database, and counts where this one has no word.
# A function that is away, with which something else is wrong, is lacked by nobody (to_regprocedure says null).
_LACKING = """
    SELECT r.rolname,
           ARRAY(SELECT one FROM unnest(%(functions)s::text[]) one
                  WHERE NOT has_function_privilege(r.oid, to_regprocedure(one), 'EXECUTE'))
           || ARRAY(SELECT one FROM unnest(%(views)s::text[]) one
                     WHERE NOT has_table_privilege(r.oid, to_regclass(one), 'SELECT')),
           coalesce((
               SELECT split_part(setting, '=', 2) IN ('on', 'true', 'yes', '1')
                 FROM pg_db_role_setting s, unnest(s.setconfig) setting
                WHERE s.setrole = r.oid AND setting LIKE 'default_transaction_read_only=%%'
                  AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
                ORDER BY s.setdatabase DESC LIMIT 1
           ), false)
      FROM pg_proc p
     CROSS JOIN LATERAL aclexplode(p.proacl) granted
      JOIN pg_roles r ON r.oid = granted.grantee AND r.oid <> p.proowner
     WHERE p.oid = to_regprocedure('gateway.access(text)')
     ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class LackingRole:
    """A role that may ask, and what keeps it from all of it."""

    role: str
    rights: tuple[str, ...]
    """Functions and views that it may not use."""
    unnoted: bool
    """Whether it begins its transactions as read-only, as earlier versions made it: its questions are not noted."""

    @property
    def words(self) -> str:
        said = [f"may not use {', '.join(self.rights)}"] if self.rights else []
        if self.unnoted:
            said.append("begins its transactions as read-only, so nobody sees here that it asks")
        return f"The database role {self.role} {', and '.join(said)}."

    @property
    def command(self) -> str:
        """What gives the role all of it."""
        return f"mailroll gateway grant --role {shlex.quote(self.role)}"


def lacking() -> tuple[LackingRole, ...]:
    """Find the roles of mail servers that lack something."""
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, {"functions": list(FUNCTIONS), "views": list(VIEWS)})
        roles = (LackingRole(role, tuple(rights), unnoted) for role, rights, unnoted in cursor.fetchall())
        return tuple(lacking_role for lacking_role in roles if lacking_role.rights or lacking_role.unnoted)


def grant_again() -> None:
    """Give roles of before what mail servers ask today, as far as the account of Mailroll may.

    The functions are its own. How a role begins its transactions, only an administrator of roles may say: where that is
    another account, `lacking` still tells.
    """
    for lacking_role in lacking():
        with transaction.atomic():
            _run(*rights(lacking_role.role))
        if lacking_role.unnoted:
            try:
                with transaction.atomic():
                    _run(_alter_statement(lacking_role.role))
            except psycopg.errors.InsufficientPrivilege:
                continue


def _alter_statement(role: str) -> sql.Composed:
    return sql.SQL("ALTER ROLE {} IN DATABASE {} SET default_transaction_read_only = off").format(
        sql.Identifier(role), sql.Identifier(connection.settings_dict["NAME"])
    )


def _run(*statements: sql.Composed) -> None:
    for statement in statements:
        connection.connection.execute(statement)
