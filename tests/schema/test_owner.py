"""An account that owns its database, and may do nothing else, is enough for all but making roles."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from mailroll.cli import storage
from mailroll.gateway.answers import Answer, answer
from mailroll.gateway.recipients import StoredRoll
from mailroll.schema.age import SchemaAge, age
from mailroll_simulator import Simulator, Tenant
from tests import emptying
from tests.cli.commands import mailroll
from tests.gateway.copies import filled
from tests.gateway.roles import Administrator, parameters
from tests.schema.accounts import superuser
from tests.sync import world
from tests.sync.conftest import simulator, tenant

__all__ = ["simulator", "tenant"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> Iterator[tuple[str, Administrator]]:
    """Have everything go to a database that a role without any other right owns; gives it, and who may do more."""
    name, before = f"plain_{uuid4().hex[:12]}", dict(connection.settings_dict)
    with superuser(before["NAME"]) as mighty:
        mighty.execute(sql.SQL("CREATE ROLE {} LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER").format(sql.Identifier(name)))
        mighty.execute(sql.SQL("CREATE DATABASE {0} OWNER {0} TEMPLATE template0").format(sql.Identifier(name)))
        with superuser(name) as there:
            connection.close()
            connection.settings_dict.update(NAME=name, USER=name, PASSWORD="")
            try:
                yield name, there
            finally:
                connection.close()
                connection.settings_dict.update(before)
        mighty.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        mighty.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def gateway(owner: tuple[str, Administrator]) -> Iterator[str]:
    """A role for mail servers, which is nobody's yet."""
    name = f"gateway_{owner[0]}"
    yield name
    for words in ("DROP OWNED BY {}", "DROP ROLE {}"):
        owner[1].execute(sql.SQL(words).format(sql.Identifier(name)))


def test_it_migrates_syncs_serves_and_restores(
    owner: tuple[str, Administrator], gateway: str, simulator: Simulator, tenant: Tenant, tmp_path: Path
) -> None:
    storage.ready()
    assert age() is SchemaAge.CURRENT
    customer = world.connect(simulator, tenant)
    assert customer.sync().error is None
    address = f"p3@{world.DOMAIN}"
    for roll in (StoredRoll(), filled()):
        assert answer(address, roll, customer.time()).answer is Answer.ACCEPT

    # To make a role is not its to do: it is told what an administrator has to, and then finds nothing left.
    refused = mailroll("gateway", "grant", "--role", gateway, "--json")
    assert (refused.exit_code, refused.document["error"]["code"]) == (3, "grant_not_allowed")
    for statement in refused.document["error"]["statements"]:
        if not statement.startswith("\\"):
            owner[1].execute(statement)
    assert mailroll("gateway", "grant", "--role", gateway).exit_code == 0
    with psycopg.connect(**parameters(user=gateway)) as server:
        assert server.execute("SELECT gateway.lookup(%s)", [address]).fetchone() == ("OK",)

    backup = tmp_path / "backup"
    assert mailroll("backup", str(backup)).exit_code == 0
    users = sorted(customer.roll())
    emptying.empty()
    assert mailroll("restore", str(backup)).exit_code == 0
    assert sorted(customer.roll()) == users
