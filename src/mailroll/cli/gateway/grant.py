"""The command that lets a mail server ask the database, and nothing more."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from django.db import connection

from mailroll import embedded
from mailroll.accounts import installation
from mailroll.cli.output import Exit, Output, acting, answers
from mailroll.gateway import server_role
from mailroll.reconcile.errors import BadInput

# Its server listens on a socket in a folder that is closed to every other account (embedded/cluster.py).
_CLOSED = (
    "The embedded PostgreSQL answers nobody but this account and root, so a mail server that runs as another account "
    "does not reach it: let it ask `mailroll gateway serve`, or use a PostgreSQL of your own (DATABASE_URL)."
)


@answers
def grant(
    role: Annotated[str, typer.Option(help="The role that mail servers log in with.")] = server_role.ROLE,
    connections: Annotated[int, typer.Option(min=1, max=10_000, help="How many it may hold at once.")] = (
        server_role.CONNECTIONS
    ),
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="Write the new password there instead of showing it.")
    ] = None,
) -> Output:
    """Make a database role that can ask as mail servers do and read nothing else; again and again without harm."""
    own = installation.settings()
    closed = own.database_url is None
    with _place_for(password_file) as keep, _administrator(own.data_dir, embedded_one=closed) as database:
        try:
            outcome = server_role.grant(database, acting(), role, connections)
        except server_role.NotAllowed as refused:
            return _refused(refused)
        if outcome.password and keep is not None:
            os.write(keep, outcome.password.encode() + b"\n")
    warnings = [_CLOSED] if closed else []
    if outcome.beyond:
        warnings.append(f"Others gave {role} more than this: it can touch {', '.join(outcome.beyond)}.")
    password = outcome.password if password_file is None else None
    return Output(
        {
            "role": outcome.role,
            "created": outcome.password is not None,
            "password": password,
            "beyond": list(outcome.beyond),
            "warnings": warnings,
        },
        "\n".join(_lines(outcome, password_file, warnings)),
    )


def _lines(outcome: server_role.Granted, password_file: Path | None, warnings: list[str]) -> Iterator[str]:
    if outcome.password is None:
        yield f"{outcome.role} can ask as mail servers do."
    elif password_file is None:
        sentence = f"{outcome.role} is made and can ask as mail servers do."
        yield f"{sentence} Its password, shown this once: {outcome.password}"
    else:
        yield f"{outcome.role} is made and can ask as mail servers do. Its password is in {password_file}."
    yield from warnings


def _refused(refused: server_role.NotAllowed) -> Output:
    error = {**refused.as_json(), "statements": list(refused.statements)}
    lines = [refused.message, refused.help, "", *refused.statements, "", f"({refused.code})"]
    return Output({"error": error}, "\n".join(lines), Exit.HELD)


@contextmanager
def _administrator(data_dir: Path, *, embedded_one: bool) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Connect as who may make roles: of the embedded server its superuser, of another what the account there is."""
    if embedded_one:
        dsn, name = embedded.administrator(data_dir).dsn, connection.settings_dict["NAME"]
        with psycopg.connect(dsn, dbname=name, autocommit=True) as database:
            yield database
    else:
        connection.ensure_connection()
        yield connection.connection


@contextmanager
def _place_for(file: Path | None) -> Iterator[int | None]:
    """Make the file before the role: a password with nowhere to go is lost. An empty one is taken away again."""
    if file is None:
        yield None
        return
    try:
        place = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadInput("file_unwritable", f"{file} cannot be made ({error.strerror}).", "Name a new file.") from error
    try:
        yield place
    finally:
        empty = os.fstat(place).st_size == 0
        os.close(place)
        if empty:
            file.unlink()
