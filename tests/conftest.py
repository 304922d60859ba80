"""What every test gets: a closed network, and a database for those that ask for one.

The database is the PostgreSQL of DATABASE_URL, else the embedded one, started by the first test that needs it and
stopped with the session. Each parallel worker has a database of its own in it.
"""

import gc
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from mailroll import embedded
from mailroll.config.database import database
from mailroll.settings import Demand
from tests import emptying, forked, migrated, session
from tests.order import dealt

_FOLDER = "MAILROLL_TEST_FOLDER"
"""Where the session's server lives; parallel workers inherit it from the process that starts and stops."""

_SEALING_KEY = "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ="

hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, print_blob=True)


class NetworkClosedError(RuntimeError):
    """A test reached for the network. No OSError, so that no code under test takes it for a bad line."""


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "default")
    # The real one is derived from sealing keys, and those would be made in the home of whoever runs the tests.
    django_settings.SECRET_KEY = "only for tests"
    # Nor does a command under test start a database, or keep a key, in that home.
    own = django_settings.MAILROLL
    django_settings.MAILROLL = replace(
        own, database_url=own.database_url or "postgresql://the-database-of-this-test", secret_keys=(_SEALING_KEY,)
    )
    # Who signs in, in tests that are not about it, has no second factor; the demand is off by its own setting.
    django_settings.MAILROLL = replace(django_settings.MAILROLL, second_factor=Demand.NOBODY)
    django_settings.PASSWORD_HASHERS = ["tests.cheap_hashes.CheapArgon2", *django_settings.PASSWORD_HASHERS[1:]]
    if not _is_worker(config):
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="mailroll-test-")
    patch.object(TransactionTestCase, "_fixture_teardown", lambda _: emptying.empty()).start()
    patch.object(TransactionTestCase, "_should_reload_connections", lambda _: not session.renew()).start()
    sys.addaudithook(_only_loopback)


def pytest_collectstart() -> None:
    """What is collected lives to the end; to look through it for garbage takes a third of the collecting."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
    # A test makes little that lives: looked for as often as by default, garbage takes 3 % of their CPU.
    gc.set_threshold(10_000, 10, 10)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        folder = Path(os.environ.pop(_FOLDER))
        embedded.stop(folder)
        shutil.rmtree(folder)
    forked.stop()


@pytest.hookimpl(trylast=True)  # after they were shuffled, the same way in each worker
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if workers := getattr(config, "workerinput", {}).get("workercount"):
        items[:] = dealt([(item, item.path.relative_to(config.rootpath).as_posix()) for item in items], workers)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Start the server where the environment names none. Django asks for this before it makes a test database."""
    # What imports the Console into this process has it keep connections, and then the database could not be dropped.
    django_settings.DATABASES["default"]["SPARES"] = None
    if not os.environ.get("DATABASE_URL"):
        folder = Path(os.environ[_FOLDER])
        started = embedded.ensure(folder, embedded.Profile.DISPOSABLE)
        django_settings.DATABASES["default"].update(database(started.address.dsn))
        migrated.allow_quiet_emptying(folder)
        own = django_settings.DATABASES["default"]["TEST"]
        assert isinstance(own, dict)
        with django_db_blocker.unblock():
            own["TEMPLATE"] = migrated.template(folder)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of this test's database, for processes that a test starts."""
    return address()


def address() -> str:
    """Return the address of the database that tests run on."""
    given = connection.settings_dict
    who = quote(given["USER"], safe="")
    if given["PASSWORD"]:
        who += ":" + quote(given["PASSWORD"], safe="")
    where = {name: value for name, value in (("host", given["HOST"]), ("port", given["PORT"])) if value}
    return f"postgresql://{who}@/{quote(given['NAME'], safe='')}?{urlencode(where)}"


@pytest.fixture(autouse=True)
def standings_at_once(request: pytest.FixtureRequest, _django_db_marker: None) -> None:
    """Where a test's transaction never ends, the standings that wait for its end are written with each statement."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS settle_standings IMMEDIATE")


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _only_loopback(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            raise NetworkClosedError(f"a test connects to {address[0]}")
    elif event == "socket.getaddrinfo" and args[0] and not _is_number(args[0]) and args[0] != "localhost":
        # What a machine without a network says.
        raise socket.gaierror(socket.EAI_NONAME, f"a test asks for the address of {args[0]!r}")


def _is_loopback(host: object) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(str(host)).is_loopback)


def _is_number(host: object) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True
