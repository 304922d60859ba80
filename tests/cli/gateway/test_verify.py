"""`mailroll gateway verify` asks about people of each kind and says where an answer differs from the roll."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from mailroll.gateway import server_role
from tests.cli.commands import mailroll
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import NAME, Shelf, shelf
from tests.gateway.roles import administrator, parameters, role

__all__ = ["shelf"]


@pytest.fixture
def dsn(transactional_db: None, simulator: object, shelf: Shelf) -> Iterator[str]:
    """The database as a mail server reaches it, with somebody of each kind in it."""
    now = datetime.now(UTC)
    shelf.set(read_at=now)
    shelf.has(f"bob@{NAME}")
    shelf.has(f"gone@{NAME}", ending=now - NOON - timedelta(hours=72), confirmed=now - NOON - timedelta(hours=71))
    with role() as name, administrator() as database:
        done = server_role.grant(database, ACTING, name)
        yield make_conninfo(**parameters(user=name, password=done.password))


def test_a_gateway_that_answers_as_the_roll_does_is_good(dsn: str) -> None:
    done = mailroll("gateway", "verify", NAME, "--pgsql", dsn, "--json")
    assert done.exit_code == 0
    assert done.document["good"] is True
    assert {one["kind"]: one["answered"] for one in done.document["answers"]} == {
        "alias": "accepted",
        "retired": "refused",
        "postmaster": "accepted",
        "unknown": "refused",
    }
    assert "All 4 answers are as they should be." in mailroll("gateway", "verify", NAME, "--pgsql", dsn).out


def test_an_answer_that_differs_fails_the_command(dsn: str) -> None:
    done = mailroll("gateway", "verify", NAME, "--pgsql", "postgresql://127.0.0.1:1/x", "--json")
    assert done.exit_code == 1
    assert {one["answered"] for one in done.document["answers"]} == {"no answer"}
    assert "4 of 4 answers differ." in mailroll("gateway", "verify", NAME, "--pgsql", "postgresql://127.0.0.1:1/x").out


def test_a_role_that_lacks_something_is_named(dsn: str) -> None:
    name = conninfo_to_dict(dsn)["user"]
    assert mailroll("gateway", "verify", NAME, "--pgsql", dsn, "--json").document["lacking"] == []
    with administrator() as database:
        database.execute(
            sql.SQL("REVOKE ALL ON FUNCTION gateway.relay_domain(text) FROM {}").format(sql.Identifier(str(name)))
        )
    done = mailroll("gateway", "verify", NAME, "--pgsql", dsn, "--json")
    assert (done.exit_code, done.document["good"]) == (0, True)
    assert done.document["lacking"] == [
        {
            "role": name,
            "rights": ["gateway.relay_domain(text)"],
            "unnoted": False,
            "help": f"mailroll gateway grant --role {name}",
        }
    ]
    said = mailroll("gateway", "verify", NAME, "--pgsql", dsn).out
    assert f"The database role {name} may not use gateway.relay_domain(text). Run: mailroll gateway grant" in said


def test_where_no_roll_is_at_hand_somebody_who_exists_is_enough(dsn: str) -> None:
    done = mailroll("gateway", "verify", "--known", f"bob@{NAME}", "--pgsql", dsn, "--json")
    assert done.exit_code == 0
    kinds = [one["kind"] for one in done.document["answers"]]
    assert kinds == ["known", "postmaster", "tag", "unknown"]
    assert mailroll("gateway", "verify", "--known", f"nobody@{NAME}", "--pgsql", dsn).exit_code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((NAME,), "nothing_to_ask"),
        (("--pgsql", "x"), "nobody_to_ask_about"),
        ((NAME, "--known", f"bob@{NAME}", "--pgsql", "x"), "nobody_to_ask_about"),
        (("--known", "bob", "--pgsql", "x"), "address_malformed"),
        (("--known", f"bob@{NAME}", "--http", "somewhere"), "url_malformed"),
        (("--known", f"bob@{NAME}", "--socketmap", "somewhere"), "place_malformed"),
    ],
)
def test_what_cannot_be_asked_is_told(words: tuple[str, ...], code: str) -> None:
    done = mailroll("gateway", "verify", *words, "--json")
    assert done.exit_code == 1
    assert done.document["error"]["code"] == code
