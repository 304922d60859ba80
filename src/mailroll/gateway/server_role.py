"""A role for mail servers: it may ask the functions and views made for them, and read nothing else."""

import secrets
from dataclasses import dataclass

import psycopg
from django.db import transaction
from psycopg import sql

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.reconcile.errors import BadInput, Refused

ROLE = "mailroll_gateway"

CONNECTIONS = 50
"""A smtpd without `proxy:` holds a connection of its own, and there are up to 100 (default_process_limit). What is left
of PostgreSQL's own 100 (max_connections) stays for Mailroll."""

# An answer takes a millisecond. Who waits longer waits for a lock, and a client of Postfix for us; both times end in an
# answer that says "later".
_SETTINGS = {
    # Else no question could be noted (`demand.last_asked`). "on" would protect nothing: a role may switch it off
    # itself, and this one has no right to write anywhere.
    "default_transaction_read_only": "off",
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "60s",
}

# `stage` is what the view calls: a view's tables are read by its owner, its functions are called by whoever asks it.
FUNCTIONS = (
    "gateway.access(text)",
    "gateway.lookup(text)",
    "gateway.relay_domain(text)",
    "gateway.answer(text, timestamptz)",
    "gateway.stage(timestamptz, timestamptz, timestamptz)",
)
VIEWS = ("gateway.relay_domains", "gateway.relay_recipients")

# Rights on tables, their columns and sequences of this database that the role has beyond what is granted here.
_BEYOND = """
    SELECT format('%%I.%%I', n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%%'
       AND format('%%I.%%I', n.nspname, c.relname) <> ALL (%(views)s)
       AND CASE WHEN c.relkind IN ('r', 'v', 'm', 'f', 'p')
                THEN has_table_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                     OR has_any_column_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE')
                WHEN c.relkind = 'S' THEN has_sequence_privilege(%(role)s, c.oid, 'USAGE, SELECT, UPDATE')
                ELSE false END
     ORDER BY 1
"""
_MIGHTY = """
    SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication
           OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
           OR r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
      FROM pg_roles r WHERE r.rolname = %s
"""


@dataclass(frozen=True, slots=True)
class Granted:
    """What was done. `password` is there only for a role that was made; nobody can read it again."""

    role: str
    password: str | None
    beyond: tuple[str, ...]
    """Tables that the role can touch by rights that others gave it."""


class NotAllowed(Refused):
    """The account that Mailroll uses may not do this; `statements` is what somebody who may has to run."""

    def __init__(self, statements: tuple[str, ...]) -> None:
        super().__init__(
            "grant_not_allowed",
            "The database account of Mailroll may not make or change roles.",
            "Have an administrator of the database run these statements with psql, then run this command again.",
        )
        self.statements = statements


def grant(
    connection: psycopg.Connection[tuple[object, ...]], acting: Acting, role: str = ROLE, limit: int = CONNECTIONS
) -> Granted:
    """Have a role that may ask as mail servers do, made where it is missing; repeatable, all or nothing.

    1. Refuse a role that may do more by its nature: an owner, a superuser, a member of others.
    2. Make it with a password, or bring its limits to what they shall be where they are not.
    3. Grant, and look what else it can touch.

    `connection` is autocommitting and of an account that may make roles. Raises `BadInput` and `NotAllowed`.
    """
    _expect_harmless(connection, role)
    password = None
    try:
        with connection.transaction():
            if not _exists(connection, role):
                password = secrets.token_urlsafe(24)
                connection.execute(_create_statement(role, _verifier(connection, role, password)))
            if not _limited(connection, role, limit):
                for statement in _limits(connection, role, limit):
                    connection.execute(statement)
            for statement in _grants(connection, role):
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as refused:
        raise NotAllowed(statements(connection, role, limit)) from refused
    with transaction.atomic():
        note(acting, "gateway.granted", Subject(role), created=password is not None, connections=limit)
    rows = connection.execute(_BEYOND, {"role": role, "views": list(VIEWS)}).fetchall()
    return Granted(role, password, tuple(str(name) for (name,) in rows))


def statements(
    connection: psycopg.Connection[tuple[object, ...]], role: str = ROLE, limit: int = CONNECTIONS
) -> tuple[str, ...]:
    """The same as text for psql, which then asks for the password itself."""
    creation = [] if _exists(connection, role) else [_create_statement(role, None)]
    commands = [*creation, *_limits(connection, role, limit), *_grants(connection, role)]
    lines = [f"{statement.as_string(connection)};" for statement in commands]
    return (
        (*lines, sql.SQL("\\password {}").format(sql.Identifier(role)).as_string(connection)) if creation else (*lines,)
    )


def _create_statement(role: str, verifier: str | None) -> sql.Composed:
    statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT").format(
        sql.Identifier(role)
    )
    return statement if verifier is None else statement + sql.SQL(" PASSWORD {}").format(sql.Literal(verifier))


def _limits(connection: psycopg.Connection[tuple[object, ...]], role: str, limit: int) -> tuple[sql.Composed, ...]:
    name = sql.Identifier(role)
    return (
        sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(name, sql.Literal(limit)),
        *(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                name, sql.Identifier(connection.info.dbname), sql.Identifier(setting), sql.Literal(value)
            )
            for setting, value in _SETTINGS.items()
        ),
    )


def rights(role: str) -> tuple[sql.Composed, ...]:
    """Return what lets a role ask. Whoever owns the functions may run these."""
    name = sql.Identifier(role)
    functions = sql.SQL(", ").join(sql.SQL(function) for function in FUNCTIONS)
    views = sql.SQL(", ").join(sql.SQL(view) for view in VIEWS)
    return (
        sql.SQL("GRANT USAGE ON SCHEMA gateway TO {}").format(name),
        sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(functions, name),
        sql.SQL("GRANT SELECT ON {} TO {}").format(views, name),
    )


def _grants(connection: psycopg.Connection[tuple[object, ...]], role: str) -> tuple[sql.Composed, ...]:
    database = sql.Identifier(connection.info.dbname)
    return (sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)), *rights(role))


def _verifier(connection: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> str:
    """What the server keeps of a password: the text itself would stand in its log of statements."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return verifier.decode()


def _exists(connection: psycopg.Connection[tuple[object, ...]], role: str) -> bool:
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _limited(connection: psycopg.Connection[tuple[object, ...]], role: str, limit: int) -> bool:
    """Whether the limits stand already, set by an administrator where the account of Mailroll may not."""
    row = connection.execute(
        "SELECT r.rolconnlimit, s.setconfig FROM pg_roles r"
        " LEFT JOIN pg_database d ON d.datname = current_database()"
        " LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = d.oid WHERE r.rolname = %s",
        [role],
    ).fetchone()
    if row is None:
        return False
    role_limit, settings = row
    return (
        role_limit == limit
        and isinstance(settings, list)
        and {f"{k}={v}" for k, v in _SETTINGS.items()} <= set(settings)
    )


def _expect_harmless(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    if not role or len(role.encode()) > 63 or "\0" in role:  # noqa: PLR2004 - NAMEDATALEN of PostgreSQL, less one
        raise BadInput("role_malformed", f"{role!r} is no name of a role.", "Give one of at most 63 bytes.")
    row = connection.execute(_MIGHTY, [role]).fetchone()
    if row is not None and row[0]:
        raise BadInput(
            "role_too_mighty",
            f"The role {role} can do more than ask: it owns, administers or inherits.",
            "Give another one, or none: Mailroll then makes its own.",
        )
