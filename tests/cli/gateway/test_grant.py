"""`mailroll gateway grant` as a person and a program meet it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from mailroll.gateway import server_role
from tests.cli.commands import mailroll
from tests.directory.rolls import ACTING
from tests.gateway.roles import administrator, role


@pytest.fixture
def name(transactional_db: None, simulator: object) -> Iterator[str]:
    """The account of the tests may make no roles: what is said then is what most database services say."""
    with role() as name:
        yield name


def test_who_may_make_no_role_gets_the_statements_and_a_next_step(name: str) -> None:
    done = mailroll("gateway", "grant", "--role", name)
    assert done.exit_code == 3
    assert f'CREATE ROLE "{name}"' in done.out
    assert f'\\password "{name}"' in done.out
    assert "(grant_not_allowed)" in done.out
    error = mailroll("gateway", "grant", "--role", name, "--json").document["error"]
    assert error["code"] == "grant_not_allowed"
    assert error["statements"][0].startswith("CREATE ROLE")


def test_a_role_that_is_ready_is_found_ready(name: str) -> None:
    with administrator() as database:
        server_role.grant(database, ACTING, name)
    done = mailroll("gateway", "grant", "--role", name, "--json")
    assert (done.exit_code, done.document) == (
        0,
        {"role": name, "created": False, "password": None, "beyond": [], "warnings": []},
    )


def test_a_file_for_the_password_is_new_and_goes_when_there_is_none(name: str, tmp_path: Path) -> None:
    taken, new = tmp_path / "taken", tmp_path / "new"
    taken.write_text("something")
    refused = mailroll("gateway", "grant", "--role", name, "--password-file", str(taken), "--json")
    assert refused.document["error"]["code"] == "file_unwritable"
    assert taken.read_text() == "something"
    assert mailroll("gateway", "grant", "--role", name, "--password-file", str(new)).exit_code == 3
    assert not new.exists()


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the tests were given another database")
def test_of_the_embedded_database_the_superuser_makes_the_role(
    transactional_db: None, settings: Settings, tmp_path: Path
) -> None:
    folder = Path(os.environ["MAILROLL_TEST_FOLDER"])
    settings.MAILROLL = replace(settings.MAILROLL, database_url=None, data_dir=folder)
    secret = tmp_path / "secret"
    with role() as name:
        done = mailroll("gateway", "grant", "--role", name, "--connections", "7", "--password-file", str(secret))
        assert done.exit_code == 0
        assert "answers nobody but this account" in done.out
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert len(secret.read_text()) == 33
        assert secret.read_text().strip() not in done.out
        again = mailroll("gateway", "grant", "--role", name, "--connections", "7", "--json").document
        assert (again["created"], again["password"]) == (False, None)
        with administrator() as database:
            row = database.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            assert row == (7,)
