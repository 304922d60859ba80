"""Real mail servers on loopback, and the database of the tests as they reach it.

`make test-gateways` says in MAILROLL_TEST_GATEWAYS where the unpacked servers are, `make test-haraka` in
MAILROLL_TEST_HARAKA where Haraka is; without them these tests do not exist.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from mailroll.gateway import server_role
from mailroll.gateway.recipes import EXAMPLE, RecipePlace
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import ALIAS, NAME, Shelf, shelf
from tests.gateway.roles import administrator, role
from tests.gateways_real.servers.line import Line

__all__ = ["shelf"]

collect_ignore_glob = [
    names
    for names, told in (("test_[!h]*.py", "MAILROLL_TEST_GATEWAYS"), ("test_haraka.py", "MAILROLL_TEST_HARAKA"))
    if not os.environ.get(told)
]


@pytest.fixture(scope="session")
def root() -> Path:
    """Where the servers' programs are."""
    return Path(os.environ["MAILROLL_TEST_GATEWAYS"])


@pytest.fixture
def folder() -> Iterator[Path]:
    yield from _folder()


@pytest.fixture(scope="session")
def lasting_folder() -> Iterator[Path]:
    yield from _folder()


def _folder() -> Iterator[Path]:
    """Make a folder that servers of any account can enter, which pytest's own are not."""
    made = Path(tempfile.mkdtemp(prefix="mailroll-gateway-", dir="/tmp"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@dataclass(frozen=True, slots=True)
class Database:
    """The database as a mail server reaches it: by TCP, as the role that was granted for that."""

    line: Line
    place: RecipePlace


@pytest.fixture(scope="session")
def granted(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RecipePlace]:
    """A role made by the use case, in an example that names it and the database."""
    with django_db_blocker.unblock(), role() as name, administrator() as database:
        done = server_role.grant(database, ACTING, name, limit=20)
        yield replace(
            EXAMPLE,
            database_name=connection.settings_dict["NAME"],
            database_role=name,
            database_password=str(done.password),
        )


@pytest.fixture(scope="session")
def lasting_database(granted: RecipePlace) -> Iterator[Database]:
    yield from _database(granted)


@pytest.fixture
def database(granted: RecipePlace) -> Iterator[Database]:
    """A line to the database that a test may cut."""
    yield from _database(granted)


def _database(granted: RecipePlace) -> Iterator[Database]:
    line = Line(_server)
    line.mend()
    try:
        yield Database(line, replace(granted, database_host="127.0.0.1", database_port=line.port))
    finally:
        line.cut()


def _server() -> socket.socket:
    host, port = connection.settings_dict["HOST"], int(connection.settings_dict["PORT"] or 5432)
    if not host.startswith("/"):
        return socket.create_connection((host or "127.0.0.1", port))
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        server.close()
        raise
    return server


@pytest.fixture
def roll(transactional_db: None, shelf: Shelf) -> Shelf:
    """A domain that was read just now, with somebody in every stage of an address's life, for servers to ask about."""
    since_noon = datetime.now(UTC) - NOON
    shelf.set(read_at=datetime.now(UTC))
    shelf.has(f"bob@{NAME}")
    shelf.has(f"robert@{NAME}")
    shelf.has(f"bob@{ALIAS}")
    shelf.has(f"leaving@{NAME}", ending=since_noon - timedelta(hours=2))
    shelf.has(f"left@{NAME}", ending=since_noon - timedelta(hours=26), confirmed=since_noon - timedelta(hours=25))
    shelf.has(f"gone@{NAME}", ending=since_noon - timedelta(hours=72), confirmed=since_noon - timedelta(hours=71))
    shelf.awaits(f"joiner@{NAME}")
    return shelf
